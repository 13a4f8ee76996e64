"""One thing wrong at a time, somewhere in the house: the rehearsal must fail, and in the phase that is about it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from lightly_sandbox.context import Record
from lightly_sandbox.kinds import registry
from lightly_sandbox.rehearse import Options, rehearse

from tests.lightly_sandbox.reporter import ROOT, Silent

FAULTY = "tests.lightly_sandbox.faulty_services"
BEGINS = "deploy_stack(ROOT)\n"


def play(folder: Path, *phases: str, stores: tuple[str, ...] = ("s3",), project: Path = ROOT) -> dict[str, Record]:
    played = rehearse(Options(project, only=phases, stores=stores, folder=folder), Silent())
    assert not played.ok
    return {record.name: record for record in played.records}


def put_wrong(monkeypatch: pytest.MonkeyPatch, kind: str, *, server: str = "", mock_provider: str = "") -> None:
    """The sandbox starts a faulty service in place of the server of this kind's cloud, or of its mock provider."""
    right = next(row.service for row in registry.ROWS if row.name == kind)
    faulty = replace(right, module=f"{FAULTY}.{server}") if server else right
    if mock_provider and right.mock_provider:
        faulty = replace(faulty, mock_provider=replace(right.mock_provider, module=f"{FAULTY}.{mock_provider}"))
    for row in registry.ROWS:
        if row.service is right:
            monkeypatch.setattr(row, "service", faulty)


def test_a_gateway_that_lets_two_actions_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_wrong(monkeypatch, "s3", server="open_gateway")
    failures = "\n".join(play(tmp_path, "up")["up"].failures)
    for found in ("INPUT writes to its path", "without an external ID", "with another customer's external ID"):
        assert found in failures
    assert "beside its path" in failures, "a write"
    assert "lists the whole bucket" not in failures


def test_a_lightly_that_is_always_green(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lightly_sandbox.start.LIGHTLY", f"{FAULTY}.green_lightly")
    records = play(tmp_path, "break")
    assert any("red for farm-animals LIGHTLY write" in text for text in records["break"].failures)


def test_a_role_that_destroy_leaves_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_wrong(monkeypatch, "s3", mock_provider="sticky_roles")
    records = play(tmp_path, "destroy")
    assert records["up"].ok, records["up"].failures
    assert any("orphaned" in text and "farm-animals" in text for text in records["destroy"].failures)


def changed(folder: Path, lines: str) -> Path:
    """A project whose program has more lines before it begins."""
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    for name in ("components", "policies"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "stacks", folder / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    program = folder / "stacks" / "__main__.py"
    text = program.read_text()
    assert BEGINS in text
    program.write_text(text.replace(BEGINS, f"import pulumi\n{lines}\n{BEGINS}"))
    return folder


def test_a_rotation_that_deletes_the_old_key_first(tmp_path: Path) -> None:
    eager = """
def eagerly(args):
    if args.type_ == "aws:iam/accessKey:AccessKey":
        args.opts.delete_before_replace = True
    return pulumi.ResourceTransformationResult(args.props, args.opts)
pulumi.runtime.register_stack_transformation(eagerly)
"""
    (project := tmp_path / "project").mkdir()
    records = play(tmp_path / "out", "rotate", project=changed(project, eager))
    assert records["up"].ok, records["up"].failures
    assert any("the old access key of dashcam LIGHTLY still works" in text for text in records["rotate"].failures)


def test_a_second_deployment_that_changes_something(tmp_path: Path) -> None:
    restless = """
import os
def restlessly(args):
    if args.type_ == "aws:iam/role:Role":
        args.props["tags"] = {"restless": os.urandom(4).hex()}
    return pulumi.ResourceTransformationResult(args.props, args.opts)
pulumi.runtime.register_stack_transformation(restlessly)
"""
    (project := tmp_path / "project").mkdir()
    records = play(tmp_path / "out", "again", project=changed(project, restless))
    assert records["up"].ok, records["up"].failures
    assert any("0 creates, 0 updates" in text for text in records["again"].failures)


def test_a_google_cloud_that_forgets_conditions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_wrong(monkeypatch, "gcs", server="loose_conditions")
    failures = "\n".join(play(tmp_path, "up", stores=("gcs",))["up"].failures)
    for found in ("INPUT lists the whole bucket", "INPUT reads beside its path", "LIGHTLY writes beside its path"):
        assert found in failures
    assert "lists another bucket" not in failures
    assert "INPUT writes" not in failures


def test_a_service_accounts_key_that_outlives_its_rotation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_wrong(monkeypatch, "gcs", mock_provider="immortal_keys")
    records = play(tmp_path, "rotate", stores=("gcs",))
    assert records["up"].ok, records["up"].failures
    assert any(
        "the old service account key of beehives LIGHTLY is refused: None" in failure
        for failure in records["rotate"].failures
    )


def test_an_azure_that_lets_directories_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_wrong(monkeypatch, "azure", server="loose_directories")
    failures = "\n".join(play(tmp_path, "up", stores=("azure",))["up"].failures)
    for found in ("LIGHTLY lists the whole container", "LIGHTLY lists beside its path", "LIGHTLY writes beside"):
        assert found in failures
    assert "another container" not in failures
    assert "INPUT" not in failures, "a token for a container is another kind"


def test_a_stored_policy_that_outlives_its_token(tmp_path: Path) -> None:
    forgetful = """
def forgetfully(args):
    if args.type_ == "lightly:index:AzureSas":
        args.opts.retain_on_delete = True
    return pulumi.ResourceTransformationResult(args.props, args.opts)
pulumi.runtime.register_stack_transformation(forgetfully)
"""
    (project := tmp_path / "project").mkdir()
    records = play(tmp_path / "out", "destroy", "revoked", stores=("azure",), project=changed(project, forgetful))
    assert records["up"].ok, records["up"].failures
    assert any("orphaned" in text and "stored policy photos/" in text for text in records["destroy"].failures)
    assert any("(tractors INPUT) is refused: None" in text for text in records["revoked"].failures)


def test_a_web_server_that_climbs_out_of_the_mounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_wrong(monkeypatch, "local", server="open_mounts")
    (failure,) = play(tmp_path, "up", stores=("local",))["up"].failures
    assert "not-yours.txt is refused" in failure.partition("\n")[2], "what was let through"
