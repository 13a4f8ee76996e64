"""What is asked of the engine about the very stack, from the program and from a hook."""

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from lightly_access import stack_state
from lightly_access.stack_state import resources_before, stack_outputs, stack_resources
from pulumi.runtime import mocks
from pulumi.runtime.proto import provider_pb2

from tests.lightly_access.recording import Recording

BUCKET = {"type": "aws:s3/bucket:Bucket", "outputs": {"bucket": "acme"}}


class Monitor(mocks.MockMonitor):
    """Answers as the engine does."""

    def __init__(self, outputs: object) -> None:
        super().__init__(Recording())
        self.outputs, self.asked, self.fails = outputs, list[Any](), 0

    def Invoke(self, request: Any) -> Any:
        if self.fails:
            self.fails -= 1
            raise grpc.RpcError
        self.asked.append((request.tok.rpartition(":")[2], dict(request.args)))
        answer = provider_pb2.InvokeResponse()
        getattr(answer, "return").update({"outputs": self.outputs})  # a word of Python's
        return answer


def engine(outputs: object) -> Monitor:
    monitor = Monitor(outputs)
    mocks.set_mocks(monitor.mocks, project="acme", stack="prod", organization="org", monitor=monitor)
    return monitor


def elsewhere(ask: Callable[[], Any]) -> Any:
    """As a hook runs: in a thread that knows nothing of the program's context."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(contextvars.Context().run, ask).result()


def test_it_is_this_stack_that_is_asked_about_from_a_hook_too() -> None:
    monitor = engine({"urn:of:it": BUCKET})
    later = resources_before()
    mocks.set_mocks(Recording(), project="project", stack="stack")  # what a thread without the context believes
    assert elsewhere(later) == {"urn:of:it": BUCKET}
    assert monitor.asked == [("readStackResourceOutputs", {"stackName": "org/acme/prod"})]


def test_the_engine_is_asked_before_any_hook_and_once_for_all_of_them() -> None:
    """While it waits for a hook it may answer nobody."""
    monitor = engine({"urn:of:it": BUCKET})
    hooks = [resources_before() for _ in range(3)]
    assert len(monitor.asked) == 1
    monitor.fails = 9
    assert [elsewhere(hook) for hook in hooks] == [{"urn:of:it": BUCKET}] * 3
    other = engine({})
    assert resources_before()() == {}
    assert len(other.asked) == 1


def test_the_outputs_of_the_last_run_are_read() -> None:
    monitor = engine({"ok": True})
    assert stack_outputs() == {"ok": True}
    assert monitor.asked == [("readStackOutputs", {"name": "org/acme/prod"})]


@pytest.mark.parametrize("outputs", [None, 7, "text", [], {"urn": 7}, {"urn": {"type": "x"}}, {"urn": {"outputs": []}}])
def test_what_is_of_another_shape_is_nothing(outputs: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_state, "_PAUSES", ())
    monitor = engine(outputs)
    assert stack_resources() == {}
    monitor.fails = 1
    assert stack_outputs() == {}
    engine(outputs).fails = 1
    assert stack_resources() == {}


@pytest.mark.parametrize("times", range(1, len(stack_state._PAUSES) + 1))
def test_a_state_that_is_written_just_now_is_asked_for_again(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_state, "_PAUSES", (0.0,) * len(stack_state._PAUSES))
    engine({"urn:of:it": BUCKET}).fails = times
    assert stack_resources() == {"urn:of:it": BUCKET}
