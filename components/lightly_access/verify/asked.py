"""A deployment as `pulumi stack export` writes it -> what has to be asked of each dataset. Pure.

Secrets come as the export has them: encrypted, then nobody can probe with them; or in clear after `--show-secrets`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_core.capability import Purpose
from lightly_core.pulumi_values import Properties, SecretValue, has_unknown
from lightly_core.resource_types import VERIFICATION

from lightly_access.deployed.exported import exported, outputs, table, text
from lightly_access.deployed.properties import properties

_KEYS = "credentials"
_TOKEN = VERIFICATION.token


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


def asked(document: object) -> dict[str, Asked]:
    """By the dataset's key. Raises StateError for what is no export, or has a secret that is none."""
    return {text(each.get("parent")).rpartition("::")[2]: _asked(each) for each in exported(document).of(_TOKEN)}


def _asked(entry: Mapping[str, Any]) -> Asked:
    inputs = properties(entry.get("inputs"))
    keys = inputs.pop(_KEYS, None)
    closed = has_unknown(keys)
    opened: Properties = {name: value for name, value in inputs.items() if not has_unknown(value)}
    if keys is not None and not closed:
        opened[_KEYS] = keys if isinstance(keys, SecretValue) else SecretValue(keys)
    return Asked(text(entry.get("id")), opened, closed, _reached(outputs(entry)))


def _reached(said: Mapping[str, Any]) -> dict[Purpose, tuple[str, ...]]:
    rows = {purpose: table(said.get("probes")).get(purpose) for purpose in Purpose}
    lists = {purpose: row.get("beyond") for purpose, row in rows.items() if isinstance(row, dict)}
    return {purpose: tuple(map(str, found)) for purpose, found in lists.items() if isinstance(found, list) and found}
