"""Which file a path means: never one outside of the mounts, whatever the path."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lightly_access.kinds.local.serving.mounts import File, Mounts, Refusal, mount_fault, resolve

_NAMES = st.sampled_from(
    [
        *("..", ".", "", "cam1", "deep", "out", "out.txt", "other", "s.txt", "a.png", "inner", "loop", "secretdir"),
        *("input", "lightly", "input-other", "%2e%2e", "..\\", "\0", "pipe", "inside.png", "\ud800", "both.png"),
        "a" * 300,
    ]
)
_PATHS = st.one_of(st.text(), st.lists(st.one_of(_NAMES, st.text(max_size=3))).map("/".join))


@pytest.fixture(scope="module")
def mounts(tree: Path) -> Mounts:
    return Mounts.of(tree / "lightly", tree / "input")


@given(path=_PATHS)
@example(path="out/s.txt")
@example(path="inner/../../secretdir/s.txt")
@example(path="/../input-other/s.txt")
@example(path="other/s.txt")
def test_no_path_leads_out_of_the_mounts(mounts: Mounts, path: str) -> None:
    found = mounts.find(path)
    if isinstance(found, File):
        assert any(found.path.startswith(f"{mount}/") for mount in mounts.folders)
        assert os.path.realpath(found.path) == found.path
        assert Path(found.path).is_file()
        assert found.size == Path(found.path).stat().st_size


def test_a_file_is_found_with_its_size_and_time(tree: Path, mounts: Mounts) -> None:
    file = tree / "input/cam1/a.png"
    assert mounts.find("/cam1/a.png") == File(str(file.resolve()), 1024, file.stat().st_mtime_ns)


@pytest.mark.parametrize("path", ["cam1/a.png", "//cam1//a.png", "/inner/a.png", "/cam1/inside.png"])
def test_slashes_mean_what_they_mean_on_disk_and_links_inside_a_mount_count(mounts: Mounts, path: str) -> None:
    found = mounts.find(path)
    assert isinstance(found, File)
    assert found.path.endswith("/input/cam1/a.png")


def test_lightly_comes_before_input(tree: Path, mounts: Mounts) -> None:
    found = mounts.find("/cam1/both.png")
    assert isinstance(found, File)
    assert found.path == str((tree / "lightly/cam1/both.png").resolve())


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("/", Refusal.MALFORMED),
        ("", Refusal.MALFORMED),
        ("/cam1/", Refusal.MALFORMED),
        ("/cam1/a.png/", Refusal.MALFORMED),
        ("/../secretdir/s.txt", Refusal.MALFORMED),
        ("/cam1/./a.png", Refusal.MALFORMED),
        ("/cam1\\a.png", Refusal.MALFORMED),
        ("/cam1/a.png\0.txt", Refusal.MALFORMED),
        ("/cam1", Refusal.MISSING),
        ("/cam1/b.png", Refusal.MISSING),
        ("/cam1/a.png/b", Refusal.MISSING),
        ("/pipe", Refusal.MISSING),
        ("/loop", Refusal.MISSING),
        ("/gone", Refusal.MISSING),
        ("/" + "a" * 5000, Refusal.MISSING),
        ("/out.txt", Refusal.OUTSIDE),
        ("/out/s.txt", Refusal.OUTSIDE),
        ("/other/s.txt", Refusal.OUTSIDE),
    ],
)
def test_what_is_no_file_of_a_mount_is_refused(mounts: Mounts, path: str, refusal: Refusal) -> None:
    assert mounts.find(path) is refusal


def test_a_link_from_one_mount_into_the_other_leads_out(tmp_path: Path) -> None:
    for name in ("input", "lightly"):
        (tmp_path / name).mkdir()
    (tmp_path / "input/a.png").touch()
    (tmp_path / "lightly/b.png").symlink_to("../input/a.png")
    assert resolve((str(tmp_path / "lightly"), str(tmp_path / "input")), "b.png") is Refusal.OUTSIDE


def test_a_mount_that_is_a_link_itself_is_served(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.png").touch()
    (tmp_path / "link").symlink_to("real")
    assert isinstance(Mounts.of(None, tmp_path / "link").find("a.png"), File)


def test_a_file_that_may_not_be_read_is_told_from_one_that_is_not_there(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: str) -> os.stat_result:
        raise PermissionError(path)

    mounts = Mounts.of(None, tree / "input")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # not by the bits: root may read everything
    assert mounts.find("cam1/a.png") is Refusal.UNREADABLE
    monkeypatch.setattr(os, "lstat", closed)
    assert mounts.find("cam1/a.png") is Refusal.UNREADABLE


def test_what_cannot_be_served_is_said_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"input_mount: got '.*nowhere', expected a folder that exists"):
        Mounts.of(tmp_path, tmp_path / "nowhere")
    fault = mount_fault(Path("/"))
    assert fault
    assert "not the whole disk" in fault.expected
