"""What every verb shares on a terminal and in a pipe: words that complete, notes, colours, and a reader that leaves."""

import logging
import os
import subprocess
import sys

import pytest
from lightly_cli import session
from lightly_cli.ended import announce
from lightly_cli.main import COMPLETE, VERBS, app, main
from typer.testing import CliRunner

COMMAND = [sys.executable, "-m", "lightly_cli.main"]


@pytest.mark.parametrize("words", [["--help"], ["schema"], ["check", "rehearsal", "--json"], ["analyze"]])
def test_a_reader_that_leaves_ends_the_run_without_a_word(words: list[str]) -> None:
    with subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == session.UNREAD


def test_another_pipe_that_breaks_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("lightly_access.manifest.stack_file.find", broken)
    monkeypatch.setattr("lightly_access.manifest.stack_file.find_all", broken)
    with pytest.raises(SystemExit) as ended:
        main(["check", "x"])
    assert ended.value.code == 3
    assert "hung up" in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "meant"), [("statsu", "status"), ("verfy", "verify"), ("Check", "check")])
def test_a_verb_that_is_almost_one_is_named(typed: str, meant: str) -> None:
    shown = CliRunner().invoke(app, [typed])
    assert shown.exit_code == 2
    assert f"hint: did you mean '{meant}'?" in shown.output


def test_a_verb_that_is_like_none_is_only_refused() -> None:
    shown = CliRunner().invoke(app, ["xyzzy"])
    assert shown.exit_code == 2
    assert "hint" not in shown.output


@pytest.mark.parametrize(
    ("line", "words"), [("lightly-access ", set(VERBS)), ("lightly-access check --ag", {"--against"})]
)
def test_bash_completes_verbs_and_options(line: str, words: set[str]) -> None:
    """By what the shell itself would ask, as `lightly-access completion bash` has it."""
    asked = {
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
        COMPLETE: "complete_bash",
    }
    done = subprocess.run(COMMAND, env={**os.environ, **asked}, capture_output=True, text=True)
    assert set(done.stdout.split()) == words, done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_asks_this_command(shell: str) -> None:
    shown = CliRunner().invoke(app, ["completion", shell])
    assert shown.exit_code == 0
    assert f"_LIGHTLY_ACCESS_COMPLETE=complete_{shell}" in shown.output


def test_quiet_leaves_out_notes_and_no_color_is_for_all_that_follows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setattr(session.session, "quiet", False)
    session.note("# said")
    monkeypatch.setattr(session.session, "quiet", True)
    session.note("# not said")
    assert capsys.readouterr().err == "# said\n"
    session.no_color()
    assert os.environ["NO_COLOR"] == "1"
    assert "FORCE_COLOR" not in os.environ


def test_verbose_tells_an_exchange_without_query_and_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    logger = logging.getLogger("urllib3.connectionpool")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "level", logger.level)
    monkeypatch.setenv("LIGHTLY_TOKEN", "a-token-that-is-secret")
    session.tell_exchanges()
    logger.debug('%s "%s %s" %s', "https://acme", "GET", "/photos/a-token-that-is-secret?sig=signature", 200)
    said = capsys.readouterr().err
    assert said.endswith('https://acme "GET /photos/<secret>?... 200\n') or '"GET /photos/<secret>?..."' in said
    assert "signature" not in said
    assert "a-token" not in said


@pytest.mark.parametrize(("quiet", "yes", "shown"), [(False, True, True), (True, True, False), (True, False, True)])
def test_what_will_be_done_is_quiet_only_where_nobody_is_asked(
    quiet: bool, yes: bool, shown: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session.session, "quiet", quiet)
    announce("cows INPUT: a key will end", yes=yes)
    assert capsys.readouterr().err == ("cows INPUT: a key will end\n" if shown else "")
