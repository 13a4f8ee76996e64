"""Serves an inline program to Pulumi's engine, and cleans up when the engine ends before the program does.

Pulumi's own server for the Automation API leaves an event loop with its tasks then, and tells the engine every step of
a program in a call that the program waits for.
"""

import asyncio
import contextlib
import contextvars
import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pulumi
from pulumi.automation import _stack
from pulumi.automation._server import LanguageServer
from pulumi.runtime import reset_options, resource, run_in_stack, set_all_config, stack
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, source_pb2
from pulumi.runtime.settings import SETTINGS

from lightly_sandbox.deployer.program_error import in_words

_LOOK_SECONDS = 0.1
"""How late an output is seen that was promised meanwhile, and fails."""
_ASK_SECONDS = 1.0
"""How late it is seen that the engine has gone while the program goes on."""
_TOLD = "told to the engine"
"""What an error has among its attributes when it was."""
_sdk_wait_for_rpcs = stack.wait_for_rpcs


class ProgramServer(LanguageServer):
    """One program, which is run once."""

    def Run(self, request: Any, context: Any) -> Any:
        """Run it inside of a stack. What it raises is told to the engine, when that is still there.

        In a thread that no end of this process waits for: a program that hangs outlives its engine.
        """
        here, answers = contextvars.copy_context(), []
        thread = threading.Thread(target=lambda: answers.append(here.run(self._run, request)), name="program")
        thread.daemon = True
        thread.start()
        while thread.is_alive() and context.is_active():
            thread.join(_ASK_SECONDS)
        return answers[0] if answers else language_pb2.RunResponse()

    def _run(self, request: Any) -> Any:
        reset_options(
            project=request.project,
            stack=request.stack,
            organization=request.organization or "organization",
            monitor_address=request.monitor_address,
            engine_address=request.args[0] if request.args else "",
            parallel=request.parallel,
            preview=request.dryRun,
        )
        set_all_config(request.config, request.configSecretKeys)
        loop = asyncio.new_event_loop()
        loop.set_default_executor(ThreadPoolExecutor(max_workers=max(request.parallel, 1) * 4))
        loop.set_exception_handler(self._exception_handler)
        try:
            loop.run_until_complete(run_in_stack(self._program))
        except BaseException as error:  # whatever it is: without an answer the engine waits for ever
            text = _tell(error)
            return language_pb2.RunResponse(error=text, bail=bool(text))
        finally:
            _end(loop)
        return language_pb2.RunResponse()

    def _program(self) -> None:
        with _telling():
            self.program()


@contextlib.contextmanager
def serving(program: Callable[[], None]) -> Iterator[str]:
    """The address of a server for this program, for commands that the Automation API starts none for."""
    server = grpc.server(ThreadPoolExecutor(4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(ProgramServer(program), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """What the block raises is told at once. Before it comes to whoever runs the program the SDK ends its server of
    hooks: a step that asks for one fails then, and with it the engine, which hears no more of why."""
    try:
        yield
    except (Exception, SystemExit) as error:
        _tell(error)
        raise


def _tell(error: BaseException) -> str:
    """What the engine is told, once and if it is still there; empty where a program ended itself without an error."""
    if isinstance(error, SystemExit) and not error.code:
        return ""
    if _TOLD not in vars(error):
        text = str(error) if isinstance(error, pulumi.RunError | grpc.RpcError) else in_words(error)
        vars(error)[_TOLD] = text
        with contextlib.suppress(grpc.RpcError, pulumi.RunError):  # it has ended
            pulumi.log.error(text)
    return str(vars(error)[_TOLD])


def _end(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()

    async def all_of_them() -> None:
        await asyncio.gather(*tasks, return_exceptions=True)

    loop.run_until_complete(all_of_them())
    loop.close()


async def _wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """As the SDK does, which looks at every output that there is whenever one of them is known."""
    with _telling():
        await _sdk_wait_for_rpcs(await_all_outstanding_tasks=False)
        while await_all_outstanding_tasks:
            with SETTINGS.lock:
                tasks = list(SETTINGS.outputs)
            if not tasks:
                break
            done, _ = await asyncio.wait(tasks, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_EXCEPTION)
            with SETTINGS.lock:
                SETTINGS.outputs.difference_update(done)
            for task in done:
                await task  # which raises what it has raised
        await _sdk_wait_for_rpcs(await_all_outstanding_tasks)


def _unheard(*_: object, **__: object) -> None:
    """A line for `pulumi --debug`."""


def install() -> None:
    """Use it for every inline program of this process; tell no debug lines, and not which lines made a resource."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # as the SDK does: a run that fails leaves futures behind
    _stack.LanguageServer = ProgramServer  # type: ignore[attr-defined] # the API has no place to say so
    pulumi.log.debug = _unheard
    stack.wait_for_rpcs = _wait_for_rpcs
    resource._get_stack_trace = source_pb2.StackTrace  # a tenth of the program's time, for what nobody reads
    warnings.filterwarnings("ignore", "Error in event stream")  # of an engine that was ended
