"""The rehearsal and what it must never do; a whole one that goes well is decided on in `hygiene`."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lightly_sandbox import scenario
from lightly_sandbox.rehearse import Options, OutputFolderError, alone, rehearse

from tests.lightly_sandbox.reporter import ROOT, Silent
from tests.lightly_sandbox.test_process import gone


def test_a_credential_that_still_works_fails_the_last_phase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenario, "destroy", lambda context: context.check(True, "nothing was destroyed"))
    phases = tuple(
        scenario.Phase(phase.name, phase.purpose, getattr(scenario, phase.name))
        for phase in scenario.PHASES
        if phase.name in ("up", "destroy", "revoked")
    )
    monkeypatch.setattr("lightly_sandbox.rehearse.PHASES", phases)
    seen: list[dict[str, int]] = []
    played = rehearse(Options(ROOT, folder=tmp_path), Silent(), lambda sandbox: seen.append(sandbox.calls()))
    assert [record.ok for record in played.records] == [True, True, False]
    assert [calls.keys() for calls in seen] == [{"aws", "azure", "gcs", "lightly"}], "with --keep they run at the end"
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
        pytest.raises(OutputFolderError, match=r"file/out cannot be used: .*\nhint: "),
        alone(tmp_path / "file/out"),
    ):
        pass
