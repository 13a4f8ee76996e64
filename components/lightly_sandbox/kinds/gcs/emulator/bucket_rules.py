"""What Cloud Storage takes as the settings of a bucket, and IAM as its bindings.

Sources: https://docs.cloud.google.com/storage/docs/json_api/v1/buckets (fields),
https://cloud.google.com/storage/docs/locations, https://cloud.google.com/storage/docs/storage-classes,
https://cloud.google.com/storage/docs/soft-delete (0, or 7 to 90 days),
https://cloud.google.com/storage/docs/lifecycle#configuration and https://cloud.google.com/storage/quotas#buckets (100
rules, 50 prefixes a rule), https://cloud.google.com/storage/docs/tags-and-labels#bucket-labels,
https://cloud.google.com/iam/quotas (1,500 principals in a policy) and
https://cloud.google.com/iam/docs/conditions-overview.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from lightly_access.kinds.gcs.names import MULTI_REGIONS, REGIONS

from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError, invalid

CLASSES = (
    *("STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"),
    *("MULTI_REGIONAL", "REGIONAL", "DURABLE_REDUCED_AVAILABILITY"),
)
_LOCATIONS = {each.upper() for each in (*REGIONS, *MULTI_REGIONS)}
_ACTIONS = ("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload")
_NUMBERS = frozenset({"age", "daysSinceNoncurrentTime", "daysSinceCustomTime", "numNewerVersions"})
_DATES = frozenset({"createdBefore", "customTimeBefore", "noncurrentTimeBefore"})
_LISTS = frozenset({"matchesPrefix", "matchesStorageClass", "matchesSuffix"})
_RULES, _PREFIXES = 100, 50
_DAY = 86400
_LABELS = 64
_MEMBERS = 1500
_BASIC = ("roles/owner", "roles/editor", "roles/viewer")
_TITLE, _DESCRIPTION, _LOGICAL = 100, 256, 12


def check_settings(settings: Mapping[str, Any]) -> None:
    """Raises RefusedError for settings that no bucket can have."""
    if settings["location"] not in _LOCATIONS:
        raise invalid("The specified location constraint is not valid.")
    if settings["storageClass"] not in CLASSES:
        raise invalid(f"Invalid argument: the storage class {settings['storageClass']!r} is not known.")
    if type((settings.get("versioning") or {}).get("enabled", False)) is not bool:
        raise invalid("Invalid value at 'versioning.enabled' (TYPE_BOOL)")
    check_lifecycle((settings.get("lifecycle") or {}).get("rule") or ())
    _check_labels(settings.get("labels") or {})
    _check_soft_delete((settings.get("softDeletePolicy") or {}).get("retentionDurationSeconds"))


def check_lifecycle(rules: Iterable[Mapping[str, Any]]) -> None:
    """The rules are kept, and not carried out here."""
    rules = list(rules)
    if len(rules) > _RULES:
        raise invalid(f"Invalid argument: a lifecycle has {_RULES} rules at most.")
    for rule in rules:
        action, condition = rule.get("action") or {}, rule.get("condition") or {}
        known = _NUMBERS | _DATES | _LISTS | {"isLive"}
        if action.get("type") not in _ACTIONS or not condition or condition.keys() - known:
            raise invalid("Invalid argument: a lifecycle rule has a known action and known conditions, one at least.")
        if (action["type"] == "SetStorageClass") != (action.get("storageClass") in CLASSES):
            raise invalid("Invalid argument: SetStorageClass, and only it, needs a storage class that there is.")
        uploads = action["type"] == "AbortIncompleteMultipartUpload"
        if uploads and condition.keys() - {"age", "matchesPrefix", "matchesSuffix"}:
            raise invalid("Invalid argument: AbortIncompleteMultipartUpload knows age and names only.")
        for name, value in condition.items():
            if not _fits(name, value):
                raise invalid(f"Invalid argument: the lifecycle condition {name} cannot be {value!r}.")


def _fits(name: str, value: object) -> bool:
    if name in _NUMBERS:
        return type(value) in (int, str) and re.fullmatch(r"\d{1,9}", str(value)) is not None
    if name in _DATES:
        try:
            return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
        except ValueError:
            return False
    if name == "isLive":
        return type(value) is bool
    listed = isinstance(value, list) and 0 < len(value) <= _PREFIXES and all(isinstance(each, str) for each in value)
    return listed and (name != "matchesStorageClass" or not {*value} - {*CLASSES})  # type: ignore[misc]  # a list: above


def _check_labels(labels: Mapping[str, Any]) -> None:
    if len(labels) > _LABELS:
        raise invalid(f"Invalid argument: a bucket has {_LABELS} labels at most.")
    for key, value in labels.items():
        if len(key) > 63 or not re.fullmatch(r"[^\W\d_][\w-]*", key) or key != key.lower():
            raise invalid(f"Invalid argument: the label key {key[:70]!r} is no small letter followed by a-z 0-9 _ -.")
        if not isinstance(value, str) or not re.fullmatch(r"[\w-]{0,63}", value) or value != value.lower():
            raise invalid(f"Invalid argument: the value of label {key} is not of a-z 0-9 _ -, 63 at most.")


def _check_soft_delete(seconds: object) -> None:
    if seconds is None:
        return
    number = int(str(seconds)) if re.fullmatch(r"\d{1,12}", str(seconds)) else -1
    if number != 0 and not 7 * _DAY <= number <= 90 * _DAY:
        raise invalid("Soft delete policy retention duration must be 0, or between 7 and 90 days.")


def check_bindings(bindings: Iterable[tuple[str, str, Mapping[str, str]]]) -> None:
    """Raises RefusedError for bindings (role, member, condition) that IAM stores in no policy."""
    bindings = list(bindings)
    if len(bindings) > _MEMBERS:
        message = f"The number of members in the policy ({len(bindings)}) is larger than the maximum of {_MEMBERS}."
        raise RefusedError(400, "invalid", message)
    for role, member, condition in bindings:
        if not condition:
            continue
        if role in _BASIC:
            raise invalid(f"Conditions are not supported with the basic role {role}.")
        if member in ("allUsers", "allAuthenticatedUsers"):
            raise invalid(f"Conditions are not supported with the member {member}.")
        if len(condition.get("title", "")) > _TITLE or len(condition.get("description", "")) > _DESCRIPTION:
            raise invalid(f"A condition's title has {_TITLE} signs at most, its description {_DESCRIPTION}.")
        if len(re.findall(r"&&|\|\||(?<!=)!(?!=)", _without_texts(condition.get("expression", "")))) > _LOGICAL:
            raise invalid(f"A condition has {_LOGICAL} logical operators at most.")


def _without_texts(expression: str) -> str:
    return re.sub(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", "''", expression)
