"""A secret that somebody hands over: without what people copy with it. Nothing here shows it."""

_INVISIBLE = "\ufeff\u200b\u00a0"
"""A mark at the begin of a file, a space of no width, and one that does not break: from documents and chats."""


def bare(text: str) -> str:
    """Without spaces around it, and without the quotes of a shell, of JSON or of Markdown."""
    found = text.strip().strip(_INVISIBLE).strip()
    while len(found) > 1 and found[0] == found[-1] and found[0] in "\"'`":
        found = found[1:-1].strip()
    return found
