"""On a terminal of 80 columns no line is wider than that, unless it has no place to break."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_cli.fitting import fitting

from tests.lightly_access.deployed.states import RED, dataset, key, light_row, state

ROOT = Path(__file__).parents[2]
WIDTH = 80
_MARKS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07|\r")


def on_a_terminal(*words: str) -> list[str]:
    """The lines that a verb shows on a terminal, without colours."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    env = {**kept, "TERM": "xterm-256color", "LIGHTLY_TOKEN": "x", "LIGHTLY_SERVER_LOCATION": "http://127.0.0.1:9"}
    program = [sys.executable, "-m", "lightly_cli.main", *words]
    with subprocess.Popen(program, stdin=its, stdout=its, stderr=its, env=env, cwd=ROOT) as running:
        os.close(its)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # of Linux, when the other side is closed
                break
            if not part:
                break
            shown += part
        assert running.wait(60) in (0, 1, 2)
    os.close(ours)
    assert b"Traceback" not in shown
    return _MARKS.sub("", shown.decode()).splitlines()


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A state with long names, and a light that is red for a long reason."""
    cause = "the deployed policy of the role differs from ours, and Lightly is refused " * 3
    red = {**RED, "cause": cause, "fix": "run `pulumi up --refresh`: it compares the deployed policy with ours " * 2}
    name = "a-dataset-with-a-long-name-as-somebody-may-well-choose-one"
    rows = dataset(name, INPUT=(key(), light_row()), LIGHTLY=(key(), light_row(write=red, overwrite=red)))
    (file := tmp_path_factory.mktemp("state") / "state.json").write_text(json.dumps(state(rows)))
    return str(file)


VERBS: list[tuple[str, ...]] = [
    ("check",),
    ("check", "rehearsal"),
    ("analyze", "--stack", "rehearsal"),
    ("status", "--state", "STATE"),
    ("report", "--state", "STATE"),
    ("recover", "--state", "STATE"),
    ("doctor", "--stack", "rehearsal"),
    ("explain", "An error occurred (AccessDenied) when calling the AssumeRole operation: not authorized"),
]


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_no_line_on_a_terminal_is_wider_than_it(words: tuple[str, ...], deployed: str) -> None:
    shown = on_a_terminal(*(deployed if word == "STATE" else word for word in words))
    assert shown
    assert [line for line in shown if len(line) > WIDTH and not unbreakable(line)] == []


def unbreakable(line: str) -> bool:
    """Whether it is one word after its indentation, or a command that somebody copies."""
    words = re.findall(r"(?:`[^`]*`|\S)+", line)
    return len(words) == 1 or (line.lstrip().startswith(("hint:", "fix", "runbook:")) and "`" not in line)


def test_a_wrong_manifest_is_told_within_the_width(tmp_path: Path) -> None:
    stores = "lake: {kind: s3, bucket: Not_A_Bucket_Name, region: eu-centrl-1, kms_key: arn:aws:kms:x}"
    (file := tmp_path / "Pulumi.dev.yaml").write_text(f"config:\n  lightly-access:stores:\n    {stores}\n")
    shown = on_a_terminal("check", str(file))
    assert len(shown) > 5
    assert [line for line in shown if len(line) > WIDTH and not unbreakable(line) and str(tmp_path) not in line] == []


@given(st.lists(st.text("ab ", min_size=1, max_size=30), max_size=12).map(" ".join), st.integers(10, 60))
def test_no_word_is_lost_and_only_a_word_is_wider(text: str, width: int) -> None:
    found = list(fitting(text, width))
    assert " ".join(found).split() == text.split()
    assert all(len(line) <= width or len(line.split()) == 1 for line in found)


def test_a_command_is_never_broken_and_what_fits_stays() -> None:
    assert list(fitting("    run `pulumi up --refresh --yes`: it mends", 30)) == [
        "    run",
        "        `pulumi up --refresh --yes`:",
        "        it mends",
    ]
    assert list(fitting("hint: aws iam delete-access-key --user-name x", 20)) == [
        "hint: aws iam delete-access-key --user-name x"
    ]
    assert list(fitting("  INPUT   yes", 20)) == ["  INPUT   yes"]
    assert list(fitting("", 20)) == [""]
