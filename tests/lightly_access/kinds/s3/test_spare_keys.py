"""Before a third key of a user: what the hook asks of the stack and of Lightly, in a thread without its context."""

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from lightly_access.kinds.s3.components import spare_keys
from lightly_access.kinds.s3.user_keys import UserKey
from lightly_core.capability import Purpose
from pulumi.runtime import mocks

from tests.lightly_access.recording import Recording
from tests.lightly_access.test_stack_state import Monitor, engine

FIRST = datetime(2026, 11, 28, tzinfo=UTC)
USED, OTHER = UserKey("AKIA1", FIRST), UserKey("AKIA2", FIRST + timedelta(hours=1))
IN_STATE = {
    "type": "aws:iam/accessKey:AccessKey",
    "outputs": {"user": "acme-cows", "createDate": "2026-11-28T01:00:00Z"},
}


class Cloud:
    """The user's keys, and Lightly, which uses the older one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.removed, self.asked = list[UserKey](), list[tuple[str, str]]()
        monkeypatch.setattr(spare_keys, "UserKeys", lambda *_: self)
        monkeypatch.setattr(spare_keys, "LightlyApi", self._lightly)
        monkeypatch.delenv("LIGHTLY_TOKEN", raising=False)

    def listed(self) -> tuple[UserKey, ...]:
        return USED, OTHER

    def remove(self, key: UserKey) -> None:
        self.removed.append(key)

    def _lightly(self, token: Any, server: str) -> Any:
        self.asked.append((token.reveal(), server))
        return SimpleNamespace(datasources=SimpleNamespace(get=lambda *_: {"s3AccessKeyId": USED.id}))


def hooked(outputs: object, monkeypatch: pytest.MonkeyPatch) -> tuple[Monitor, Cloud]:
    """The hook, made by the program, and run as the engine runs it."""
    cloud, made = Cloud(monkeypatch), list[Any]()
    monkeypatch.setattr(pulumi, "ResourceHook", lambda _, look, __: made.append(look))
    monitor = engine(outputs)
    pulumi.runtime.set_all_config({"lightly:token": "of the stack", "lightly:serverLocation": "https://eu"})
    known = SimpleNamespace(dataset_id=Known("1"), purpose=Purpose.INPUT)
    spare_keys.guard("lake", "eu-central-1", None).of("cows-input-key", known)  # type: ignore[arg-type]
    mocks.set_mocks(Recording(), project="project", stack="stack")  # what a thread without the context believes
    pulumi.runtime.set_all_config({})
    with ThreadPoolExecutor(1) as pool:
        args = pulumi.ResourceHookArgs("urn", "", "cows-input-key", "type", {"user": "acme-cows"})
        pool.submit(contextvars.Context().run, lambda: asyncio.run(made[0](args))).result()
    return monitor, cloud


class Known:
    """An output that is there."""

    def __init__(self, value: str) -> None:
        self._value = value

    async def future(self) -> str:
        return self._value


def test_the_key_that_this_stack_knows_goes_and_its_own_words_ask_lightly(monkeypatch: pytest.MonkeyPatch) -> None:
    monitor, cloud = hooked({"urn:of:it": IN_STATE}, monkeypatch)
    assert cloud.removed == [OTHER]
    assert monitor.asked == [("readStackResourceOutputs", {"stackName": "org/acme/prod"})]
    assert cloud.asked == [("of the stack", "https://eu")]


@pytest.mark.parametrize("outputs", [{}, {"urn:of:it": {**IN_STATE, "outputs": {"user": "another"}}}])
def test_a_key_that_this_stack_does_not_know_stays_and_it_is_refused(
    outputs: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(spare_keys.SpareKeyError, match="this stack does not know the other"):
        hooked(outputs, monkeypatch)
