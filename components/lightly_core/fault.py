"""What is wrong with one value, before anybody says where it stood.

A checker is a pure function of the value: it returns None when the value is good and a Fault when it is not. The caller
knows the place and builds the sentence: `datasets.cows.input.path: got '/a', expected ...`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lightly_core.hint import with_hint

_SHOWN = 80
_SECRET = re.compile(
    r"://[^/?#\s@:]*:[^/?#\s@]+@"  # a login in a URL
    r"|(?i:(?:^|[?&;\s])(?:sig|token|x-amz-signature|accountkey|sharedaccesssignature|password)=)"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY|\"private_key\"|^eyJ[\w-]+\.[\w-]+\."
    r"|^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9/+]{40}$",  # the secret of an access key of AWS
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What would have been right, and the way out when there is one that the expectation does not say."""

    expected: str
    hint: str | None = None

    def sentence(self, got: object) -> str:
        """`got 'x', expected ...`, and the hint below. Pass a Secret for a value that must not be shown."""
        return with_hint(f"got {shown(got)}, expected {self.expected}", self.hint)


def shown(value: object) -> str:
    """A value as a message may show it: text quoted and cut, tables and lists only by their kind, no type names."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and looks_secret(value):
        return "what looks like a secret (hidden)"
    if isinstance(value, str):
        return ascii(value) if len(value) <= _SHOWN else f"{value[:_SHOWN]!a}... ({len(value)} characters)"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, Sequence):
        return "a list"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def looks_secret(text: str) -> bool:
    """Whether somebody pasted a secret, by its form alone: then it is shown nowhere, wherever it stands."""
    return bool(_SECRET.search(text))


def one_of(words: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def did_you_mean(got: object, names: Iterable[str]) -> str | None:
    """`did you mean 'lake'?` when one of the names is close to what was written."""
    from difflib import get_close_matches  # late: only a mistake pays for it

    by_lower = {name.lower(): str(name) for name in names}
    near = get_close_matches(got.lower(), by_lower, n=1, cutoff=0.6) if isinstance(got, str) else []
    return f"did you mean {by_lower[near[0]]!r}?" if near else None
