"""What a rehearsal shows: short lines on the screen, everything in the log, signs of life without a terminal."""

import io
from pathlib import Path

import pytest
from lightly_sandbox import terminal
from lightly_sandbox.context import Record
from lightly_sandbox.terminal import Terminal, shorter
from rich.console import Console

ROLE = "arn:aws:iam::123456789012:role/lightly/lightly-access-rehearsal-farm-animals-input-t6cgmbmjiy"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "out" / "log.txt"


def plain() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=60), out


def test_the_names_of_our_identities_are_cut_to_what_tells_them_apart() -> None:
    assert shorter(f"role {ROLE} (farm-animals INPUT) works") == (
        "role …farm-animals-input-t6cgmbmjiy (farm-animals INPUT) works"
    )


@pytest.mark.parametrize("arn", ["arn:aws:iam::916419735646:root", "arn:aws:s3:::acme/lightly-access-rehearsal-x"])
def test_other_names_stay_whole(arn: str) -> None:
    assert shorter(arn) == arn


def test_the_log_has_what_the_screen_leaves_out(log: Path) -> None:
    console, out = plain()
    with Terminal(console, log) as shown:
        shown.checked(True, f"role {ROLE} works")
    assert ROLE not in out.getvalue()
    assert f"ok: role {ROLE} works" in log.read_text()


def test_a_failure_is_shown_whole(log: Path) -> None:
    console, out = plain()
    with Terminal(console, log) as shown:
        shown.checked(False, f"role {ROLE} works\n      AccessDenied")
    assert ROLE in out.getvalue()


def test_a_line_that_is_broken_on_a_terminal_goes_on_below_its_own_words(log: Path) -> None:
    out = io.StringIO()
    shown = Terminal(Console(file=out, width=40, force_terminal=True, color_system=None), log)
    shown.checked(True, "the new access key of dashcam LIGHTLY [works]")
    assert [line.rstrip() for line in out.getvalue().splitlines()] == [
        "  ok     the new access key of dashcam",
        "         LIGHTLY [works]",
    ]


def test_lines_are_not_broken_without_a_terminal(log: Path) -> None:
    console, out = plain()
    with Terminal(console, log) as shown:
        shown.phase("up", "a purpose that is longer than the sixty columns of this console, by far")
        shown.done(Record("up", 1.0, 67, 12, 2, 1, {"aws": 0, "gcs": 3, "lightly": 0}, checks=1))
    assert [line for line in out.getvalue().splitlines() if line][-1].endswith(
        "calls: 0 to AWS, 3 to Google Cloud, 0 to Lightly"
    )


def test_without_a_terminal_a_long_silence_is_broken(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    console, out = plain()
    with Terminal(console, log) as shown:
        shown.step("create one")
        monkeypatch.setattr(terminal, "SILENCE_SECONDS", 0.0)
        shown.step("create two")
    assert "create one" not in out.getvalue()
    assert "...    create two" in out.getvalue()
    assert "create one" in log.read_text()
