"""`lightly-access sandbox`, started as a script would start it."""

import os
import re
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> "tuple[dict[str, str], str, int]":
    """The lines it exported, what it said, and how it ended by an interrupt that scripts have ignored."""
    folder = tmp_path_factory.mktemp("sandbox")
    exported, said = folder / "sandbox.env", folder / "said"
    with said.open("w") as err:
        started = subprocess.Popen(
            [sys.executable, "-m", "lightly_cli.main", "sandbox", "--env-file", str(exported)],
            stderr=err,
            cwd=folder,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN) and None,  # as `&` does in a script
        )
    while "are ready" not in said.read_text() and started.poll() is None:
        time.sleep(0.1)
    lines = dict(re.findall(r"^export (\w+)=(.*)$", exported.read_text(), re.MULTILINE))
    trusted = Path(lines["SSL_CERT_FILE"]).read_text()
    (folder / "trusted.pem").write_text(trusted)
    os.kill(started.pid, signal.SIGINT)
    return {**lines, "SSL_CERT_FILE": str(folder / "trusted.pem")}, said.read_text(), started.wait(60)


def test_an_interrupt_ends_it_also_when_a_script_put_it_in_the_background(
    run: "tuple[dict[str, str], str, int]",
) -> None:
    assert run[2] == 0


def test_it_says_which_stores_are_there_and_whose_they_are(run: "tuple[dict[str, str], str, int]") -> None:
    said = run[1]
    for name in ("acme-datalake", "orchard-archive", "acmephotos/photos", "account ", "subscription ", "project "):
        assert name in said


def test_other_servers_stay_trusted_in_that_shell(run: "tuple[dict[str, str], str, int]") -> None:
    """One of the roots is the local Azure's, the others are those of the system."""
    roots = ssl.create_default_context(cafile=run[0]["SSL_CERT_FILE"]).get_ca_certs()
    ours = [root for root in roots if "rehearsal" in str(root["subject"])]
    assert len(ours) == 1
    assert len(roots) > len(ssl.create_default_context().get_ca_certs()) > 0
