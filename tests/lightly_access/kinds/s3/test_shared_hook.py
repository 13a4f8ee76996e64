"""One hook a store, whatever the number of accesses to it, which still knows whose turn it is."""

import asyncio
from typing import Any

import pulumi
import pytest
from lightly_access.deployment import deploy
from lightly_access.kinds.s3.components.hook import SharedHook
from lightly_access.manifest import Manifest

from tests.bench.fleet import config
from tests.lightly_access.recording import record


def deployed(size: int) -> None:
    """A program with so many datasets, to its end."""

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> None:
        deploy(Manifest.parse(config(size)))

    program()


def test_a_stack_has_as_many_hooks_for_ten_datasets_as_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made, plain = list[str](), pulumi.ResourceHook.__init__

    def named(self: pulumi.ResourceHook, name: str, *args: Any) -> None:
        made.append(name)
        plain(self, name, *args)

    monkeypatch.setattr(pulumi.ResourceHook, "__init__", named)
    for size in (1, 10):
        made.clear()
        record()
        deployed(size)
        assert {"lake-policy-keys", "results-policy-keys", "results-spare-keys"} < set(made)
        assert len(made) == len(set(made)) == 5


def test_it_is_asked_with_what_the_resource_has_told_and_takes_no_name_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = list[tuple[str, str]]()

    async def look(args: pulumi.ResourceHookArgs, told: str) -> None:
        looked.append((args.name, told))

    monkeypatch.setattr(pulumi, "ResourceHook", lambda _, asked, __: asked)
    hook: Any = SharedHook[str]("lake-policy-keys", look)
    asked = hook.of("cows-policy", "cows/")
    assert hook.of("calves-policy", "calves/") is asked
    for name in ("calves-policy", "cows-policy"):
        asyncio.run(asked(pulumi.ResourceHookArgs("urn", "", name, "type")))
    assert looked == [("calves-policy", "calves/"), ("cows-policy", "cows/")]
    with pytest.raises(ValueError, match="cows-policy: got the name of another resource"):
        hook.of("cows-policy", "calves/")
