"""A bucket's lifecycle configuration: what S3 refuses, and what it says of one that it took, whole.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html
moto forgets sizes, numbers of versions and more, so what was put is kept here as it was written.
"""

import re
import secrets
from typing import Any
from xml.etree import ElementTree

from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.s3_xml import Tree, listed, malformed, parse

MINIMUM_SIZE = "x-amz-transition-default-minimum-object-size"
_DEFAULT_SIZE = "all_storage_classes_128K"
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_MOST_RULES = 1000
_LONGEST_ID = 255
_KEPT = "lifecycle_as_put"
_CLASSES = ("GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR")
_AFTER_30_DAYS = ("STANDARD_IA", "ONEZONE_IA")
_DAYS = {
    ("Expiration", "Days"): 1,
    ("Transition", "Days"): 0,
    ("NoncurrentVersionExpiration", "NoncurrentDays"): 1,
    ("NoncurrentVersionTransition", "NoncurrentDays"): 0,
    ("AbortIncompleteMultipartUpload", "DaysAfterInitiation"): 1,
}
"""Action and number -> the least that it may be."""
_ACTIONS = tuple(dict.fromkeys(action for action, _ in _DAYS))
_MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\d(T00:00:00(\.0+)?(Z|\+00:00))?")


def check_lifecycle(body: bytes) -> None:
    """Raises RefusedError for a configuration that S3 does not take."""
    rules = listed(parse(body, "LifecycleConfiguration").get("Rule"))
    if not rules or len(rules) > _MOST_RULES:
        raise malformed()
    named = [rule["ID"] for rule in rules if rule.get("ID")]
    if len(set(named)) != len(named):
        raise _argument("Rule ID must be unique. Found same ID for more than one rule")
    for rule in rules:
        _check_rule(rule)


def keep(found: Any, call: Call) -> None:
    """Keep what was put, each rule with an ID."""
    root = ElementTree.fromstring(call.body)  # noqa: S314 - it was parsed before, without entities
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    for rule in root.findall("Rule"):
        if not rule.findtext("ID"):
            for known in rule.findall("ID"):
                rule.remove(known)
            ElementTree.SubElement(rule, "ID").text = secrets.token_urlsafe(36)
    root.set("xmlns", _NAMESPACE)
    setattr(found, _KEPT, (ElementTree.tostring(root, "utf-8"), call.headers.get(MINIMUM_SIZE, _DEFAULT_SIZE)))


def kept(found: Any) -> tuple[bytes, str]:
    """What was put, and the size below which nothing changes its storage class."""
    text, size = getattr(found, _KEPT)
    return text, size


def _check_rule(rule: Tree) -> None:
    if len(rule.get("ID") or "") > _LONGEST_ID:
        raise _argument(f"ID length should not exceed allowed limit of {_LONGEST_ID}")
    if rule.get("Status") not in ("Enabled", "Disabled") or ("Filter" in rule) == ("Prefix" in rule):
        raise malformed()
    if not any(action in rule for action in _ACTIONS):
        raise RefusedError("InvalidRequest", "At least one action needs to be specified in a rule", 400)
    for action in _ACTIONS:
        for part in listed(rule.get(action)):
            _check_action(action, part)
    _check_order(rule)
    _check_filter(rule)


def _check_action(action: str, part: Tree) -> None:
    ways = [name for name in ("Date", "Days", "ExpiredObjectDeleteMarker") if part.get(name) is not None]
    if action in ("Expiration", "Transition") and len(ways) > 1:
        raise malformed()
    if action == "Expiration" and not ways:
        raise malformed()
    for (of, name), least in _DAYS.items():
        if of == action and part.get(name) is not None and _number(part[name]) < least:
            words = "a positive integer" if least else "nonnegative"
            raise _argument(f"'{name}' for {action} action must be {words}")
    if part.get("Date") is not None and not _MIDNIGHT.fullmatch(part["Date"]):
        raise _argument("'Date' must be at midnight GMT")
    if action.endswith("Transition"):
        storage, name = part.get("StorageClass"), "Days" if action == "Transition" else "NoncurrentDays"
        if storage not in _CLASSES:
            raise malformed()
        if storage in _AFTER_30_DAYS and part.get(name) is not None and _number(part[name]) < 30:
            raise _argument(
                f"'{name}' in {action} action must be greater than or equal to 30 for storageClass '{storage}'"
            )
    newer = part.get("NewerNoncurrentVersions")
    if newer is not None and not 1 <= _number(newer) <= 100:
        raise _argument("'NewerNoncurrentVersions' must be between 1 and 100")


def _check_order(rule: Tree) -> None:
    """Nothing changes its storage class on or after the day that it expires."""
    for expiry, transition, name in (
        ("Expiration", "Transition", "Days"),
        ("NoncurrentVersionExpiration", "NoncurrentVersionTransition", "NoncurrentDays"),
    ):
        ends = [_number(part[name]) for part in listed(rule.get(expiry)) if part.get(name) is not None]
        moves = [_number(part[name]) for part in listed(rule.get(transition)) if part.get(name) is not None]
        if ends and moves and min(ends) <= max(moves):
            raise _argument(
                f"'{name}' in the {expiry} action for filter '{_shown(rule)}' must be greater than '{name}' in the "
                f"{transition} action"
            )


def _check_filter(rule: Tree) -> None:
    """Uploads and markers have neither tags nor, the former, a size."""
    given = rule.get("Filter") or {}
    if len(set(given) & {"Prefix", "Tag", "And", "ObjectSizeGreaterThan", "ObjectSizeLessThan"}) > 1:
        raise malformed()
    inner = {**given, **(given.get("And") or {})}
    if "Tag" in inner:
        for action, there in (
            ("AbortIncompleteMultipartUpload", "AbortIncompleteMultipartUpload" in rule),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker" in (rule.get("Expiration") or {})),
        ):
            if there:
                raise RefusedError("InvalidRequest", f"{action} cannot be specified with Tags.", 400)


def _shown(rule: Tree) -> str:
    prefix = (rule.get("Filter") or {}).get("Prefix") or rule.get("Prefix") or ""
    return f"(prefix={prefix})"


def _number(text: object) -> int:
    if not re.fullmatch(r"-?\d+", str(text)):
        raise malformed()
    return int(str(text))


def _argument(message: str) -> RefusedError:
    return RefusedError("InvalidArgument", message, 400)
