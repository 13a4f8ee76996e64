"""What a policy grants beside what was asked for, by statement, action and resource."""

import json
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

Asked = Mapping[str, Collection[str]]
"""Action -> the resources that it was asked for."""


def grants(document: str) -> Iterator[tuple[str, str, str]]:
    """Sid, action and the pattern of a resource."""
    for statement in json.loads(document)["Statement"]:
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                yield statement["Sid"], action, resource


def needless(document: str, asked: Asked) -> set[tuple[str, str]]:
    """What a policy grants and nobody asked for: Sid and action, of none of the statement's resources.

    Not of every one of them: a bucket that is empty when it goes is not emptied.
    """
    granted, used = set[tuple[str, str]](), set[tuple[str, str]]()
    for sid, action, resource in grants(document):
        granted.add((sid, action))
        if any(fnmatchcase(each, resource) for each in asked.get(action, ())):
            used.add((sid, action))
    return granted - used


def ungranted(document: str, asked: Asked) -> set[tuple[str, str]]:
    """What was asked for and the policy does not grant: action and resource."""
    granted = [(action, resource) for _, action, resource in grants(document)]
    return {
        (action, each)
        for action, found in asked.items()
        for each in found
        if not any(action == known and fnmatchcase(each, resource) for known, resource in granted)
    }


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
