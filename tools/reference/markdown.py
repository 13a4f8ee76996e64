"""Texts that were written for a terminal, as Markdown."""

import re
from collections.abc import Iterable
from itertools import groupby
from textwrap import dedent

_CODE = re.compile(r"(`[^`]*`)")
_JSON = re.compile(r'(\{"[^{}`]*(?:\{[^{}`]*\}[^{}`]*)*\})')
_OPTION = re.compile(r"(?<![\w`-])(--?[a-z][\w-]*)")
_KEPT = "\b"
"""Click's mark of lines that are printed as they are: https://click.palletsprojects.com/documentation/."""


def escaped(text: str) -> str:
    """Prose in which only what is between backticks has a meaning; JSON and options of a command are put there."""
    parts = _CODE.split(_JSON.sub(r"`\1`", text))
    return "".join(part if _CODE.fullmatch(part) else _plain(part) for part in parts)


def _plain(text: str) -> str:
    return _OPTION.sub(r"`\1`", re.sub(r"([<*_\[\]])", _escape, text))


def _escape(found: re.Match[str]) -> str:
    """An underscore inside a word means nothing to Markdown."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return found[0] if found[0] == "_" and before.isalnum() and after.isalnum() else f"\\{found[0]}"


def prose(text: str, language: str) -> str:
    """Paragraphs; lines that are indented, or that Click keeps as they are, become a block of this language."""
    shown: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        if paragraph.startswith(_KEPT):
            paragraph = paragraph.removeprefix(_KEPT).lstrip("\n")
        for indented, lines in groupby(paragraph.splitlines(), lambda line: line.startswith(" ")):
            block = "\n".join(lines)
            if not indented:
                shown.append(escaped(block))
            elif shown and shown[-1].endswith("\n```"):  # a block with an empty line in it
                shown[-1] = f"{shown[-1].removesuffix('```')}\n{dedent(block)}\n```"
            else:
                shown.append(fence(dedent(block), language))
    return "\n\n".join(shown)


def fence(block: str, language: str) -> str:
    return f"```{language}\n{block}\n```"


def code(text: str) -> str:
    """Text that is shown as it is; nothing for nothing."""
    return f"`{text}`" if text else ""


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of GitHub's Markdown; a cell's line breaks and bars are made harmless."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def first_sentence(text: str) -> str:
    return " ".join(text.split()).partition(". ")[0].rstrip(".:")
