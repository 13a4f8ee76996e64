"""`lightly-access recover` of an exported state, which it only shows, and of a stack, whose Pulumi is played."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from lightly_cli import deployed
from lightly_cli.main import main

STACK = {"urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", "type": "pulumi:pulumi:Stack"}
PROVIDER = {"urn": "urn:pulumi:dev::p::pulumi:providers:aws::default", "custom": True, "id": "1"}


def pending(doing: str, type_: str, name: str, /, **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::p::{type_}::{name}"
    known = {"urn": urn, "custom": True, "type": type_, "parent": STACK["urn"], "provider": f"{PROVIDER['urn']}::1"}
    return {"type": doing, "resource": {**known, "inputs": inputs}}


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a project nor a login."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("LIGHTLY_TOKEN", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)


def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, deployment: Any, *args: str) -> tuple[int, str, str]:
    (file := tmp_path / "state.json").write_text(json.dumps({"version": 3, "deployment": deployment}))
    with pytest.raises(SystemExit) as ended:
        main(["recover", "--state", str(file), *args])
    return int(ended.value.code or 0), *capsys.readouterr()


def test_what_is_in_flight_is_listed_and_nothing_is_done(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    operations = [
        pending("creating", "aws:iam/rolePolicy:RolePolicy", "policy", role="r", name="n"),
        pending("updating", "aws:iam/role:Role", "other", name="other"),
        pending("creating", "lightly:index:Dataset", "cows-dataset", name="cows", type="images"),
    ]
    deployment = {"resources": [STACK, PROVIDER], "pending_operations": operations}
    code, out, err = run(capsys, tmp_path, deployment, "--yes", "--json")
    assert code == 1, err
    found = json.loads(out)
    assert (found["ok"], found["done"]) == (False, False)
    assert [(each["doing"], each["deed"]) for each in found["operations"]] == [
        ("creating", "clear"),
        ("updating", "clear"),
        ("creating", "clear"),
    ]
    assert "LIGHTLY_TOKEN is not set" in found["operations"][2]["said"]
    code, out, err = run(capsys, tmp_path, deployment)
    assert code == 1
    assert len(out.splitlines()) == 3
    assert err == (
        "nothing of it was done: it is read from a file\n"
        "hint: `lightly-access recover --stack dev --yes` does it in the stack itself\n"
    )


def test_a_cloud_that_cannot_be_asked_leaves_it_to_pulumi_or_stops(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    role = pending("creating", "aws:iam/role:Role", "role", name="acme-cows")
    key = pending("creating", "aws:iam/accessKey:AccessKey", "key", user="acme-cows")
    cow = pending("creating", "farm:index:Cow", "cow")
    deployment = {"resources": [STACK, PROVIDER], "pending_operations": [role, key, cow]}
    code, out, _ = run(capsys, tmp_path, deployment, "--json")
    assert code == 1
    found = {each["urn"].rpartition("::")[2]: each for each in json.loads(out)["operations"]}
    assert {name: each["deed"] for name, each in found.items()} == {"role": "take over", "key": "hold", "cow": "hold"}
    assert "if it is there" in found["role"]["said"]
    assert "iam:ListAccessKeys" in found["key"]["hint"]
    assert "--forget cow" in found["cow"]["hint"]
    code, out, _ = run(capsys, tmp_path, deployment, "--json", "--forget", "cow", "--forget", "key")
    assert [each["deed"] for each in json.loads(out)["operations"]] == ["take over", "clear", "clear"]


@pytest.mark.parametrize("deployment", [{}, {"resources": [], "pending_operations": []}])
def test_a_stack_in_which_nothing_is_in_flight_is_well(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, deployment: Any
) -> None:
    code, out, err = run(capsys, tmp_path, deployment)
    assert code == 0, err
    assert "nothing is in flight" in out


@pytest.mark.parametrize("deployment", [None, [], "x", 3])
def test_what_is_no_state_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, deployment: Any) -> None:
    code, _, err = run(capsys, tmp_path, deployment)
    assert code == 2
    assert "state.json" in err


POLICY = pending("creating", "aws:iam/rolePolicy:RolePolicy", "policy", role="r", name="n")
COW = pending("creating", "farm:index:Cow", "cow")


class Played:
    """Pulumi with a stack `dev` of the project `p` in a folder; what it was told beside questions."""

    def __init__(self, folder: Path, *operations: Any) -> None:
        self.folder, self.told, self.fails = folder, list[str](), ""
        self.backend = f"file://{folder}"
        self._state = {"version": 3, "deployment": {"resources": [STACK, PROVIDER], "pending_operations": operations}}

    def __call__(self, *words: str, stack: str | None, **_: Any) -> str:
        if words[0] == self.fails:
            raise deployed.DeploymentError(f"`pulumi {self.fails}` failed: no")
        if words[0] == "whoami":
            return json.dumps({"url": self.backend})
        if words[:2] == ("stack", "--show-name"):
            return "organization/p/dev\n" if "--fully-qualify-stack-names" in words else "dev\n"
        if words[:2] == ("stack", "export"):
            return json.dumps(self._state)
        self.told.append(" ".join(words[:2]))
        return ""

    def lock(self, project: str, *, host: str = "", pid: int | None = None) -> None:
        """Of a process that has ended, on this machine."""
        if pid is None:
            (ended := subprocess.Popen(["true"])).wait()
            pid = ended.pid
        lock = {"pid": pid, "username": "ci", "hostname": host or socket.gethostname(), "timestamp": "2026-11-28"}
        (folder := self.folder / ".pulumi" / "locks" / "organization" / project / "dev").mkdir(parents=True)
        (folder / "a.json").write_text(json.dumps(lock))


def of_stack(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    played: Played,
    *args: str,
    answer: bool | None = None,
) -> tuple[int, str, str]:
    """With somebody at a terminal, who answers once, where there is an answer."""
    asked: list[str] = []
    monkeypatch.setattr(deployed, "told", played)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: answer is not None, raising=False)

    def confirm(question: str) -> bool | None:
        asked.append(question)
        return answer

    monkeypatch.setattr(typer, "confirm", confirm)
    with pytest.raises(SystemExit) as ended:
        main(["recover", "--stack", "dev", "--no-preview", *args])
    assert len(asked) <= 1
    return int(ended.value.code or 0), *capsys.readouterr()


AGAIN = "`lightly-access recover --stack dev --no-preview --yes`"


def test_the_lock_of_another_projects_stack_of_the_same_name_is_not_ours(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (played := Played(tmp_path, POLICY)).lock("another")
    code, out, err = of_stack(capsys, monkeypatch, played, "--yes")
    assert (code, played.told) == (0, ["stack import"]), err
    assert "lock" not in out + err
    played.lock("p")
    code, out, err = of_stack(capsys, monkeypatch, played, "--yes")
    assert (code, played.told[1:]) == (0, ["cancel --yes", "stack import"]), err
    assert out.startswith("took the lock off of a run of ci@")
    played = Played(tmp_path / "elsewhere", POLICY)
    played.lock("another", host="elsewhere")
    assert of_stack(capsys, monkeypatch, played, "--yes")[0] == 0


@pytest.mark.parametrize(
    ("answer", "args", "code", "told", "said"),
    [
        (None, [], 1, [], f"nothing of it was done: nobody could be asked\nhint: {AGAIN} does it\n"),
        (False, [], 1, [], f"nothing of it was done: you said no\nhint: {AGAIN} does it\n"),
        (True, [], 0, ["stack import"], ""),
        (None, ["--yes"], 0, ["stack import"], ""),
    ],
    ids=["nobody there", "no", "yes", "--yes"],
)
def test_it_says_what_was_done_or_why_not_and_lists_it_once(
    answer: bool | None,
    args: list[str],
    code: int,
    told: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    played = Played(tmp_path, POLICY)
    ended, out, err = of_stack(capsys, monkeypatch, played, *args, answer=answer)
    assert (ended, played.told, err) == (code, told, said)
    assert out.count("policy: ") == 1
    assert ("`pulumi up` goes on from here" in out) is bool(told)
    assert ("done: 1 cleared" in out) is (answer is True)


@pytest.mark.parametrize(("answer", "args"), [(None, []), (True, []), (None, ["--yes"])])
def test_what_is_on_hold_is_the_reason_and_nobody_is_asked(
    answer: bool | None,
    args: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (played := Played(tmp_path, POLICY, COW)).lock("another")
    (tmp_path / ".pulumi" / "a.attrs").write_text("{}" if not args else "")
    code, out, err = of_stack(capsys, monkeypatch, played, *args, answer=answer)
    assert (code, played.told) == (1, [])
    assert err.startswith("nothing of it was done: it would forget what is on hold")
    assert err.endswith(f"see to each `hold` as its hint says, then {AGAIN}\n")
    assert out.count("cow: ") == 1
    assert out.startswith("removed a.attrs") is bool(args), "what was put right is said"


@pytest.mark.parametrize(
    ("lock", "args", "hint"),
    [
        ({}, [], f"{AGAIN} takes its lock off"),
        ({"host": "elsewhere"}, ["--yes"], f"when you know that it is over: {AGAIN[:-6]}--cancel --yes`"),
        ({"host": "elsewhere"}, ["--cancel"], f"{AGAIN[:-6]}--cancel --yes` takes its lock off"),
        ({"pid": os.getpid()}, ["--yes"], f"it still runs: wait for it, then {AGAIN}"),
    ],
    ids=["over", "elsewhere", "elsewhere and over", "runs"],
)
def test_a_run_that_holds_the_stack_is_the_reason(
    lock: dict[str, Any],
    args: list[str],
    hint: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("lightly_access.recover.file_backend._lives", lambda pid: pid == os.getpid())
    (played := Played(tmp_path, POLICY)).lock("p", **lock)
    code, out, err = of_stack(capsys, monkeypatch, played, *args, answer=True)
    assert (code, played.told) == (1, [])
    assert "holds the stack" in err.partition(": nothing was done of what is listed\nhint: ")[0]
    assert err.endswith(f"hint: {hint}\n")
    assert out.count("policy: ") == 1


def test_on_a_backend_of_no_files_a_lock_is_taken_off_when_that_is_said_twice(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (played := Played(tmp_path, POLICY)).backend = "https://pulumi.acme.example"
    code, _, err = of_stack(capsys, monkeypatch, played, "--cancel", answer=True)
    assert (code, played.told) == (1, [])
    assert err == (
        "the lock of the stack was not taken off: nothing was done of what is listed\n"
        f"hint: {AGAIN[:-6]}--cancel --yes` does it\n"
    )
    code, out, err = of_stack(capsys, monkeypatch, played, "--cancel", "--yes")
    assert (code, played.told) == (0, ["cancel --yes", "stack import"]), err
    assert out.startswith("the lock of the stack was taken off\n")


def test_what_was_done_before_the_rest_failed_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    role = pending("creating", "aws:iam/role:Role", "role", name="acme-cows")
    (played := Played(tmp_path, role)).lock("p")
    played.fails = "refresh"
    code, out, err = of_stack(capsys, monkeypatch, played, "--yes")
    assert (code, played.told) == (2, ["cancel --yes", "stack import"])
    assert out.startswith("took the lock off")
    assert err.startswith("the state was written")
    assert err.endswith(f"the rest was not done: {AGAIN} goes on from here\n")
