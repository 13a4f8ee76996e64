"""What lies beside a state in a folder after a run was killed."""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from lightly_access.recover import file_backend


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///srv/state", Path("/srv/state")),
        ("file:///srv/a%20b?metadata=skip", Path("/srv/a b")),
        ("file://~", Path.home()),
        ("file://./state", Path("state")),
        ("s3://bucket", None),
        ("https://api.pulumi.com", None),
    ],
)
def test_the_folder_of_a_backend(url: str, path: Path | None) -> None:
    assert file_backend.folder(url) == path


def test_an_empty_note_beside_a_file_is_found_and_a_good_one_is_not(tmp_path: Path) -> None:
    stacks = tmp_path / ".pulumi" / "stacks" / "p"
    stacks.mkdir(parents=True)
    (stacks / "dev.json").write_text("{}")
    (stacks / "prod.json.attrs").write_text(json.dumps({"md5": "x"}))
    for text in ("", '{"md5":'):
        (broken := stacks / "dev.json.attrs").write_text(text)
        assert list(file_backend.broken(tmp_path)) == [broken]


def test_a_lock_of_a_process_that_has_ended_is_over_and_no_other_is(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "p" / "dev"
    folder.mkdir(parents=True)
    hosts = {"a": (ended.pid, socket.gethostname()), "b": (ended.pid, "elsewhere"), "c": (os.getppid(), "elsewhere")}
    for name, (pid, host) in hosts.items():
        lock = {"pid": pid, "username": "ci", "hostname": host, "timestamp": "2026-11-28T23:58:36.165Z"}
        (folder / f"{name}.json").write_text(json.dumps(lock))
    (folder / "d.json").write_text("")
    (folder.parent / "other").mkdir()
    (folder.parent / "other" / "e.json").write_text("{}")
    other = tmp_path / ".pulumi" / "locks" / "organization" / "another" / "dev"
    shutil.copytree(folder, other)
    found = file_backend.locks(tmp_path, "organization/p/dev")
    assert [lock.is_over for lock in found] == [True, False, False]
    assert str(found[1]) == f"a run of ci@elsewhere (process {ended.pid}, since 2026-11-28T23:58:36)"
    assert {lock.path.parent for lock in found} == {folder}
    assert [lock.path.parent for lock in file_backend.locks(tmp_path, "organization/another/dev")] == [other] * 3


def test_a_number_that_another_program_has_by_now_is_no_run_of_pulumi(tmp_path: Path) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("no /proc here: what a process is cannot be told")
    lock = file_backend.Lock(tmp_path, os.getpid(), "me", socket.gethostname(), "")
    assert lock.is_over
