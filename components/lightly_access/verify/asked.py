"""A deployment as `pulumi stack export` writes it -> what has to be asked of each dataset. Pure.

Secrets come as the export has them: encrypted, then nobody can probe with them; or in clear after `--show-secrets`,
then they are a SecretValue from here on. The form of both is Pulumi's (`lightly_core.pulumi_struct` has its source).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_core.capability import Purpose
from lightly_core.pulumi_struct import SECRET, SIGNATURE
from lightly_core.pulumi_values import Properties, SecretValue, Value
from lightly_core.resource_types import VERIFICATION

from lightly_access.deployed.exported import resources as exported_resources
from lightly_access.status.deployed import StateError

_KEYS = "credentials"


@dataclass(frozen=True, slots=True)
class Asked:
    """The verification of one dataset.

    Attributes:
        id: Lightly's, of the dataset.
        inputs: those of its Verification, as the state has them.
        closed: its probe credentials are there and encrypted.
        beyond: what a key could do outside its path when it was probed last; only purposes where it could.
    """

    id: str
    inputs: Properties
    closed: bool = False
    beyond: Mapping[Purpose, tuple[str, ...]] = field(default_factory=dict)


def asked(document: Mapping[str, Any]) -> dict[str, Asked]:
    """By the dataset's key; of a document that `deployed` took. Raises StateError."""
    resources = exported_resources(document["deployment"])
    found = (entry for entry in resources if entry.get("type") == VERIFICATION.token and not entry.get("delete"))
    return {str(entry.get("parent", "")).rpartition("::")[2]: _asked(entry) for entry in found}


def _asked(entry: Mapping[str, Any]) -> Asked:
    given = entry.get("inputs")
    inputs = dict(given) if isinstance(given, dict) else {}
    keys = inputs.pop(_KEYS, None)
    closed = any(_encrypted(keys))
    opened: Properties = {name: _value(value) for name, value in inputs.items() if not any(_encrypted(value))}
    if keys is not None and not closed:
        opened[_KEYS] = SecretValue(_value(keys))
    return Asked(str(entry.get("id", "")), opened, closed, _reached(entry.get("outputs")))


def _value(value: Any) -> Value:
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return SecretValue(_value(_clear(value)))
        return {name: _value(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_value(item) for item in value]
    return value if isinstance(value, bool | float | int | str) else None


def _clear(secret: Mapping[str, Any]) -> Any:
    """What is inside: Pulumi writes it as JSON inside of JSON."""
    try:
        return json.loads(secret["plaintext"])
    except (KeyError, TypeError, json.JSONDecodeError):
        pass  # outside of the handler nothing holds on to the text
    raise StateError("a secret in it is neither encrypted nor in clear\nhint: was this state edited by hand?")


def _encrypted(value: Any) -> Iterator[bool]:
    """A True for each secret in it that is encrypted."""
    if isinstance(value, dict):
        if "ciphertext" in value and value.get(SIGNATURE) == SECRET:
            yield True
        for item in value.values():
            yield from _encrypted(item)
    elif isinstance(value, list):
        for item in value:
            yield from _encrypted(item)


def _reached(outputs: Any) -> dict[Purpose, tuple[str, ...]]:
    probes = outputs.get("probes") if isinstance(outputs, dict) else None
    rows = {purpose: probes.get(purpose) for purpose in Purpose} if isinstance(probes, dict) else {}
    lists = {purpose: row.get("beyond") for purpose, row in rows.items() if isinstance(row, dict)}
    return {purpose: tuple(map(str, found)) for purpose, found in lists.items() if isinstance(found, list) and found}
