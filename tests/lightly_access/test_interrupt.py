"""A program that Pulumi's host interrupts ends without a word, and no other process is changed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
from lightly_access import Dataset, LocalAccess, LocalFolders, Purpose, S3Bucket
from lightly_access.arguments import check
from lightly_access.interrupt import ALREADY_SAID, HOST, end_quietly

from tests.lightly_access.recording import Recording

PROGRAM = """
import asyncio, sys
from lightly_access.interrupt import end_quietly
async def program():
    end_quietly()
    print("ready", flush=True)
    await asyncio.sleep(60)
try:
    asyncio.new_event_loop().run_until_complete(program())
except Exception:
    sys.exit("taken for an error of the program")
"""


def interrupted(program: Path) -> tuple[int, str]:
    """As the host does: exit code, and what was said."""
    program.write_text(PROGRAM)
    words = [sys.executable, str(program), "--monitor", "127.0.0.1:1"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
        return running.wait(20), said


def test_a_program_of_pulumis_host_ends_without_a_word(tmp_path: Path) -> None:
    assert interrupted(tmp_path / HOST) == (ALREADY_SAID, "")


def test_another_program_is_not_changed(tmp_path: Path) -> None:
    code, said = interrupted(tmp_path / "program.py")
    assert code != ALREADY_SAID
    assert said.rstrip().endswith("KeyboardInterrupt")


@pytest.mark.parametrize(
    "make",
    [
        lambda: S3Bucket("x", {"bucket": "acme-photos", "region": "eu-central-1"}),
        lambda: LocalAccess("y", {"store": LocalFolders("/in"), "path": "in/", "purpose": Purpose.INPUT}),
        lambda: Dataset("z", name="cows", type="images"),
    ],
)
def test_whatever_a_program_uses_of_ours_it_ends_so(
    make: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi.runtime.set_mocks(Recording(), project="acme", stack="test", preview=False)
    asked: list[None] = []
    monkeypatch.setattr(check, "end_quietly", lambda: asked.append(None))
    make()
    assert asked


def test_elsewhere_an_interrupt_is_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    end_quietly()
    assert signal.getsignal(signal.SIGINT) is before
