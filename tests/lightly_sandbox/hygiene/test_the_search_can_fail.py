"""The tests under test: a leak that was put into a place is found by the test of that place."""

import json
import shutil
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.lightly_sandbox.hygiene import test_secrets_stay_secret as tests
from tests.lightly_sandbox.hygiene.conftest import OF_THE_USER, Played
from tests.lightly_sandbox.hygiene.watch import Seen

OUT = "project/build/rehearsal"
PLACES: dict[str, Callable[[Played], None]] = {
    "stdout": lambda played: tests.test_what_the_verb_prints(played, "stdout"),
    "stderr": lambda played: tests.test_what_the_verb_prints(played, "stderr"),
    **{
        f"{OUT}/{name}": lambda item, name=name: tests.test_the_files_that_it_writes(item, name)  # type: ignore[misc]  # bound
        for name in ("log.txt", "lights.json", "stack.json", tests.STATE)
    },
    "heard/events": tests.test_events_of_previews_and_deployments,
    "heard/results": tests.test_results_and_their_diagnostics,
    "heard/records": tests.test_records_of_phases,
    "heard/details": tests.test_errors_of_providers_as_they_cross_the_wire,
    "heard/states": tests.test_every_state_that_was_ever_on_the_disk,
    f"{OUT}/anything": tests.test_nothing_else_was_written_below_the_project_or_the_home,
    "temporary/anything": tests.test_no_temporary_file_is_left,
}
"""A place, and the test that is about it."""
CLOTHES: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: quote(json.dumps(text), safe=""),
    lambda text: b64encode(f"Bearer {text}".encode()).decode(),
    lambda text: f"...{text[:15]}",
)


@pytest.fixture
def copy(played: Played, tmp_path: Path) -> Played:
    """The rehearsal that was played, to be spoiled."""
    shutil.copytree(played.folder, tmp_path / "copy", symlinks=True, ignore=shutil.ignore_patterns("components"))
    return replace(played, folder=tmp_path / "copy")


@pytest.mark.parametrize("place", PLACES)
def test_a_leak_in_a_place_fails_the_test_of_it(copy: Played, place: str) -> None:
    secrets = list(json.loads(copy.text("secrets.json")).values())
    secret = next(item for item in secrets if len(item) < 100 and "=" not in item)
    PLACES[place](copy)
    file = copy.folder / place
    before = file.read_text() if file.exists() else None
    for dress in CLOTHES if len(before or "") < 1_000_000 else CLOTHES[-1:]:  # a long text takes seconds to search
        file.write_text(f"{before or ''}{dress(secret)}\n")
        with pytest.raises(AssertionError):
            PLACES[place](copy)
        if before is None:
            file.unlink()
        else:
            file.write_text(before)


def test_a_leak_in_an_argument_or_an_environment_fails_the_tests_of_processes(played: Played) -> None:
    module = "lightly_sandbox.lightly"
    tests.test_the_arguments_of_each_process(played, module)
    tests.test_the_environment_that_each_process_begins_with(played, module)
    secret = next(iter(OF_THE_USER.values()))

    def spoiled(*arguments: str, environment: tuple[str, ...] = ()) -> Played:
        return replace(played, processes=(*played.processes, Seen(arguments, environment)))

    with pytest.raises(AssertionError):
        tests.test_the_arguments_of_each_process(spoiled("python", f"--token={secret}", module), module)
    with pytest.raises(AssertionError):
        tests.test_the_arguments_of_whatever_else_was_started(spoiled("curl", f"https://x/?token={secret}"))
    with pytest.raises(AssertionError):
        tests.test_every_process_that_was_started_is_one_of_those(spoiled("curl"))
    for entry in (f"X={secret}", "AWS_SESSION_TOKEN="):
        leak = spoiled("python", module, environment=(entry,))
        with pytest.raises(AssertionError):
            tests.test_the_environment_that_each_process_begins_with(leak, module)
