"""Each engine takes up what the other left: with nothing to change, and in the middle of things."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.lightly_sandbox.engine.fidelity.harness import recording
from tests.lightly_sandbox.engine.fidelity.harness.compare import differences
from tests.lightly_sandbox.engine.fidelity.harness.local import Local
from tests.lightly_sandbox.engine.fidelity.harness.pulumi_cli import Pulumi
from tests.lightly_sandbox.engine.fidelity.harness.run import run
from tests.lightly_sandbox.engine.fidelity.harness.scenario import load

FIXTURE = recording.state_path()
HALFWAY = ["rotation", "init_failures", "failed_changes", "secrets", "exchange", "delete_before_replace", "refresh"]
engine = pytest.mark.engine
needs_pulumi = pytest.mark.skipif(not shutil.which("pulumi"), reason="`pulumi` is not on PATH")


class LocalAfterPulumi(Local):
    """The local engine, begun with the state that Pulumi's own once left behind."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(folder, port)
        self.load(json.loads(FIXTURE.read_text()))


def test_a_state_made_by_pulumi_is_taken_up_with_no_change(tmp_path: Path) -> None:
    expected = recording.read("exchange")[1]
    for step in run(load("exchange"), tmp_path, LocalAfterPulumi):
        assert step["ok"], step["errors"]
        assert step["changes"] == expected["changes"]
        assert {call["call"] for call in step["calls"]} <= {"CheckConfig", "DiffConfig", "Configure", "Check", "Diff"}
        assert step["state"] == expected["state"]


def test_the_state_made_by_pulumi_holds_no_secret_in_clear_and_names_no_machine() -> None:
    text = FIXTURE.read_text()
    assert text.count('"ciphertext"') > 5
    assert not [word for word in ("open-sesame", "/tmp", "/work", "site-packages", "sourcePosition") if word in text]


@engine
@needs_pulumi
def test_pulumi_imports_a_local_state_and_sees_nothing_to_do(tmp_path: Path) -> None:
    seen = {}

    class PulumiExpectingNothing(Pulumi):
        def load(self, state: dict[str, Any]) -> None:
            super().load(state)
            seen["preview"] = self("preview", "--expect-no-changes").stdout

    run(load("exchange"), tmp_path, Local, PulumiExpectingNothing)
    assert "unchanged" in seen["preview"]


@engine
@needs_pulumi
@pytest.mark.parametrize("name", HALFWAY)
def test_pulumi_finishes_what_the_local_engine_began(name: str, tmp_path: Path) -> None:
    found = differences(recording.read(name), run(load(name), tmp_path, Local, Pulumi))
    assert not found, "\n".join(found)


@engine
@needs_pulumi
@pytest.mark.parametrize("name", HALFWAY)
def test_the_local_engine_finishes_what_pulumi_began(name: str, tmp_path: Path) -> None:
    found = differences(recording.read(name), run(load(name), tmp_path, Pulumi, Local))
    assert not found, "\n".join(found)
