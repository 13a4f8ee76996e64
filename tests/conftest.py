"""What holds for all tests."""

import signal

# A shell starts a job in the background with SIGINT ignored, and children inherit that: no Ctrl-C could be tested.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
