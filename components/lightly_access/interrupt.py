"""A program that the engine ends, because a resource failed or a guardrail refused, ends without a word.

The engine says what failed. It then has Pulumi's host of Python interrupt the program (`cmd.Cancel` in
sdk/python/cmd/pulumi-language-python/main.go of pulumi/pulumi), and Python's own answer to that is a traceback of
some 25 lines above the error.
"""

import signal
import sys
import threading
from pathlib import PurePath
from typing import NoReturn

HOST = "pulumi-language-python-exec"
"""What Pulumi's host starts: it runs the program."""
ALREADY_SAID = 32
"""The exit code after which Pulumi's host adds nothing (`pythonProcessExitedAfterShowingUserActionableMessage`)."""


def end_quietly() -> None:
    """Answer an interrupt of this program by ending it. Does nothing where another program has Pulumi run this one."""
    hosted = any(PurePath(word).name == HOST for word in sys.orig_argv[:3])
    if not hosted or threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def _end(*_: object) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would come while the first one is answered
    sys.exit(ALREADY_SAID)
