"""A local store on this machine: its variables, and what is wrong with its folders, in words."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.local import names as local_names
from lightly_access.kinds.local.folders import LocalFolders, folder_fault
from lightly_access.kinds.local.store import LocalStore
from lightly_access.secret_refs import SecretReferenceError
from lightly_core.capability import Purpose
from lightly_core.lightly_rules import MOUNTS


def test_variables_are_put_in() -> None:
    store = LocalStore(kind="local", input_mount="env:DATA", lightly_mount="/data/lightly")
    assert LocalFolders.of("disk", store, {"DATA": "/srv/in"}) == LocalFolders("/srv/in", "/data/lightly")
    with pytest.raises(SecretReferenceError, match=r"stores\.disk\.input_mount: got 'env:DATA'"):
        LocalFolders.of("disk", store, {})
    with pytest.raises(ValueError, match=r"input_mount: got 'in', expected an absolute folder"):
        LocalFolders.of("disk", store, {"DATA": "in"})


def test_a_missing_mount_is_said_by_name() -> None:
    assert LocalFolders("/in").mount(Purpose.INPUT) == "/in"
    with pytest.raises(ValueError, match="lightly_mount: got nothing"):
        LocalFolders("/in").mount(Purpose.LIGHTLY)


def test_good_folders_leave_nothing_to_say(tmp_path: Path) -> None:
    assert list(LocalFolders(str(tmp_path), str(tmp_path)).remarks()) == []


def test_a_folder_that_is_not_there_and_one_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = {name: fault for name, _, fault in LocalFolders(str(tmp_path / "no"), str(tmp_path / "file")).remarks()}
    assert "docker would make it, empty and owned by root" in str(said["input_mount"].hint)
    assert said["lightly_mount"].expected == "a folder"


@pytest.mark.parametrize(
    ("bits", "writable", "words"),
    [
        (0o555, True, "it is dr-xr-xr-x"),
        (0o300, False, "its owner"),
        (0o1710, True, "others may nothing"),
        (0o750, True, "may read and enter, others may nothing"),
    ],
)
def test_the_permission_bits_are_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bits: int, writable: bool, words: str
) -> None:
    folder = tmp_path / "mount"
    folder.mkdir()
    folder.chmod(bits)
    asked: list[int] = []
    monkeypatch.setattr(os, "access", lambda path, mode: asked.append(mode))  # None is no; root may do everything
    fault = folder_fault(folder, writable=writable)
    assert fault
    assert words in str(fault.hint)
    assert ("chmod u+rwx or chown" if writable else "chmod u+rx or chown") in str(fault.hint)
    assert asked == [os.R_OK | os.X_OK | (os.W_OK if writable else 0)]


@given(path=st.text())
def test_a_path_that_is_accepted_comes_back_from_lightlys_full_path(path: str) -> None:
    for purpose, mount in MOUNTS.items():
        ours = f"local://{mount}/{path}"
        if local_names.local_path(ours) is None:
            full = local_names.full_path(ours)
            assert not full.startswith("/")
            assert not {".", ".."} & set(full.split("/"))
            assert local_names.of_full_path(full, purpose) == ours
