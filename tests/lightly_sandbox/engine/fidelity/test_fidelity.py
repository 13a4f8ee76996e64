"""The local engine does in each scenario what Pulumi's own did: the same calls, order, steps, errors and state."""

import shutil
from pathlib import Path

import pytest

from tests.lightly_sandbox.engine.fidelity.harness import recording
from tests.lightly_sandbox.engine.fidelity.harness.compare import differences
from tests.lightly_sandbox.engine.fidelity.harness.local import Local, LocalWithPlugin
from tests.lightly_sandbox.engine.fidelity.harness.pulumi_cli import Pulumi
from tests.lightly_sandbox.engine.fidelity.harness.run import run
from tests.lightly_sandbox.engine.fidelity.harness.scenario import load, names

needs_pulumi = pytest.mark.skipif(not shutil.which("pulumi"), reason="`pulumi` is not on PATH")


@pytest.mark.parametrize("name", names())
def test_the_local_engine_does_what_pulumi_did(name: str, tmp_path: Path) -> None:
    found = differences(recording.read(name), run(load(name), tmp_path, Local))
    assert not found, "\n".join(found)


def test_a_plugin_that_the_engine_starts_is_treated_like_an_attached_one(tmp_path: Path) -> None:
    found = differences(recording.read("updates"), run(load("updates"), tmp_path, LocalWithPlugin))
    assert not found, "\n".join(found)


@pytest.mark.engine
@needs_pulumi
@pytest.mark.parametrize("name", names())
def test_pulumi_still_does_what_was_recorded(name: str, tmp_path: Path) -> None:
    found = differences(recording.read(name), run(load(name), tmp_path, Pulumi))
    assert not found, "\n".join(found)


def test_each_recording_has_its_scenario() -> None:
    assert {path.stem for path in recording.FOLDER.glob("*.json")} == set(names())


@pytest.mark.parametrize("name", names())
def test_a_recording_names_no_machine(name: str) -> None:
    text = recording.path(name).read_text()
    assert not [word for word in ("/tmp", "/work", "/home", "/root", "site-packages", "127.0.0.1") if word in text]
