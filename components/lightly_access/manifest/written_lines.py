"""Lines of a manifest that we write: tables on one line, every value read as the text that it is, by any YAML."""

import re
from collections.abc import Mapping

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_./-]?[A-Za-z0-9/]+)*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
"""What YAML 1.1 or 1.2 reads as something else (https://yaml.org/type/bool.html)."""


def flow(fields: Mapping[str, str]) -> str:
    """A table: `{store: lake, path: "a, b/"}`."""
    return f"{{{', '.join(f'{scalar(key)}: {scalar(value)}' for key, value in fields.items())}}}"


def scalar(text: str) -> str:
    """A text as it is where nothing could be read into it, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def secret_name(dataset: str, purpose: str) -> str:
    """A name in the stack's configuration for the secret of a dataset's datasource."""
    return (
        f"{''.join(c if c.isascii() and (c.isalnum() or c in '-_') else '-' for c in dataset)[:48]}-{purpose.lower()}"
    )
