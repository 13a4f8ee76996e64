"""Calls that block, made by hooks.

The SDK's threads are four for each operation that may run at once (`--parallel`), and every registration that waits for
the engine holds one of them: `_set_default_executor` in
https://github.com/pulumi/pulumi/blob/master/sdk/python/cmd/pulumi-language-python-exec. The engine waits for a hook in
its turn: one that needed such a thread could wait for ever, and the whole run with it. So hooks have their own.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

_THREADS = ThreadPoolExecutor(32, thread_name_prefix="lightly-hook")


async def on_own_thread(call: Callable[..., Result], *arguments: object) -> Result:
    """What the call returns or raises; the program goes on meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, call, *arguments)
