import os
import signal
import subprocess
import sys

import pytest
from lightly_sandbox import interrupt


class Swallows:
    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):  # the interpreter looks for signals between these
            pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_python_swallows_in_a_destructor_is_not_lost() -> None:
    with pytest.raises(KeyboardInterrupt), interrupt.remembered():
        Swallows()


def test_an_error_that_follows_an_interrupt_does_not_hide_it() -> None:
    def interrupted() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        finally:
            raise LookupError("while cleaning up")

    with pytest.raises(KeyboardInterrupt), interrupt.remembered():
        interrupted()


def test_without_an_interrupt_nothing_is_raised_and_the_handler_is_put_back() -> None:
    with interrupt.remembered(), interrupt.remembered():
        interrupt.check()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(LookupError), interrupt.remembered():
        raise LookupError


def test_an_interrupt_of_an_earlier_block_is_over() -> None:
    with pytest.raises(KeyboardInterrupt), interrupt.remembered():
        os.kill(os.getpid(), signal.SIGINT)
    with interrupt.remembered():
        interrupt.check()


def test_who_handles_interrupts_in_another_way_is_left_alone() -> None:
    code = (
        "import signal; from lightly_sandbox import interrupt; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "with interrupt.remembered(): assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
