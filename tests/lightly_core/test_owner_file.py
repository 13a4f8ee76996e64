"""Only the owner reads what is written, whatever stood there and whatever the umask is."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from lightly_core.owner_file import folder_for_owner, open_for_owner, write_for_owner


@pytest.fixture(params=[0o000, 0o022, 0o077], autouse=True)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_file_is_replaced_by_one_of_its_owner(tmp_path: Path) -> None:
    path, other = tmp_path / "sandbox.env", tmp_path / "other"
    path.write_text("old")
    path.chmod(0o666)
    os.link(path, other)
    write_for_owner(path, "new")
    assert (path.read_text(), mode(path), other.read_text()) == ("new", 0o600, "old")
    assert {each.name for each in tmp_path.iterdir()} == {"sandbox.env", "other"}


def test_a_log_is_closed_to_others_before_the_next_line(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("a")
    path.chmod(0o666)
    with open_for_owner(path, "a") as log:
        log.write("b")
    assert (path.read_text(), mode(path)) == ("ab", 0o600)


def test_a_folder_is_made_for_its_owner_and_a_chosen_one_stays(tmp_path: Path) -> None:
    made, chosen = tmp_path / "build" / "rehearsal", tmp_path / "chosen"
    chosen.mkdir()
    chosen.chmod(0o755)
    folder_for_owner(made)
    folder_for_owner(chosen)
    assert (mode(made), mode(chosen)) == (0o700, 0o755)
