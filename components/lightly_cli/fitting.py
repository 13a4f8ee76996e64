"""Lines for people: on a terminal they break between words, in a file or a pipe each stays one, for tools."""

import re
from collections.abc import Iterable, Iterator

_WORDS = re.compile(r"\s+|(?:`[^`]*`|[^\s`])+|`")
_COPIED = ("hint:", "runbook:", "fix ", "fix:")
"""What begins so, and has no `...` in it, is a command or an address that somebody copies: a break would come with it.
"""


def print_lines(lines: Iterable[tuple[str, str]]) -> None:
    """Print texts, each in its style."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    for text, style in lines:
        for part in fitting(text, console.width) if console.is_terminal else text.splitlines() or [""]:
            console.print(part, style=style or None)


def fitting(text: str, width: int) -> Iterator[str]:
    """The text in lines of this width; wider is only what has no place to break: a word, a command in `...`."""
    for line in text.splitlines() or [""]:
        if len(line) <= width or (line.lstrip().startswith(_COPIED) and "`" not in line):
            yield line
            continue
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        shown = gap = ""
        for word in _WORDS.findall(line):
            if word.isspace():
                gap = word
            elif not shown.strip() or len(shown) + len(gap) + len(word) <= width:
                shown, gap = shown + gap + word, ""
            else:
                yield shown
                shown, gap = indent + word, ""
        yield shown
