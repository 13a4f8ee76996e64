"""Only this stack's own history is read, whoever is beside it in the backend."""

import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lightly_access.revoke.history import MOST, earlier

NAMES = st.sampled_from(["prod", "prod-eu", "prod-1", "farm", "farm2", "pro", "PROD", "p.od", "eu"])
PLACE = st.tuples(NAMES, NAMES, st.booleans(), st.booleans(), NAMES, NAMES)


def write(
    backend: Path, project: str, stack: str, *, at: int = 1, old: bool = False, zipped: bool = False, urn: str = ""
) -> Path:
    """A run of a stack; `urn` is what the resource in it says of whose it is."""
    folder = backend / ".pulumi" / "history" / ("" if old else project) / stack
    folder.mkdir(parents=True, exist_ok=True)
    urn = urn or f"{stack}::{project}"
    latest = {"resources": [{"urn": f"urn:pulumi:{urn}::x::y"}], "at": at}
    text = json.dumps({"version": 3, "checkpoint": {"stack": stack, "latest": latest}}).encode()
    file = folder / f"{stack}-{at}.checkpoint.json{'.gz' if zipped else ''}"
    file.write_bytes(gzip.compress(text) if zipped else text)
    (folder / f"{stack}-{at}.history.json").write_text("{}")
    return file


@given(st.lists(PLACE, max_size=6))
@example([("farm", "prod-eu", False, False, "prod-eu", "farm"), ("farm2", "prod", False, False, "prod", "farm2")])
@example([("farm2", "prod", True, True, "prod", "farm2"), ("farm", "prod", False, False, "prod", "farm2")])
def test_no_state_of_another_project_or_stack_is_read(places: list[tuple[str, str, bool, bool, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        backend = Path(folder)
        ours = write(backend, "farm", "prod", at=999)
        for at, (project, stack, old, zipped, said_stack, said_project) in enumerate(places):
            write(backend, project, stack, at=at, old=old, zipped=zipped, urn=f"{said_stack}::{said_project}")
        found = earlier(backend, "farm", "prod")
        mine = [
            at
            for at, (project, stack, old, _, *said) in enumerate(places)
            if stack == "prod" and (old or project == "farm") and said == ["prod", "farm"]
        ]
        assert [each["deployment"]["at"] for each in found.documents] == [999, *reversed(mine)]
        assert found.read == (f"the states after earlier runs: {1 + len(mine)}",)
        ours.unlink()


@pytest.mark.parametrize("old", [True, False], ids=["without projects", "with projects"])
@pytest.mark.parametrize("zipped", [True, False], ids=["gz", "plain"])
def test_both_layouts_are_read_and_what_is_not_is_said(tmp_path: Path, old: bool, zipped: bool) -> None:
    for at in range(MOST + 2):
        file = write(tmp_path, "farm", "prod", at=at, old=old, zipped=zipped)
    file.write_bytes(b"\x1f\x8b\x08\x00cut off")
    write(tmp_path, "farm", "prod", at=MOST, old=old, zipped=zipped, urn="prod::farm2")
    found = earlier(tmp_path, "farm", "prod")
    assert found.read == (f"the states after earlier runs: {MOST - 2}",)
    assert [said.rpartition(": ")[2] for said in found.unread] == ["1", "1", "2"]


def test_a_stack_without_history_has_none(tmp_path: Path) -> None:
    found = earlier(tmp_path, "farm", "prod")
    assert (found.documents, found.unread) == ((), ())
