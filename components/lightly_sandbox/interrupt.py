"""A Ctrl-C that cannot get lost.

Python raises KeyboardInterrupt wherever the main thread is, and swallows it when that is a destructor or a callback of
the garbage collector (https://docs.python.org/3/library/signal.html#handlers-and-exceptions); code that cleans up may
also replace it by an error of its own. So it is remembered, and asked for at the places where a run goes on.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_seen = threading.Event()


@contextmanager
def remembered() -> Iterator[None]:
    """Remember an interrupt inside the block, which ends with KeyboardInterrupt if there was one, whatever else failed.

    Does nothing outside the main thread, inside another such block, or where somebody handles SIGINT in another way.
    """
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    _seen.clear()
    signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
        check()
    except Exception:
        check()
        raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def check() -> None:
    """Raise KeyboardInterrupt when there was one. For the main thread, where a run goes on to something new."""
    if _seen.is_set():
        raise KeyboardInterrupt


def _interrupt(*_: object) -> NoReturn:
    _seen.set()
    raise KeyboardInterrupt
