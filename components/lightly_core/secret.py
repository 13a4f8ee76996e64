"""A secret that cannot be printed by accident."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NAMES = re.compile(
    r"TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|CONNECTION_STRING|EXTERNAL_ID|HEADER|_SAS|KEY(?!_ID)", re.IGNORECASE
)
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Secret:
    """Text that must not be shown: its `repr` and `str` are `<secret>`; `reveal()` is the one way to the value."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """The value in clear. Call it at the edge that needs it, never to build a message."""
        return self._value

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format("<secret>", spec)


def secrets_among(environ: Mapping[str, str]) -> list[Secret]:
    """The values of variables whose names say that they are secrets; not the names of files and services."""
    return [
        Secret(value)
        for name, value in environ.items()
        if _NAMES.search(name) and len(value) >= _SHORTEST and not value.startswith(("/", "http://", "https://"))
    ]
