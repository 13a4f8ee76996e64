"""The judge can condemn: a record that was changed in any way that matters is told from the true one."""

import copy
from collections.abc import Callable

import pytest

from tests.lightly_sandbox.engine.fidelity.harness.compare import differences
from tests.lightly_sandbox.engine.fidelity.harness.observation import Observation
from tests.lightly_sandbox.engine.fidelity.harness.recording import read
from tests.lightly_sandbox.engine.fidelity.harness.scenario import names
from tests.lightly_sandbox.engine.fidelity.rig.journal import Entry

Record = list[Observation]


def call(record: Record, step: int, name: str, thing: str) -> Entry:
    """The first call of that name about the resource of that name."""
    found: list[Entry] = record[step]["calls"]
    return next(entry for entry in found if entry["call"] == name and entry["urn"].endswith(f"::{thing}"))


def swap(record: Record, step: int, one: tuple[str, str], other: tuple[str, str]) -> None:
    """Let two calls change places in time."""
    first, second = call(record, step, *one), call(record, step, *other)
    for end in ("began", "ended"):
        first[end], second[end] = second[end], first[end]


@pytest.mark.parametrize("name", names())
def test_a_record_is_the_same_as_itself(name: str) -> None:
    assert differences(read(name), read(name)) == []


ORDERS: dict[str, tuple[str, int, tuple[str, str], tuple[str, str]]] = {
    "a dependent before what it needs": ("updates", 1, ("Create", "base"), ("Create", "above")),
    "the old one deleted before the new one is there": (
        "replace_with_dependents",
        2,
        ("Create", "base"),
        ("Delete", "base"),
    ),
    "the old one deleted before its dependent has moved": (
        "replace_with_dependents",
        2,
        ("Update", "updated"),
        ("Delete", "base"),
    ),
    "the old key deleted before the new one is verified": (
        "rotation",
        6,
        ("Update", "verification"),
        ("Delete", "credential"),
    ),
    "destroyed before its dependent": ("destroy_order", 3, ("Delete", "middle"), ("Delete", "bottom")),
    "a parent destroyed before its child's dependent": (
        "destroy_order",
        3,
        ("Delete", "on-leaf"),
        ("Delete", "leaf"),
    ),
    "a provider configured after its first use": ("providers", 1, ("Configure", "away"), ("Create", "explicit")),
    "created before what is to be deleted first": (
        "delete_before_replace",
        2,
        ("Delete", "base"),
        ("Create", "base"),
    ),
}


@pytest.mark.parametrize("what", ORDERS)
def test_a_wrong_order_is_told(what: str) -> None:
    name, step, one, other = ORDERS[what]
    record = read(name)
    assert call(record, step, *one)["ended"] < call(record, step, *other)["began"], "the recording itself"
    swap(record, step, one, other)
    assert any("order: " in text for text in differences(read(name), record))


def test_side_by_side_is_not_an_order() -> None:
    record = read("parallel")
    swap(record, 1, ("Update", "worker-2"), ("Update", "worker-3"))
    assert differences(read("parallel"), record) == []


def forget(step: Observation, field: str) -> None:
    """Drop the last entry."""
    step[field].pop()


CHANGES: dict[str, tuple[str, str, Callable[[Observation], object]]] = {
    "a call that was not made": ("rotation", "missing", lambda step: forget(step, "calls")),
    "a resource that is not in the state": ("rotation", "state: missing", lambda step: forget(step, "state")),
    "a step that was not said": ("rotation", "steps: missing", lambda step: forget(step, "steps")),
    "a success that was none": ("rotation", "ok ", lambda step: step.update(ok=not step["ok"])),
    "a thing left in the cloud": ("rotation", "things", lambda step: step["things"].update(orphan={})),
    "a wrong count": ("rotation", "changes", lambda step: step["changes"].update(create=99)),
    "an error that nobody told": ("failed_create", "errors", lambda step: step.update(errors=[])),
    "a failure that was not shown": ("failed_create", "failed steps", lambda step: step.update(failed=[])),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_difference_is_told(what: str) -> None:
    name, words, change = CHANGES[what]
    record = copy.deepcopy(read(name))
    change(record[0] if name == "failed_create" else record[1])
    assert any(words in text for text in differences(read(name), record))


@pytest.mark.parametrize("field", ["dependencies", "outputs", "initErrors", "provider", "propertyDependencies"])
def test_a_field_of_the_state_that_differs_is_told(field: str) -> None:
    record = read("rotation")
    resource = next(found for found in record[1]["state"] if found.get(field))
    resource[field] = None
    assert any(f"state of {resource['urn']}" in text for text in differences(read("rotation"), record))


def test_a_secret_in_clear_is_told_from_a_secret() -> None:
    record = read("secrets")
    entry = next(entry for entry in record[1]["calls"] if "<secret>" in str(entry["args"]))
    entry["args"] = {"properties": {"value": "password-one"}}
    assert any("call " in text for text in differences(read("secrets"), record))
