"""What is made once for a user is made once, whole or not at all; and no test makes Pulumi or Azurite anew."""

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from lightly_sandbox import pulumi_cli, user_cache
from lightly_sandbox.kinds.azure.emulator.install import azurite
from lightly_sandbox.user_cache import CommandFailedError, lines, once

from tests import another_user

TESTS = Path(__file__).parents[1]
OF_THEIR_OWN = {"another_user.py", "pulumi_cli/conftest.py", "emulator/test_install.py", "s3/test_terraform.py"}
"""Who names the folder of a user: the last three have executables that stand for the real ones, or start no Pulumi."""
FIND = """
from lightly_sandbox import pulumi_cli
from lightly_sandbox.kinds.azure.emulator.install import azurite
def refuse(text):
    raise SystemExit(text)
print(pulumi_cli.find(refuse).path, azurite(refuse))
"""


@pytest.mark.engine
def test_another_user_of_the_tests_finds_what_is_there(tmp_path: Path) -> None:
    ask = [sys.executable, "-c", FIND]
    found = subprocess.run(ask, env=another_user.environment(tmp_path), capture_output=True, text=True, check=True)
    assert found.stdout.split() == [str(pulumi_cli.find().path), str(azurite())]


def test_no_other_test_has_a_home_of_its_own() -> None:
    named = re.compile(r"""["'](HOME|XDG_CACHE_HOME)["']\s*[:,\]]""")
    elsewhere = {
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("*.py")
        if named.search(path.read_text()) and not any(path.match(name) for name in OF_THEIR_OWN)
    }
    pure = {
        "lightly_cli/test_unasked.py",
        "lightly_core/test_scrub.py",
        "lightly_sandbox/test_deployer.py",
        "lightly_sandbox/test_user_cache.py",
    }
    terraform = {"lightly_sandbox/kinds/s3/terraform.py"}  # which asks for nothing of ours
    assert elsewhere <= pure | terraform, "take tests/another_user.py"


def test_a_cache_folder_of_the_user_is_kept_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert user_cache.folder("tool") == Path("/somewhere/lightly-access/tool")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert user_cache.folder("tool") == Path("/home/somebody/.cache/lightly-access/tool")


def test_who_comes_second_waits_and_makes_nothing(tmp_path: Path) -> None:
    began, go_on, told = threading.Event(), threading.Event(), list[str]()

    def make(scratch: Path) -> Path:
        began.set()
        assert go_on.wait(20)
        (scratch / "tool").mkdir()
        return scratch / "tool"

    def waiting(text: str) -> None:
        told.append(text)
        go_on.set()

    first = threading.Thread(target=once, args=(tmp_path, "v1", "wait", told.append, make))
    first.start()
    assert began.wait(20)
    second = once(tmp_path, "v1", "somebody is at it", waiting, lambda _: pytest.fail("made twice"))
    first.join()
    assert second == tmp_path / "v1"
    assert told == ["somebody is at it"]


def test_what_fails_leaves_nothing_and_what_was_killed_is_removed(tmp_path: Path) -> None:
    (tmp_path / "building-killed").mkdir()

    def fail(scratch: Path) -> Path:
        assert [scratch] == list(tmp_path.glob("building-*"))
        raise CommandFailedError

    with pytest.raises(CommandFailedError):
        once(tmp_path, "v1/tool", "", print, fail)
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


@pytest.mark.parametrize(
    ("merged", "said", "logged"), [(True, ["out", "err"], "out\nerr\n"), (False, ["out"], "err\n")]
)
def test_what_a_command_says_is_read_or_logged(tmp_path: Path, merged: bool, said: list[str], logged: str) -> None:
    log = tmp_path / "log"
    assert list(lines(["sh", "-c", "echo out; echo err >&2"], tmp_path, {}, log, merged=merged)) == said
    assert log.read_text() == logged
    with pytest.raises(CommandFailedError, match="sh ended with 3"):
        list(lines(["sh", "-c", "exit 3"], tmp_path, {}, log))
