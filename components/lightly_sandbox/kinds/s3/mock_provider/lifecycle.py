"""Lifecycle rules between Pulumi's names and S3's.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_PARTS = {
    "abortIncompleteMultipartUpload": (
        "AbortIncompleteMultipartUpload",
        {"daysAfterInitiation": "DaysAfterInitiation"},
    ),
    "expiration": ("Expiration", {"days": "Days", "expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"}),
    "noncurrentVersionExpiration": (
        "NoncurrentVersionExpiration",
        {"noncurrentDays": "NoncurrentDays", "newerNoncurrentVersions": "NewerNoncurrentVersions"},
    ),
}


def to_rules(rules: Sequence[Mapping[str, Any]]) -> list[Any]:
    """S3's rules. S3 wants a filter in each; one without a prefix holds for the whole bucket."""
    return [_to_rule(rule) for rule in rules]


def _to_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    prefix = (rule.get("filter") or {}).get("prefix") or ""
    theirs: dict[str, Any] = {"ID": rule["id"], "Status": rule["status"], "Filter": {"Prefix": prefix}}
    for ours, (name, fields) in _PARTS.items():
        part = rule.get(ours)
        if part:
            theirs[name] = {there: part[here] for here, there in fields.items() if part.get(here)}
    return theirs


def from_rules(rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_from_rule(rule) for rule in rules]


def _from_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    ours: dict[str, Any] = {"id": rule.get("ID", ""), "status": rule["Status"]}
    prefix = rule.get("Filter", {}).get("Prefix") or rule.get("Prefix")
    if prefix:
        ours["filter"] = {"prefix": prefix}
    for here, (name, fields) in _PARTS.items():
        part = rule.get(name)
        if part:
            ours[here] = {field: part[there] for field, there in fields.items() if part.get(there)}
    return ours
