"""Hooks never need one of the SDK's threads, all of which may be waiting for the very hook."""

import ast
import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import lightly_access
import pytest
from lightly_access.own_thread import on_own_thread

OF_THE_PROVIDER = {"kinds/azure/probe.py"}
"""What runs in a process of its own, without the SDK's threads."""


def run(program: Coroutine[Any, Any, str | None]) -> str | None:
    """In a loop of its own: the one that other tests find stays."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(program)
    finally:
        loop.close()


def test_a_call_ends_while_every_thread_of_the_program_waits() -> None:
    waiting = threading.Event()

    async def program() -> str:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        registering = loop.run_in_executor(None, waiting.wait)
        try:
            return await asyncio.wait_for(on_own_thread(lambda: "done"), 10)
        finally:
            waiting.set()
            await registering

    assert run(program()) == "done"


def test_what_a_call_refuses_is_raised() -> None:
    def refuse() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match=r"^no$"):
        run(on_own_thread(refuse))


def test_nothing_that_a_program_imports_takes_a_thread_of_the_sdk() -> None:
    root = Path(lightly_access.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        for each in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(each, ast.Call):
                continue
            called = ast.unparse(each.func)
            default = called.endswith("run_in_executor") and ast.unparse(each.args[0]) == "None"
            if default or called.endswith("to_thread"):
                found.add(path.relative_to(root).as_posix())
    assert found == OF_THE_PROVIDER
