"""Secrets that stand in clear in the configuration of a stack, of whatever provider: they are exposed already.

A key that says so, or a value that has the form of one, whatever its key.

Encrypted, a value of a stack file is `secure: ...`, a table of its own
(https://www.pulumi.com/docs/iac/concepts/secrets/).
"""

import re
from collections.abc import Iterator, Mapping

from lightly_core.fault import looks_secret

from lightly_access.secret_refs import SECRETS_NAMESPACE
from lightly_access.tables.problem import Problem

_NAMES = re.compile(
    "(secret|secret_?(access_?)?key|token|passw(or)?d|passphrase|private_?key|api_?key|account_?key|credentials|"
    "external_?id|connection_?string|(^|[:_-])(sas|pwd|pass|pat))$",
    re.IGNORECASE,
)
_NO_VALUE = re.compile(r"\s*|env:.*|true|false", re.DOTALL)
"""Nothing, or where the value is."""


def in_clear(config: Mapping[str, object], ours: str) -> Iterator[Problem]:
    """One problem for each; the tables of `ours`, whose own rules say more, are left out. No value is shown."""
    for key, value in config.items():
        if not str(key).startswith((f"{ours}:", f"{SECRETS_NAMESPACE}:")):
            yield from _found((str(key),), value)


def _found(path: tuple[str, ...], value: object) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        if not (len(value) == 1 and isinstance(value.get("secure"), str)):
            for key, inner in value.items():
                yield from _found((*path, str(key)), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _found((*path, str(number)), inner)
    elif isinstance(value, str | int) and (_is_one(_named(path), str(value)) or looks_secret(str(value))):
        inside = "--path " if len(path) > 1 else ""
        hint = (
            "it is exposed to whoever reads this file: change it where it was made, then "
            f"pulumi config set --secret {inside}{'.'.join(path)}"
        )
        yield Problem(path, "a value in clear", "an encrypted value (secure: ...)", hint)


def _named(path: tuple[str, ...]) -> str:
    """The last key that says that a secret stands there or below; empty where none does."""
    return next((key for key in reversed(path) if _NAMES.search(key)), "")


def _is_one(name: str, value: str) -> bool:
    file = name.lower().endswith("credentials") and not value.lstrip().startswith("{")
    return bool(name) and not file and not _NO_VALUE.fullmatch(value.lower())
