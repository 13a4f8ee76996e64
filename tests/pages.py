"""The pages of the site, and the commands that stand in them."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tools.site.navigation import EVERYWHERE

ROOT = Path(__file__).parents[1]
PAGES = sorted(page for pattern in EVERYWHERE for page in ROOT.glob(pattern.replace("**.md", "**/*.md")))
_FENCED = re.compile(r"(?ms)^ *```(\w*)\n(.*?)^ *```$")
_INDENTED = re.compile(r"(?m)(?:^    \S.*\n)+")
_INLINE = re.compile(r"`((?:lightly-access|pulumi) [^`]+)`")


def blocks(page: Path, *languages: str) -> list[str]:
    """The fenced blocks of a page in these languages."""
    return [text for language, text in _FENCED.findall(page.read_text("utf-8")) if language in languages]


def prose(page: Path) -> str:
    """A page without what is fenced or indented."""
    return _INDENTED.sub("", _FENCED.sub("", page.read_text("utf-8")))


def lines(block: str) -> list[str]:
    """The commands of a shell's block, each on one line."""
    return [line for line in block.replace("\\\n", " ").splitlines() if line.strip()]


def commands(page: Path, program: str) -> Iterator[list[str]]:
    """The words that each command of a page gives to a program, in blocks and inside sentences."""
    text = page.read_text("utf-8")
    shell = [*blocks(page, "sh", "bash"), *(found.group() for found in _INDENTED.finditer(_FENCED.sub("", text)))]
    written = [line for block in shell for line in lines(block)]
    for line in [*written, *_INLINE.findall(_FENCED.sub("", text).replace("\n", " "))]:
        for part in _split(line):
            if part and part[0].removeprefix(".venv/bin/") == program:
                yield part[1:]


def _split(line: str) -> Iterator[list[str]]:
    """The commands of a line, without comments and without where their output goes; `...` for `<what somebody has>`."""
    lexer = shlex.shlex(re.sub(r"<\w[^<>]*>", "...", line), posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, "#"
    part: list[str] = []
    try:
        words = list(lexer)
    except ValueError:  # a sentence with an apostrophe
        return
    for word in words:
        if word in ("&&", "||", "|", ";", "&"):
            yield part
            part = []
        else:
            part.append(word)
    end = next((place for place, word in enumerate(part) if set(word) <= set("<>")), len(part))
    yield part[:end]
