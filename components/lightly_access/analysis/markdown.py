"""Access analyses as GitHub-flavoured Markdown, for a pull request.

https://github.github.com/gfm/ : a `|` inside a table's cell needs a backslash even in code; in code nothing else counts
as markup, so whatever comes from the manifest stands in code.
"""

import re
from collections.abc import Iterator, Sequence

from lightly_access.analysis import view
from lightly_access.analysis.view import HEADINGS, MARKS, Line, Placed, Shown


def markdown(found: Sequence[Placed]) -> str:
    """The summary, then each group; what is not as expected comes first."""
    groups = view.groups(found, with_stack=view.several_stacks(found))
    groups.sort(key=lambda group: not group.unexpected)
    parts = [
        f"**{prose(view.summary(found))}**",
        *(section(group) for group in groups),
        f"<sub>{view.LEGEND}. {view.CAUTION}</sub>",
    ]
    return "\n\n".join(parts) + "\n"


def section(group: view.Group) -> str:
    parts = [
        f"#### {group.purpose}: {prose(group.way)} ({prose(group.access)})",
        "\n".join(f"- {code(member.dataset)}: {code(member.path)}" for member in group.members),
    ]
    if group.unexpected:
        parts.append("\n".join(f"- ❌ {prose(sentence)}" for sentence in group.unexpected))
    if group.lines:
        parts.append("\n".join(_table(group.lines)))
    if not group.evaluated:
        parts.append(f"❔ {view.NOT_EVALUATED}")
    sentences = [*group.sentences, *(("note", note) for note in group.notes)]
    parts.append("\n".join(f"- **{label}:** {prose(text)}" for label, text in sentences))
    return "\n\n".join(parts)


def _table(lines: Sequence[Line]) -> Iterator[str]:
    yield _row(["", *HEADINGS.values(), "decided by"])
    yield _row(["---"] * (len(HEADINGS) + 2))
    for line in lines:
        yield _row(
            [", ".join(line.what), *(_cell(cell) for cell in line.cells), ", ".join(map(_decided, line.decided))]
        )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _cell(cell: Shown) -> str:
    words = f"**{cell.words}**" if cell.words == "allowed" else cell.words
    return f"{MARKS[cell.state]} {words}".rstrip()


def _decided(words: str) -> str:
    return words if words == view.NO_STATEMENT else code(words)


def code(text: str) -> str:
    """A code span that holds the text whatever is in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    room = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{fence}{room}{text}{room}{fence}" if text else ""


def prose(text: str) -> str:
    """Prose that may hold anything: nothing in it is markup, a mention or a link."""
    return re.sub(r"([\\`*_\[\]<>#@|~&])", r"\\\1", text)
