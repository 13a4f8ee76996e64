"""The way out of a fault, on a line of its own below what is wrong, and where more is said."""

_MARK = "\nhint: "
_MORE = "\nrunbook: "


def with_hint(text: str, hint: str | None, runbook: str | None = None) -> str:
    """The text, and the hint below it when there is one; `runbook` is the name of an entry in docs/runbook.md."""
    more = f"{_MORE}{where(runbook)}" if runbook else ""
    return f"{text}{_MARK}{hint}{more}" if hint else f"{text}{more}"


def without_hint(text: str) -> str:
    """What is wrong, alone, for a place with room for one line."""
    return text.partition(_MARK)[0].partition(_MORE)[0]


def hint_of(text: str) -> str | None:
    """The way out alone."""
    return text.partition(_MARK)[2].partition(_MORE)[0] or None


def where(runbook: str) -> str:
    """What prints the entry of the runbook, wherever the package is installed."""
    return f"lightly-access explain --cause {runbook}"
