"""The judge condemns a local engine that really does wrong: one rule of it is broken at a time."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.engine import executor, graph, planner
from lightly_sandbox.engine.state import Resource

from tests.lightly_sandbox.engine.fidelity.harness import recording
from tests.lightly_sandbox.engine.fidelity.harness.compare import differences
from tests.lightly_sandbox.engine.fidelity.harness.local import Local
from tests.lightly_sandbox.engine.fidelity.harness.run import run
from tests.lightly_sandbox.engine.fidelity.harness.scenario import load

true_rounds = graph.deletion_rounds
true_deletion = planner.deletion


def rounds_backwards(resources: Sequence[Resource], condemned: Collection[Resource]) -> list[list[Resource]]:
    """What is needed goes before what needs it."""
    return true_rounds(resources, condemned)[::-1]


def old_one_first(old: Resource, new: Resource, diff: Any) -> list[planner.Action]:
    """Every replacement deletes before it creates."""
    return planner.delete_before(old, new, diff, [])


def never_sick(old: Resource, diff: Any, goal: Any) -> str:
    """What is not healthy is left alone when nothing else changed."""
    return {"some": "replace" if diff.replace else "update"}.get(diff.changes, "same")


def forget_pending(item: Resource, *, operated: bool) -> planner.Action | None:
    """What waits for its deletion waits for ever."""
    return None if item.delete else true_deletion(item, operated=operated)


def protect_nothing(item: Resource) -> None:
    """Protected resources are deleted like all others."""


MUTATIONS: dict[str, tuple[Any, str, Callable[..., Any], str, int, str]] = {
    "deletes in the wrong direction": (graph, "deletion_rounds", rounds_backwards, "updates", 6, "order: Delete"),
    "deletes before it creates": (planner, "replacement", old_one_first, "updates", 5, "order: Delete"),
    "does not retry what is not healthy": (planner, "verdict", never_sick, "init_failures", 2, "calls: missing Update"),
    "forgets what waits for deletion": (planner, "deletion", forget_pending, "rotation", 5, "calls: missing Delete"),
    "does not protect": (executor, "refuse_protected_deletion", protect_nothing, "protect", 3, "ok "),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_an_engine_that_does_wrong_is_told(mutation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, wrong, scenario, steps, words = MUTATIONS[mutation]
    monkeypatch.setattr(module, name, wrong)
    shortened = replace(load(scenario), steps=load(scenario).steps[:steps])
    found = differences(recording.read(scenario)[:steps], run(shortened, tmp_path, Local))
    assert any(words in text for text in found), f"no word of it: {found}"
