"""What a change makes of access analyses, as Markdown for a pull request."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from itertools import islice

from lightly_core.counted import counted

from lightly_access.analysis import view
from lightly_access.analysis.markdown import code, markdown, section
from lightly_access.analysis.view import Placed
from lightly_access.report.view import printable

_Name = tuple[str, str, str]
"""Stack, dataset and purpose."""


def changes(before: Sequence[Placed], after: Sequence[Placed]) -> str:
    """What is new, what differs and what is gone; then, folded, the whole analysis."""
    old, new = _sections(before), _sections(after)
    added = [name for name in new if name not in old]
    differs = [name for name in new if name in old and new[name] != old[name]]
    gone = [name for name in old if name not in new]
    parts = [
        f"**{_summary(added, differs, gone)}**",
        *(f"#### New: {_shown(name)}\n\n{_quoted(new[name])}" for name in added),
        *(f"#### Changes: {_shown(name)}\n\n{_difference(old[name], new[name])}" for name in differs),
        *(f"#### Gone: {_shown(name)}" for name in gone),
        f"<details><summary>All that Lightly may then do</summary>\n\n{markdown(after)}\n</details>",
    ]
    return "\n\n".join(parts) + "\n"


def _sections(found: Sequence[Placed]) -> Mapping[_Name, str]:
    """Of each datasource what the analysis says of it alone."""
    return {
        (placed.stack, placed.analysis.dataset, str(placed.analysis.purpose)): section(group)
        for placed in found
        for group in view.groups([placed], with_stack=False)
    }


def _summary(added: Sequence[_Name], differs: Sequence[_Name], gone: Sequence[_Name]) -> str:
    if not (added or differs or gone):
        return "Nothing changes in what Lightly may do"
    counts = ((added, "new"), (differs, "changed"), (gone, "gone"))
    return "; ".join(f"{counted(len(names), 'datasource')} {word}" for names, word in counts if names)


def _shown(name: _Name) -> str:
    stack, dataset, purpose = name
    return f"{code(printable(dataset))} {purpose} of {code(printable(stack))}"


def _quoted(text: str) -> str:
    """Below a heading of ours, so without its own."""
    return text.partition("\n\n")[2]


def _difference(old: str, new: str) -> str:
    """The lines that differ. No line of a section begins with a fence of this length."""
    return "\n".join(["``````diff", *_lines(old, new), "``````"])


def _lines(old: str, new: str) -> Iterator[str]:
    """Without the lines of a diff that only say where."""
    lines = islice(unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm=""), 2, None)
    return (line for line in lines if not line.startswith("@@"))
