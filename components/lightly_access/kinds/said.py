"""A cause, and beside it the words of the service that it was read from: put together, and parted again. Pure."""

import re

_LIGHTLY, _PROBE = "Lightly says", "the probe was told"
_DOUBT = "; the answer does not say which datasource it means, so both are marked"
_SAID = re.compile(
    rf"(?P<cause>.*?) \((?P<who>{_LIGHTLY}|{_PROBE}): (?P<words>.*)\)(?P<doubt>{re.escape(_DOUBT)})?", re.DOTALL
)
SPOKEN = re.compile(rf"(?:{_LIGHTLY}|{_PROBE}): ")
"""Before the words of a refusal, in a cause of ours."""


def said(cause: str, words: str, *, by_probe: bool, certain: bool) -> str:
    """The cause with the words of its refusal, when there are some; not `certain`: it may be the other datasource's."""
    spoken = f" ({_PROBE if by_probe else _LIGHTLY}: {words})" if words else ""
    return f"{cause}{spoken}{'' if certain else _DOUBT}"


def parted(cause: str) -> tuple[str, str]:
    """The cause alone, and who said what: `Lightly says: AccessDenied ...`."""
    found = _SAID.fullmatch(cause)
    if not found:
        return cause, ""
    return f"{found['cause']}{found['doubt'] or ''}", f"{found['who']}: {found['words']}"
