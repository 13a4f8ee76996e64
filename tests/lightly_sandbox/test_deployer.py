"""Whoever deploys uses the project as it stands, also after Pulumi has written into it."""

import shutil
from pathlib import Path

import pytest
from lightly_core.scrub import Scrubber
from lightly_sandbox.deployer.command import without_logins
from lightly_sandbox.deployer.deployer import passphrase
from lightly_sandbox.deployer.listener import Listener, Watch
from lightly_sandbox.rehearse import Options, rehearse
from pulumi.automation import EngineEvent

from tests.lightly_sandbox.reporter import ROOT, Silent

VERIFICATION = "urn:pulumi:s::p::lightly-access:index:LightlyDataset$lightly:index:Verification::cows-verification"
SALT = "encryptionsalt: v1:Bbdgu7ZjmdI=:v1:sX/EVLwTlEIuVzmS:unQBvymHRYYnIPsiJSUxSxg2QCF6UQ==\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project after `pulumi stack init rehearsal`."""
    here = tmp_path / "project"
    here.mkdir()
    shutil.copy(ROOT / "Pulumi.yaml", here)
    for folder in ("components", "policies"):
        (here / folder).symlink_to(ROOT / folder)
    shutil.copytree(ROOT / "stacks", here / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    file = here / "stacks" / "Pulumi.rehearsal.yaml"
    config = [line for line in file.read_text().splitlines() if not line.startswith("encryptionsalt")]
    file.write_text("\n".join(config) + "\n" + SALT)
    return here


def test_a_rehearsal_does_not_need_the_passphrase_of_a_stack_that_pulumi_made(project: Path, tmp_path: Path) -> None:
    file = project / "stacks" / "Pulumi.rehearsal.yaml"
    before = file.read_text()
    played = rehearse(Options(project, only=("up",), stores=("gcs",), folder=tmp_path / "out"), Silent())
    assert played.ok, [record.failures for record in played.records]
    assert file.read_text() == before


def test_the_state_opens_with_the_passphrase_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "")
    assert passphrase().reveal() == ""
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    assert len({passphrase().reveal(), passphrase().reveal(), ""}) == 3


def test_verifying_takes_from_the_first_to_the_last_word_about_a_verification() -> None:
    watch = Watch()
    for urn, when in (("a$aws:s3:Bucket::b", 1), (VERIFICATION, 3), ("", 4), (VERIFICATION, 7.5), ("other", 9)):
        watch.see(urn, when)
    assert watch.seconds == 4.5
    assert Watch().seconds == 0


@pytest.mark.parametrize("severity", ["", "warning", "error"])
def test_a_run_that_failed_says_an_error_whatever_its_events_said(severity: str) -> None:
    listener = Listener(lambda _: None, Scrubber())
    if severity:
        said = {"diagnosticEvent": {"severity": severity, "message": "what it said"}}
        listener.hear(EngineEvent.from_json(said))
    diagnostics = listener.outcome(False, "error: the stack is locked").diagnostics
    assert ("error: the stack is locked" in diagnostics) is (severity != "error")
    assert any("what it said" in each for each in diagnostics) is bool(severity)


def test_pulumi_gets_nothing_of_the_users_logins() -> None:
    logins = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "ARM_CLIENT_SECRET", "GOOGLE_CREDENTIALS", "LIGHTLY_TOKEN")
    environ = dict.fromkeys((*logins, "AZURE_CLIENT_SECRET", "PULUMI_ACCESS_TOKEN", "PULUMI_HOME", "PATH", "HOME"), "x")
    assert without_logins(environ).keys() == {"PATH", "HOME"}
