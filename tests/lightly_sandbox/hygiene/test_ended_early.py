"""A rehearsal that is interrupted or killed: what it leaves behind holds no secret, and no temporary file stays."""

import signal
import time
from pathlib import Path

import pytest

from tests.lightly_sandbox.hygiene.conftest import secrets_of, started
from tests.lightly_sandbox.test_process import gone
from tests.lightly_sandbox.test_rehearse import descendants

SAS = "create tractors-lightly-access-sas"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_that_is_left_holds_a_secret(tmp_path: Path, how: signal.Signals) -> None:
    log = tmp_path / "project/build/rehearsal/log.txt"
    with started(tmp_path, "--only", "up", "--only-stores", "azure") as run:
        until = time.monotonic() + 120
        while not (log.exists() and SAS in log.read_text()) and time.monotonic() < until:
            assert run.poll() is None, (tmp_path / "stderr").read_text()
            time.sleep(0.02)
        children = descendants(run.pid)
        run.send_signal(how)
        run.wait(60)
    assert all(gone(child, 30) for child in children)
    search = secrets_of(tmp_path)
    assert len(search) >= 16
    assert [str(path) for path in (tmp_path / "temporary").rglob("*")] == []
    assert SAS in log.read_text()
    for file in (log, tmp_path / "stdout", tmp_path / "stderr"):
        assert search.found(file.read_text()) == []
    written = [path for path in (tmp_path / "project").rglob("*") if path.is_file()]
    assert [path.name for path in written if search.found(path.read_text(errors="replace"))] == []
