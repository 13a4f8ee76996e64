"""The way out of a fault, on a line of its own below what is wrong."""

_MARK = "\nhint: "


def with_hint(text: str, hint: str | None) -> str:
    """The text, and the hint below it when there is one."""
    return f"{text}{_MARK}{hint}" if hint else text


def without_hint(text: str) -> str:
    """What is wrong, alone, for a place with room for one line."""
    return text.partition(_MARK)[0]


def hint_of(text: str) -> str | None:
    """The way out alone."""
    return text.partition(_MARK)[2] or None
