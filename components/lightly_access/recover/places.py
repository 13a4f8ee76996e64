"""The place where a resource is looked for: its provider's inputs, its secrets opened where Pulumi has opened them."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lightly_core.pulumi_struct import SECRET, SIGNATURE

from lightly_access.deployed.exported import outputs, text
from lightly_access.recover.operation import Known
from lightly_access.recover.way import Place


def placing(opened: Known, environ: Mapping[str, str]) -> Callable[[Mapping[str, Any], Known], Place]:
    """`opened` is the state as Pulumi shows it with its secrets, which no other part of this has."""

    def place(entry: Mapping[str, Any], known: Known) -> Place:
        given = {name: _open(value) for name, value in opened.provider(entry).items()}
        ids = frozenset(str(each["id"]) for each in known.resources if each.get("id"))
        arns = frozenset(_arns(entry, known))
        return Place({name: value for name, value in given.items() if value is not None}, environ, ids, arns)

    return place


def _arns(entry: Mapping[str, Any], known: Known) -> Iterator[str]:
    made_by = str(entry.get("provider", "")).rpartition("::")[0]
    for each in known.resources:
        if str(each.get("provider", "")).rpartition("::")[0] == made_by:
            yield text(outputs(each).get("arn"))


def closed_logins(known: Known) -> Iterator[Any]:
    """What the providers of a state have that is secret."""
    for each in known.resources:
        inputs = each.get("inputs") if str(each.get("type", "")).startswith("pulumi:providers:") else None
        for value in (inputs or {}).values():
            if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
                yield value


def opened_logins(opened: Known) -> Iterator[str]:
    """The same in clear, of a state as Pulumi shows it with its secrets."""
    return (value for each in closed_logins(opened) if isinstance(value := _open(each), str))


def _open(value: Any) -> Any:
    """None for what is encrypted."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return json.loads(value["plaintext"]) if "plaintext" in value else None
    return value
