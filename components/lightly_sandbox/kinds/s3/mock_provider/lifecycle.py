"""Lifecycle rules between Pulumi's names and S3's.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html. Every element is translated, those too
that no component of ours writes: somebody else may write them, and that has to be seen.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_INITIAL = {"id": "ID"}


def to_rules(rules: Sequence[Mapping[str, Any]]) -> list[Any]:
    """S3's rules. S3 wants a filter in each; one without a prefix holds for the whole bucket."""
    return [_to_rule(rule) for rule in rules]


def _to_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    theirs: dict[str, Any] = _to(rule)
    if "Prefix" not in theirs:
        theirs["Filter"] = theirs.get("Filter") or {"Prefix": ""}
    return theirs


def _to(part: Mapping[str, Any]) -> dict[str, Any]:
    """What says something, by S3's names."""
    theirs: dict[str, Any] = {}
    for name, value in part.items():
        there = _INITIAL.get(name) or f"{name[0].upper()}{name[1:]}"
        if name == "tags":
            theirs[there] = [{"Key": key, "Value": known} for key, known in value.items()]
        elif isinstance(value, list):
            theirs[there] = [_to(item) for item in value]
        elif isinstance(value, dict):
            theirs[there] = _to(value)
        elif value is not None and value is not False and (value != "" or name == "prefix"):
            theirs[there] = value
    return {name: value for name, value in theirs.items() if value not in ({}, [])}


def from_rules(rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_from(rule) for rule in rules]


def _from(part: Mapping[str, Any]) -> dict[str, Any]:
    ours: dict[str, Any] = {}
    for name, value in part.items():
        here = "id" if name == "ID" else f"{name[0].lower()}{name[1:]}"
        if name == "Tags":
            ours[here] = {tag["Key"]: tag["Value"] for tag in value}
        elif isinstance(value, list):
            ours[here] = [_from(item) for item in value]
        elif isinstance(value, dict):
            if inner := _from(value):
                ours[here] = inner
        elif isinstance(value, datetime):
            ours[here] = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        elif value not in ("", False):
            ours[here] = value
    return ours
