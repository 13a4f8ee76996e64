"""What every verb shares: help, version, errors that nobody foresaw, and what is not imported."""

import re
import subprocess
import sys
from importlib import import_module

import pytest
from lightly_cli import main as cli
from lightly_cli.main import VERBS, app
from lightly_core.extra import extra_with
from typer.testing import CliRunner

HEAVY = (
    "pulumi",
    "pulumi_aws",
    "boto3",
    "botocore",
    "grpc",
    "lightly_sandbox",
    "lightly_provider",
    "lightly_policies.evaluator",
    "lightly_policies.rendering",
)
SLOW = ("pydantic", "yaml", "rich", "jinja2")


def imported_by(*words: str) -> set[str]:
    """The packages in sys.modules of a process of its own, after a command."""
    program = (
        "import sys\nfrom lightly_cli.main import main\n"
        f"try:\n    main({list(words)!r})\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print('modules:', *sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in ended.stdout.splitlines()[-1].split()[1:]}


@pytest.mark.parametrize("words", [("--help",), ("--version",)])
def test_help_imports_nothing_that_is_slow(words: tuple[str, ...]) -> None:
    assert not imported_by(*words) & {*HEAVY, *SLOW}


@pytest.mark.parametrize("words", [*((verb, "--help") for verb in VERBS), ("check", "rehearsal"), ("schema",)])
def test_no_help_and_neither_check_nor_schema_import_pulumi_or_a_cloud_sdk(words: tuple[str, ...]) -> None:
    assert not imported_by(*words) & set(HEAVY)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_its_exit_codes(verb: str) -> None:
    shown = CliRunner().invoke(app, [verb, "--help"])
    assert shown.exit_code == 0
    assert shown.output.startswith("Usage:")
    assert not re.search(r"<(str|int|float|list|.*Path)\b", shown.output), "a type of Python"
    assert import_module(f"lightly_cli.{verb.replace('-', '_')}").__doc__


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_no_line_of_help_is_wider_than_80_columns(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = CliRunner().invoke(app, [*filter(None, [verb]), "--help"]).output
    assert [line for line in shown.splitlines() if len(line) > 80] == []


def test_a_word_that_is_no_choice_is_refused_in_our_words() -> None:
    refused = CliRunner().invoke(app, ["fleet", "upp"])
    assert refused.exit_code == 2
    said = "got 'upp', expected up, preview, status, verify, destroy or settle\nhint: did you mean 'up'?"
    assert said in refused.output


def test_the_help_lists_every_verb_in_order_and_the_exit_codes() -> None:
    shown = CliRunner().invoke(app, ["-h"]).output
    listed = [line.split()[0] for line in shown.partition("Commands:")[2].splitlines() if line.strip()]
    assert listed == list(VERBS)
    assert "Exit codes: 0" in shown


def _fail(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("lightly_access.manifest.stack_file.find", broken)


def test_an_unexpected_error_is_one_line_and_a_hint(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _fail(monkeypatch, RuntimeError("first line\nsecond line"))
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", "x"])
    assert ended.value.code == cli.UNEXPECTED
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "lightly-access: RuntimeError: first line"
    assert said[1].startswith("hint:")
    assert len(said) == 2


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("boto3", "aws"),
        ("azure.identity", "azure"),
        ("google.auth", "gcp"),
        ("granian", "serve"),
        ("moto", "rehearsal"),
    ],
)
def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], module: str, extra: str
) -> None:
    _fail(monkeypatch, ModuleNotFoundError(f"No module named {module!r}", name=module))
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", "x"])
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert (
        f"this needs {module}, which is not installed\nhint: pip install 'lightly-access[{extra_with(module)}]'" in said
    )


def test_debug_shows_where_it_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    _fail(monkeypatch, RuntimeError("here"))
    with pytest.raises(RuntimeError, match="here"):
        cli.main(["--debug", "check", "x"])


def test_ctrl_c_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    _fail(monkeypatch, KeyboardInterrupt())
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", "x"])
    assert ended.value.code == 130
