"""`revoke` and `rotate --leaked` where somebody cannot be asked or nothing is known: what nobody saw is not claimed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lightly_access.deployed.issued import DatasetResources
from lightly_access.kinds import registry
from lightly_access.kinds.ending import CannotEndError, Ending, Issued, Seen
from lightly_access.rotate.switched import unknown_to_the_state
from lightly_cli import deployed, ended
from lightly_cli.main import main
from lightly_core.capability import Purpose

from tests.lightly_access.revoke.test_history import write
from tests.lightly_cli.test_rotate import MANIFEST

LEFT = CannotEndError("AccessDenied: iam:ListAccessKeys", "log in as whoever deploys")
URN = "urn:pulumi:{}::{}::{}::{}"


class Cloud(Ending):
    """Of every kind: it remembers what was switched off, and refuses that from then on."""

    types = frozenset({"aws:iam/accessKey:AccessKey"})

    def __init__(self) -> None:
        self.off: list[str] = []
        self.deaf: tuple[str, ...] = ()

    def issued(self, resource: Any, registered: Any, purpose: Purpose, beside: Any = ()) -> Issued:
        return key(resource["id"], purpose)

    def switch_off(self, issued: Issued, login: Any) -> str:
        self.off.append(issued.identity)
        return f"{issued} is off"

    def others(self, issued: Issued, login: Any) -> tuple[Issued, ...]:
        if issued.identity in self.deaf:
            raise LEFT
        return (key(f"{issued.identity}-stray", issued.purpose),)

    def asked(self, issued: Issued, login: Any) -> Seen:
        return Seen(False, "cloud", "refused")


def key(identity: str, purpose: Purpose = Purpose.LIGHTLY) -> Issued:
    return Issued("s3", "user", purpose, "access key", identity, "s3://acme-lake/out/")


def document(stack: str, project: str, identity: str) -> dict[str, Any]:
    access = URN.format(stack, project, "lightly-access:s3:S3UserAccess", "cows-lightly-access")
    kind = "aws:iam/accessKey:AccessKey"
    made = {"urn": URN.format(stack, project, kind, "key"), "type": kind, "id": identity, "parent": access}
    listed = [
        {"urn": URN.format(stack, project, "lightly-access:index:LightlyDataset", "cows")},
        {"urn": access, "type": "lightly-access:s3:S3UserAccess"},
        made,
    ]
    return {"checkpoint": {"latest": {"resources": listed}}}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cloud:
    made = Cloud()
    for kind in registry.ROWS:
        monkeypatch.setattr(type(kind), "ending", lambda *_: made)
    monkeypatch.setattr(ended.Logins, "of", lambda *_: None)
    monkeypatch.setattr(ended, "up", lambda *_: False)
    monkeypatch.setattr(deployed, "backend_url", lambda: f"file://{tmp_path}/backend")
    monkeypatch.setenv("LIGHTLY_TOKEN", "")
    return made


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """A verb with `--json`, of a stack that has these resources."""
    (tmp_path / "Pulumi.yaml").write_text("name: farm\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text(MANIFEST)
    monkeypatch.chdir(tmp_path)

    def verb(*args: str, found: DatasetResources) -> tuple[int, Any, str]:
        monkeypatch.setattr(ended, "resources", lambda *_: found)
        with pytest.raises(SystemExit) as over:
            main([*args, "--yes", "--json"])
        out, err = capsys.readouterr()
        return int(over.value.code or 0), json.loads(out) if out else None, err

    return verb


@pytest.mark.parametrize(
    ("stack", "project"), [("prod-eu", "farm"), ("prod", "ranch"), ("prod-eu", "ranch")], ids="/".join
)
def test_no_credential_of_another_stack_or_project_is_ever_switched_off(
    stack: str, project: str, cloud: Cloud, run: Callable[..., Any], tmp_path: Path
) -> None:
    write(tmp_path / "backend", project, stack).write_text(json.dumps(document(stack, project, "THEIRS")))
    strange = write(tmp_path / "backend", "farm", "prod", at=7)
    strange.write_text(json.dumps(document(stack, project, "THEIRS-TOO")))
    write(tmp_path / "backend", "farm", "prod", at=8).write_text(json.dumps(document("prod", "farm", "FORGOTTEN")))
    code, told, _ = run("revoke", "cows", found=DatasetResources("", (key("OURS"),), ("urn",)))
    assert code == 0
    assert told["ended_by"] == "the clouds alone"
    assert cloud.off == ["OURS", "FORGOTTEN", "OURS-stray", "FORGOTTEN-stray"]
    assert told["not_looked_at"] == ["the states after earlier runs that tell of another project or stack: 1"]


@pytest.mark.parametrize("url", ["file://~", "file://./backend", "file:///nowhere", "s3://bucket"])
def test_the_history_is_where_pulumi_is_logged_in_and_said_to_be_elsewhere(
    url: str, cloud: Cloud, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployed, "backend_url", lambda: url)
    monkeypatch.setenv("HOME", str(tmp_path / "backend"))
    write(tmp_path / "backend", "farm", "prod").write_text(json.dumps(document("prod", "farm", "FORGOTTEN")))
    _, told, _ = run("revoke", "cows", found=DatasetResources("", (key("OURS"),), ("urn",)))
    read = url in ("file://~", "file://./backend")
    assert ("FORGOTTEN" in cloud.off) is read
    assert bool(told["not_looked_at"]) is url.startswith("s3")


@pytest.mark.parametrize("dataset", ["cows", "bees"])
def test_of_what_nobody_knows_only_the_state_shows_an_end_and_never_of_what_is_not_ours(
    dataset: str, cloud: Cloud, run: Callable[..., Any]
) -> None:
    code, told, _ = run("revoke", dataset, found=DatasetResources("", (), ()))
    assert (code, told["ok"], told["ended_by"], told["credentials"]) == (1, False, None, [])
    code, told, _ = run("revoke", dataset, found=DatasetResources("", (), ("urn",), revoked=True))
    ours = dataset == "cows"
    assert (code, told["ok"], told["ended_by"]) == (0 if ours else 1, ours, "an earlier run")
    assert [said.partition(":")[0] for said in told["unasked"]] == ([] if ours else ["INPUT", "LIGHTLY"])


def test_a_revocation_names_whose_other_keys_nobody_could_look_for(cloud: Cloud, run: Callable[..., Any]) -> None:
    cloud.deaf = ("A",)
    code, told, _ = run("revoke", "cows", found=DatasetResources("", (key("A"), key("B")), ("urn",)))
    assert (code, told["ok"]) == (1, False)
    assert {each["id"]: each["state"] for each in told["credentials"]} == dict.fromkeys(["A", "B", "B-stray"], "ended")
    (said,) = told["unasked"]
    assert said == f"LIGHTLY: nobody could look for others than access key A, of the same holder: {LEFT}"


@pytest.mark.parametrize("deaf", [True, False])
def test_a_leak_is_not_mended_where_nobody_could_look_for_other_keys(
    deaf: bool, cloud: Cloud, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended, "up", lambda *_: True)
    cloud.deaf = ("A",) if deaf else ()
    found = DatasetResources("", (key("A"),), ("urn",))
    monkeypatch.setattr("lightly_cli.leaked.Leaked.told", lambda *_, **__: [])
    code, told, err = run("rotate", "cows", "--leaked", "--purpose", "lightly", found=found)
    assert (code, told["ok"]) == (int(deaf), not deaf)
    assert cloud.off == (["A"] if deaf else ["A", "A-stray"])
    assert (str(LEFT.said) in err) is deaf
    assert ("--again" in err) is deaf


def test_one_holder_that_cannot_be_asked_hides_no_other(cloud: Cloud) -> None:
    cloud.deaf = ("A", "C")
    found = unknown_to_the_state([key("A"), key("B"), key("C")], lambda _: None)  # type: ignore[arg-type,return-value]
    assert [each.identity for each in found.found] == ["B-stray"]
    assert len(found.unasked) == 1, "the same answer is told once"


def test_a_dataset_that_was_renamed_is_found_under_the_key_that_the_stack_has(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = {"deployment": document("prod", "farm", "LIVE")["checkpoint"]["latest"]}
    monkeypatch.setattr(deployed, "read_both", lambda *_, **__: (state, None))
    (found,) = ended.resources("prod", ["herd", "cows"]).issued
    assert found.identity == "LIVE"
    assert ended.renamed(["herd", "cows"], ended.resources("prod", ["herd", "cows"]))
    assert not ended.renamed(["cows", "cow"], ended.resources("prod", ["cows", "cow"]))
    assert ended.resources("prod", ["herd"]) == ended.resources("prod", ["herd", "bees"])
    assert not ended.resources("prod", ["herd"]).urns


def test_no_run_is_limited_to_the_older_key_of_a_dataset_which_it_would_remove(
    cloud: Cloud, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended, "up", lambda *_: True)
    monkeypatch.setattr(ended, "names", lambda *_: ("cows", "old"))
    found = DatasetResources("", (key("A"),), ("urn:pulumi:prod::farm::lightly-access:index:LightlyDataset::old",))
    _, told, _ = run("rotate", "cows", "--purpose", "lightly", "--leaked", found=found)
    assert (told["ok"], told["run"]) == (False, "pulumi up --stack prod")
    code, told, _ = run("revoke", "cows", found=found)
    assert (code, told["ended_by"]) == (0, "the clouds alone")
