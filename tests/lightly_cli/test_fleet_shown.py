"""What is shown of a fleet while it runs: lines that live on a terminal, lines that stay in a pipe."""

import errno
import io
import threading

import pytest
from lightly_access.fleet.ran import Ran
from lightly_cli.fleet_shown import Shown
from lightly_cli.session import session
from rich.console import Console

HIDE_CURSOR, SHOW_CURSOR, CLEARED = "\x1b[?25l", "\x1b[?25h", "\x1b[2K"
ENDED = Ran("prod-shard-1", True, "3 create")


def terminal() -> Console:
    return Console(
        file=io.StringIO(), force_terminal=True, force_interactive=True, width=60, _environ={"TERM": "xterm"}
    )


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_on_a_terminal_each_shard_has_a_line_that_lives_and_one_that_stays() -> None:
    console = terminal()
    with Shown(2, silent=False, console=console) as shown:
        for number in (1, 2):
            shown.begins(f"prod-shard-{number}")
        shown.comes("prod-shard-1", 7, 40, "resources")
        shown.ends(ENDED)
        assert "begins" not in written(console)
    found = written(console)
    assert "prod-shard-1  ok  3 create" in found
    assert "prod-shard-2  running  0 s" in found
    assert "\x1b[2K" in found, "it is written anew in its place"


def interrupted(shown: Shown) -> None:
    with shown:
        shown.begins("prod-shard-1")
        shown.says("ending")
        raise KeyboardInterrupt


def test_an_interrupt_leaves_the_terminal_as_it_was() -> None:
    console = terminal()
    with pytest.raises(KeyboardInterrupt):
        interrupted(Shown(1, silent=False, console=console))
    assert "ending\n" in (found := written(console))
    assert found.rindex(SHOW_CURSOR) > found.rindex(HIDE_CURSOR)
    assert found.endswith(CLEARED), "no line of it is left"


def test_in_a_pipe_a_shard_has_a_line_when_it_begins_now_and_then_and_when_it_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said, told = list[str](), threading.Event()

    def note(text: str) -> None:
        said.append(text)
        if " of " in text:
            told.set()

    monkeypatch.setattr("lightly_cli.fleet_shown.note", note)
    with Shown(1, silent=False, every=0.01) as shown:
        shown.begins("prod-shard-1")
        shown.comes("prod-shard-1", 7, 40, "resources")
        told.wait()
        shown.ends(ENDED)
    mine = [line for line in said if line.startswith("prod-shard-1")]
    assert mine[0] == "prod-shard-1  begins"
    assert any(line.startswith("prod-shard-1  running  7 of 40 resources") for line in mine)
    assert capsys.readouterr().err == "prod-shard-1  ok  3 create\n"
    assert "\x1b" not in "".join(said)


@pytest.mark.parametrize("words", [{"silent": True}, {"silent": False}])
def test_who_wants_json_or_quiet_is_told_only_what_must_be_read(
    words: dict[str, bool], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(session, "quiet", not words["silent"])
    with Shown(1, every=0.01, console=terminal(), **words) as shown:
        shown.begins("prod-shard-1")
        shown.comes("prod-shard-1", 7, 40, "resources")
        shown.ends(ENDED)
        shown.says("ending")
    assert capsys.readouterr().err == "ending\n"


class Gone(io.StringIO):
    """A stream whose reader is gone."""

    def write(self, text: str, /) -> int:
        raise OSError(errno.EIO, "gone")


@pytest.mark.parametrize("terminal", [True, False])
def test_where_nobody_reads_any_more_the_verb_goes_on(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Gone())
    console = Console(file=Gone(), force_terminal=True, force_interactive=True, _environ={"TERM": "xterm"})
    with Shown(1, silent=False, console=console if terminal else None, every=0.01) as shown:
        shown.begins("prod-shard-1")
        shown.ends(ENDED)
        shown.says("ending")
