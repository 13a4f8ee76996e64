"""In one run of a fleet each stack is asked once for its datasets, whoever needs to know."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lightly_access.fleet.elsewhere import Outputs
from lightly_access.fleet.seen import seen_once

STACKS: dict[str, dict[str, Any]] = {
    "prod-shard-1": {"details": {"cows": {"ok": True}}, "shared": {}},
    "prod-shard-2": {"details": {}},
}


class Backend:
    """Answers for `STACKS`, and counts."""

    def __init__(self) -> None:
        self.asked = Counter[str]()

    def outputs(self, stack: str) -> Mapping[str, Any]:
        self.asked[stack] += 1
        return STACKS.get(stack, {})


def keys(known: Outputs, stack: str) -> list[str]:
    return sorted(known(stack).get("details", {}))


def test_what_one_shard_was_told_another_one_does_not_ask(tmp_path: Path) -> None:
    backend = Backend()
    for _ in range(3):
        shard = seen_once(backend.outputs, str(tmp_path))
        assert keys(shard, "prod-shard-1") == ["cows"]
        assert shard("prod-shard-2"), "a stack without datasets is there"
        assert not shard("prod-shard-3"), "one that is not there may come"
        assert keys(shard, "prod-shard-1") == ["cows"]
    assert backend.asked == {"prod-shard-1": 1, "prod-shard-2": 1, "prod-shard-3": 3}


@pytest.mark.parametrize("spoilt", ["", '["co', "17", "folder"])
def test_what_cannot_be_read_or_written_is_asked(spoilt: str, tmp_path: Path) -> None:
    backend, file = Backend(), tmp_path / "prod-shard-1.json"
    file.mkdir() if spoilt == "folder" else file.write_text(spoilt)
    assert keys(seen_once(backend.outputs, str(tmp_path)), "prod-shard-1") == ["cows"]
    assert keys(seen_once(backend.outputs, str(tmp_path / "gone")), "prod-shard-1") == ["cows"]


def test_outside_of_a_fleets_run_each_program_asks_for_itself() -> None:
    backend = Backend()
    for _ in range(2):
        assert keys(seen_once(backend.outputs, None), "prod-shard-1") == ["cows"]
    assert backend.asked["prod-shard-1"] == 2
