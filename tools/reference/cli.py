"""The command line: of every verb what its help says, as Typer holds it, so that no terminal's width shows."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import typer
from lightly_cli.main import VERBS, app
from typer.core import TyperGroup

from tools.reference.markdown import code, escaped, fence, prose, table

HEAD = """\
# The command line

<!-- made by `python -m tools.reference` of the verbs' own help: change that -->

Every verb has `--help`, which says the same. What stands before the verb, and the exit codes that every verb may end
with, come first.
"""
_EXIT = re.compile(r"(?s)^Exit codes: (.*?)\.?$")
_NEXT = re.compile(r"[,;] (?=\d+ )")


def page(root: Any = None, verbs: Mapping[str, str] = VERBS) -> str:
    root = root or typer.main.get_command(app)
    context = root.context_class(root, info_name="lightly-access")
    listed = table(("verb", "what it does"), ((f"[`{verb}`](#{verb})", escaped(line)) for verb, line in verbs.items()))
    parts = [HEAD, listed, *_parts(root, context)]
    for verb in verbs:
        parts += _verb(root.get_command(context, verb), context, verb, "##")
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _verb(command: Any, parent: Any, name: str, heading: str) -> Iterator[str]:
    """A verb, and below it the verbs of its own, if it has some."""
    context = command.context_class(command, info_name=name, parent=parent)
    yield f"{heading} {context.command_path.partition(' ')[2]}"
    yield from _parts(command, context)
    if isinstance(command, TyperGroup):
        for inner in command.list_commands(context):
            yield from _verb(command.get_command(context, inner), context, inner, f"{heading}#")


def _parts(command: Any, context: Any) -> Iterator[str]:
    yield fence(" ".join([context.command_path, *command.collect_usage_pieces(context)]), "text")
    yield "\n\n".join(map(_paragraph, re.split(r"\n\n", command.help or "")))
    records = [
        (param.param_type_name, *record)
        for param in command.get_params(context)
        if param.name != "help" and (record := param.get_help_record(context))
    ]
    for kind in ("argument", "option"):
        if rows := [
            (code(name), escaped(" ".join(meaning.split()))) for word, name, meaning in records if word == kind
        ]:
            yield table((kind, "meaning"), rows)


def _paragraph(text: str) -> str:
    if found := _EXIT.match(text):
        codes = (line.partition(" ") for line in _NEXT.split(" ".join(found[1].split())))
        return "\n".join(["Exit codes:", "", *(f"- `{number}` {escaped(meaning)}" for number, _, meaning in codes)])
    return prose(text, "text")
