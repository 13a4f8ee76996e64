"""The recordings: what Pulumi's own engine did, one JSON file a scenario."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.lightly_sandbox.engine.fidelity.harness.observation import PLACES, Observation

_KEPT = ("state", "things")
EXCHANGED = "exchange"
"""The scenario whose last state is kept as Pulumi exported it, secrets encrypted."""
FOLDER = Path(__file__).parent.parent / "recorded"


def path(name: str) -> Path:
    """Where the recording of a scenario is."""
    return FOLDER / f"{name}.json"


def write(name: str, seen: list[Observation]) -> None:
    """Write a recording: one call, step and resource a line, so that a difference can be read.

    A state (or a cloud) that is the same after a step as before is left out.
    """
    FOLDER.mkdir(exist_ok=True)
    before: Observation = {}
    texts = []
    for step in seen:
        texts.append(_step({k: v for k, v in step.items() if k not in _KEPT or v != before.get(k)}))
        before = step
    path(name).write_text("[\n" + ",\n".join(texts) + "\n]\n")
    assert read(name) == seen


def read(name: str) -> list[Observation]:
    """The recording of a scenario."""
    seen: list[Observation] = json.loads(path(name).read_text())
    for before, step in pairwise(seen):
        step.update({k: before[k] for k in _KEPT if k not in step})
    return seen


def write_state(export: dict[str, Any]) -> None:
    """Keep an exported state, without the places in files that it names."""
    for resource in export["deployment"]["resources"]:
        for place in PLACES:
            resource.pop(place, None)
    state_path().parent.mkdir(exist_ok=True)
    state_path().write_text(json.dumps(export, indent=1, sort_keys=True) + "\n")


def state_path() -> Path:
    """Where the kept state is."""
    return FOLDER / EXCHANGED / "stack.json"


def _step(step: Observation) -> str:
    lines = []
    for field, value in step.items():
        if isinstance(value, list) and value:
            items = ",\n".join(f"   {json.dumps(item, sort_keys=True)}" for item in value)
            lines.append(f'  "{field}": [\n{items}\n  ]')
        else:
            lines.append(f'  "{field}": {json.dumps(value, sort_keys=True)}')
    return " {\n" + ",\n".join(lines) + "\n }"
