"""The process that forks programs and plugins: it imports once what all of them import. Run by `launch.py`.

It speaks with the engine over a socket: each byte comes with four pipes, a new child's input, output, error output and
status. On the status pipe the child's process id is written when it is born and its exit code when it has ended. The
nursery starts no thread and opens no connection, so that forking it is safe; when a module that it imported did, it
gives up, and the engine starts children without it. It ends when the socket closes, so with the engine.
"""

import contextlib
import importlib
import json
import os
import random
import select
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

FIRST: Final = ("grpc", "pulumi", "pulumi.runtime", "pulumi.runtime.proto.provider_pb2_grpc")


def serve(control_fd: int, child: Callable[[int], NoReturn]) -> NoReturn:
    """Fork a child for each request. In the child, `child` runs with the pipe on which it tells what it imported."""
    control = socket.socket(fileno=control_fd)
    learned, tell = os.pipe()
    wake, woken = socket.socketpair()
    woken.setblocking(False)
    wake.setblocking(False)
    signal.set_wakeup_fd(woken.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    statuses: dict[int, int] = {}
    preload(FIRST)
    while True:
        waiting: list[socket.socket | int] = [control, learned, wake]
        ready, _, _ = select.select(waiting, [], [])
        if wake in ready:
            with contextlib.suppress(BlockingIOError):
                wake.recv(4096)
            reap(statuses)
        if learned in ready:
            preload(json.loads(_line(learned)))
        if control in ready:
            request, pipes, _, _ = socket.recv_fds(control, 1, 4)
            if not request:
                os._exit(0)
            pid = os.fork()
            if not pid:
                _become(pipes, [control.fileno(), learned, wake.fileno(), woken.fileno(), *statuses.values()])
                child(tell)
            *theirs, status = pipes
            for pipe in theirs:
                os.close(pipe)
            statuses[pid] = status
            with contextlib.suppress(OSError):
                os.write(status, f"{pid}\n".encode())


def _become(pipes: list[int], inherited: list[int]) -> None:
    """In the child: take its own pipes and let go of all others."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for at, pipe in enumerate(pipes[:3]):
        os.dup2(pipe, at)
    for pipe in [*pipes, *inherited]:
        os.close(pipe)
    os.setsid()
    random.seed()
    importlib.invalidate_caches()


def preload(modules: list[str] | tuple[str, ...]) -> None:
    """Import them. One that cannot be imported is the program's matter; one that starts threads ends the nursery."""
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    tasks = Path("/proc/self/task")
    if threading.active_count() > 1 or (tasks.exists() and len(list(tasks.iterdir())) > 1):
        os._exit(1)


def reap(statuses: dict[int, int]) -> None:
    """Tell the exit codes of the children that have ended."""
    while statuses:
        pid, result = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        pipe = statuses.pop(pid)
        with contextlib.suppress(OSError):
            os.write(pipe, f"{os.waitstatus_to_exitcode(result)}\n".encode())
        os.close(pipe)


def _line(pipe: int) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        line += os.read(pipe, 1 << 16)
    return line
