"""`lightly-access explain`: what does a refusal mean, and what is the way out?"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer


def explain(
    said: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE | TEXT]...",
            show_default=False,
            help="The output of `pulumi up`, a log, or an error as it is. Default: standard input.",
        ),
    ] = None,
    cause: Annotated[
        str | None,
        typer.Option(metavar="NAME", show_default=False, help="Print this entry of the runbook, as messages name it."),
    ] = None,
) -> None:
    """Say what a refusal means, and the way out.

    Any text will do: the output of a deployment, a log, one error; also in colour, with the times that a pipeline puts
    before each line, cut at a terminal's width, or as Pulumi's events (`--json`, `--event-log`). Each red light is said
    with its own cause and fix. Known are the refusals of AWS, Azure, Google Cloud,
    S3-compatible services and Lightly that explain a red light, and those that stop whoever deploys: missing rights,
    policies of an organisation, names that are taken, quotas. Secrets of the environment are not repeated.

    \b
    Examples:
      pulumi up 2>&1 | tee up.log; lightly-access explain up.log
      pulumi up 2>&1 | lightly-access explain
      lightly-access explain "InvalidToken: The provided token is malformed"
      lightly-access explain --cause s3-object-lock    what `runbook:` names

    Exit codes: 0 a refusal was explained, 1 there is none that is known, 2 wrong usage.
    """
    if cause is not None:
        _print_entry(cause, said)
        return
    from lightly_access.explain import explain as found_in
    from lightly_core.hint import with_hint
    from lightly_core.scrub import Scrubber

    from lightly_cli.fitting import print_lines

    text = _text(said or [])
    explanations = found_in(Scrubber.of_environment(os.environ).scrub(text))
    for explanation in explanations:
        said_of = f"{explanation.name}: {explanation.cause}"
        print_lines([(with_hint(said_of, explanation.hint, explanation.runbook), ""), ("", "")])
    if not explanations:
        typer.echo("nothing here that is known to explain\nhint: the error's own words say what was refused", err=True)
    raise typer.Exit(0 if explanations else 1)


def _print_entry(name: str, said: list[str] | None) -> None:
    """Raises BadParameter for a name that no entry has."""
    from lightly_access.runbook import NoEntryError, entry

    if said:
        raise typer.BadParameter("got --cause and a text, expected one of the two")
    try:
        typer.echo(entry(name).plain())
    except NoEntryError as unknown:
        raise typer.BadParameter(str(unknown), param_hint="--cause") from None


def _text(said: list[str]) -> str:
    """What the files hold, or the words themselves."""
    if not said or said == ["-"]:
        if sys.stdin.isatty():
            typer.echo("reading from the terminal: paste the error, end with Ctrl-D", err=True)
        return sys.stdin.buffer.read().decode(errors="replace")
    files = [_file(each) for each in said]
    if all(files):
        return "\n".join(_content(file) for file in files if file)
    words = " ".join(said)
    if len(said) == 1 and _looks_like_a_file(words):
        raise typer.BadParameter(f"got {words}, expected a file that can be read (there is none), or an error's text")
    return words


def _file(word: str) -> Path | None:
    try:
        return Path(word) if Path(word).exists() else None
    except (OSError, ValueError):  # too long for a name, or with a NUL: words
        return None


def _content(file: Path) -> str:
    try:
        return file.read_bytes().decode(errors="replace")
    except OSError as error:
        raise typer.BadParameter(f"got {file}, expected a file that can be read ({error.strerror})") from None


def _looks_like_a_file(word: str) -> bool:
    """One word with a folder or an ending: an error has several, and a code has neither."""
    return not any(map(str.isspace, word)) and ("/" in word or word.endswith((".log", ".txt", ".json", ".out")))
