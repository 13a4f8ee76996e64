"""Compares two records of one scenario: each difference is a sentence, none means the same."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.lightly_sandbox.engine.fidelity.harness.observation import Observation
from tests.lightly_sandbox.engine.fidelity.harness.order import Graph, keyed, wrong
from tests.lightly_sandbox.engine.fidelity.rig.journal import Entry

_PROGRAM = "program: "
CHANGES = ("create", "update", "replace", "delete", "same")


def differences(expected: Sequence[Observation], actual: Sequence[Observation]) -> list[str]:
    """How the actual record differs from the expected one, step by step."""
    if len(expected) != len(actual):
        return [f"expected {len(expected)} steps, got {len(actual)}"]
    found = []
    before: Sequence[Mapping[str, Any]] = ()
    for number, (wanted, got) in enumerate(zip(expected, actual, strict=True)):
        where = f"step {number} ({wanted['verb']} {wanted['phase'][:20]})"
        graph = Graph.of(before, _aimed_at(expected[number:]))
        found += [f"{where}: {text}" for text in _step(wanted, got, graph)]
        before = wanted["state"]
    return found


def _aimed_at(steps: Sequence[Observation]) -> Sequence[Mapping[str, Any]]:
    """The state that the first step leads to; a preview shows the way to that of the next update of its program."""
    first = steps[0]
    if first["verb"] != "preview":
        aimed: Sequence[Mapping[str, Any]] = first["state"]
        return aimed
    done = (step["state"] for step in steps if step["verb"] == "up" and step["phase"] == first["phase"] and step["ok"])
    return next(done, [])


def _step(wanted: Observation, got: Observation, graph: Graph) -> list[str]:
    return [
        *_value(f"ok (it said {got['errors']})", wanted["ok"], got["ok"]),
        *_changes(_told(wanted, "changes"), _told(got, "changes")),
        *_bag("steps", _told(wanted, "steps"), _told(got, "steps")),
        *_bag("failed steps", wanted["failed"], got["failed"]),
        *_errors(wanted, got["errors"]),
        *_calls(wanted["calls"], got["calls"]),
        *wrong(wanted["calls"], got["calls"], graph),
        *_resources(wanted["state"], got["state"]),
        *_value("things in the cloud", wanted["things"], got["things"]),
    ]


def _told(observation: Observation, what: str) -> Any:
    """Changes or steps; of a run that failed without what stayed the same: how far neighbours get is chance."""
    said = observation[what]
    if observation["ok"]:
        return said
    if what == "changes":
        return {name: count for name, count in said.items() if name != "same"}
    return [step for step in said if step[0] != "same"]


def _changes(wanted: Mapping[str, int], got: Mapping[str, int]) -> list[str]:
    return _value("changes", *({name: said.get(name, 0) for name in CHANGES} for said in (wanted, got)))


def _errors(wanted: Observation, got: Sequence[str]) -> list[str]:
    """What the provider or the program said must be said again; of the engine's own words, that there are some about
    the resource. Pulumi's closing line ("update failed") says no more than `ok`."""
    said = [call["error"].removeprefix("partial: ") for call in wanted["calls"] if "error" in call]
    found = []
    for error in wanted["errors"]:
        name, message = error.split(": ", 1)
        if not name and not message.startswith(_PROGRAM):
            continue
        needed = [text for text in said if text in message] or [name or message.removeprefix(_PROGRAM)]
        found += [
            f"errors: nothing says {text!r} (expected {error!r}, got {list(got)})"
            for text in needed
            if not any(text in line for line in got)
        ]
    return found


def _calls(wanted: Iterable[Entry], got: Iterable[Entry]) -> list[str]:
    expected, actual = keyed(wanted), keyed(got)
    found = [f"calls: missing {' '.join(map(str, key))}" for key in expected if key not in actual]
    found += [f"calls: not expected {' '.join(map(str, key))}" for key in actual if key not in expected]
    for key in expected.keys() & actual.keys():
        for field in ("args", "error"):
            found += _value(f"call {key[0]} {key[1]} {field}", expected[key].get(field), actual[key].get(field))
    return sorted(found)


def _resources(wanted: Iterable[Mapping[str, Any]], got: Iterable[Mapping[str, Any]]) -> list[str]:
    expected, actual = ({_name(resource): resource for resource in state} for state in (wanted, got))
    found = [f"state: missing {key}" for key in expected if key not in actual]
    found += [f"state: not expected {key}" for key in actual if key not in expected]
    for key in expected.keys() & actual.keys():
        for field in sorted({*expected[key], *actual[key]}):
            found += _value(f"state of {key}, {field}", expected[key].get(field), actual[key].get(field))
    return sorted(found)


def _name(resource: Mapping[str, Any]) -> str:
    return f"{resource['urn']} {resource.get('id', '')}{' (to delete)' if resource.get('delete') else ''}"


def _bag(what: str, wanted: Iterable[Sequence[str]], got: Iterable[Sequence[str]]) -> list[str]:
    expected, actual = Counter(map(tuple, wanted)), Counter(map(tuple, got))
    found = [f"{what}: missing {' '.join(item)}" for item in (expected - actual).elements()]
    return sorted(found + [f"{what}: not expected {' '.join(item)}" for item in (actual - expected).elements()])


def _value(what: str, wanted: object, got: object) -> list[str]:
    if wanted == got:
        return []
    said = (json.dumps(value, sort_keys=True) for value in (wanted, got))
    return [f"{what}: expected {next(said)}, got {next(said)}"]
