"""A program that Pulumi's host interrupts ends without a word, and no other process is changed."""

import os
import signal
import subprocess
import sys
import time

from lightly_access.interrupt import ALREADY_SAID, end_quietly

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


def interrupted(environ: dict[str, str]) -> tuple[int, str]:
    """As the host does: exit code, and what was said."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
        return running.wait(20), said


def test_a_program_of_pulumis_host_ends_without_a_word() -> None:
    assert interrupted({**os.environ, "PULUMI_CONFIG": "{}"}) == (ALREADY_SAID, "")


def test_elsewhere_an_interrupt_is_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    end_quietly()
    assert signal.getsignal(signal.SIGINT) is before
