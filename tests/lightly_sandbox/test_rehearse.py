"""The whole rehearsal, as a user runs it, and what it must never do."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lightly_core.capability import Purpose, expected
from lightly_sandbox import scenario
from lightly_sandbox.credential_log import Credential, CredentialLog
from lightly_sandbox.kinds.gcs.fixtures import STRANGER_KEY
from lightly_sandbox.rehearse import Options, OutputFolderError, alone, rehearse
from lightly_sandbox.sandbox import Sandbox

from tests.lightly_sandbox.reporter import ROOT, Silent
from tests.lightly_sandbox.test_process import gone

ON_AWS = {"farm-animals", "dashcam", "barn-cameras", "apples", "pears"}
DATASETS = ON_AWS | {"tractors", "beehives", "orchards", "plums", "stables"}


def test_every_phase_does_what_it_should_and_no_secret_is_left_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    issued: list[Credential] = []
    honest = CredentialLog.note

    def note(self: CredentialLog, *credentials: Credential) -> None:
        issued.extend(credentials)
        honest(self, *credentials)

    monkeypatch.setattr(CredentialLog, "note", note)
    tokens: list[str] = []

    def keep(sandbox: Sandbox) -> None:
        tokens.append(sandbox.token.reveal())
        tokens.extend(account.secret_access_key.reveal() for account in sandbox.accounts.values())
        ready = {name: service.announcement for name, service in sandbox.services.items()}
        tokens.extend((ready["azure"]["token"], ready["gcs"]["token"], ready["gcs"]["stranger"]["token"]))
        tokens.append(json.loads(sandbox.given[STRANGER_KEY])["private_key"])

    reporter = Silent()
    played = rehearse(Options(ROOT, folder=tmp_path), reporter, keep)
    assert played.ok, [record.failures for record in played.records]
    assert [record.name for record in played.records] == ["up", "again", "rotate", "break", "destroy", "revoked"]

    shown = json.loads((tmp_path / "lights.json").read_text())
    assert set(shown["datasets"]) == DATASETS
    for dataset in shown["datasets"].values():
        for purpose, source in dataset["datasources"].items():
            actual = {name: light["actual"] for name, light in source["lights"].items()}
            assert actual == {str(name): value for name, value in expected(Purpose(purpose)).items()}
    assert shown["datasets"]["apples"]["datasources"]["INPUT"]["lights"]["write"]["evidence"] == ["probe"]
    by_name = {phase["name"]: phase for phase in shown["phases"]}
    assert by_name["up"]["created"] > 140
    assert by_name["again"]["calls"]["lightly"] == 0
    assert by_name["rotate"]["replaced"] == 6
    assert by_name["up"]["calls"].keys() == {"aws", "azure", "gcs", "lightly"}

    secrets = {*tokens, *(credential.secret.reveal() for credential in issued)}
    secrets |= {credential.session_token.reveal() for credential in issued if credential.session_token}
    secrets |= {
        json.loads(credential.secret.reveal())["private_key"]
        for credential in issued
        if credential.kind == "service account key"
    }
    secrets |= {
        credential.secret.reveal().rpartition("sig=")[2] for credential in issued if credential.kind == "SAS token"
    }
    assert len(secrets) >= 25
    written = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    said = "".join(capfd.readouterr()) + "\n".join(reporter.told)
    assert [secret[:4] for secret in secrets if secret in written + said] == []
    assert '"ciphertext"' in (tmp_path / "stack.json").read_text()


def test_a_credential_that_still_works_fails_the_last_phase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenario, "destroy", lambda context: context.check(True, "nothing was destroyed"))
    phases = tuple(
        scenario.Phase(phase.name, phase.purpose, getattr(scenario, phase.name))
        for phase in scenario.PHASES
        if phase.name in ("up", "destroy", "revoked")
    )
    monkeypatch.setattr("lightly_sandbox.rehearse.PHASES", phases)
    played = rehearse(Options(ROOT, folder=tmp_path), Silent())
    assert [record.ok for record in played.records] == [True, True, False]
    assert len(played.records[-1].failures) >= 9


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_stops_everything_that_was_started(tmp_path: Path, how: signal.Signals) -> None:
    program = (
        "import sys; from pathlib import Path; from lightly_cli import rehearse as verb; "
        f"from lightly_sandbox import rehearse as it; it.Options.out = Path({str(tmp_path)!r}); "
        "from lightly_cli.main import main; main(['rehearse'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as run:
        log = tmp_path / "log.txt"
        until = time.monotonic() + 30
        while not (log.exists() and "create farm-animals" in log.read_text()) and time.monotonic() < until:
            time.sleep(0.02)
        children = descendants(run.pid)
        assert len(children) >= 4, "three servers and at least one plugin or program"
        os.kill(run.pid, how)
        _, errors = run.communicate(timeout=20)
    assert run.returncode in (130, 143), errors
    assert "Traceback" not in errors
    assert all(gone(child) for child in children)


def descendants(pid: int) -> list[int]:
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found, todo = [], [pid]
    while todo:
        here = todo.pop()
        children = [child for child, parent in parents.items() if parent == here]
        found += children
        todo += children
    return found


def test_two_rehearsals_do_not_share_a_folder(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(OutputFolderError, match="another rehearsal runs"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(OutputFolderError, match="file/out cannot be used: Not a directory\nhint: "),
        alone(tmp_path / "file/out"),
    ):
        pass
