"""A grant of AWS moved to another path, so that what was decided there holds here: see `alike`."""

import json
from collections.abc import Mapping
from typing import Any

from lightly_policies.cases_aws import Grantee
from lightly_policies.evaluator.document import unique
from lightly_policies.rendering import canonical

_OF_PREFIXES = ("StringLike", "StringEquals")


class _StaysError(Exception):
    """Something in the grant could be about a path in another way than to begin with it."""


def moved(grant: str, grantee: Grantee, there: Grantee) -> str | None:
    """The same grant for the path of `there`; None where it says more of paths than that something begins with one.

    Such as a resource beside the path, a variable, an operator on `s3:prefix` that reads it as something else. Of the
    requests of a proof only the resource and the condition key `s3:prefix` have the path in them, so all else may stay
    as it is.
    """
    if "$" in grant or "\\u0024" in grant:  # the same in JSON
        return None
    try:
        body = json.loads(grant, object_pairs_hook=unique)
        statements = body["Statement"]
        found = [_statement(each, grantee, there) for each in statements]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, _StaysError):
        return None  # or no grant at all, which its proof says
    return canonical({**body, "Statement": found})


def _statement(statement: dict[str, Any], grantee: Grantee, there: Grantee) -> dict[str, Any]:
    kept = {f"arn:{grantee.partition}:s3:::{grantee.bucket}", grantee.kms_key_arn, *grantee.old_kms_key_arns} - {None}
    bucket = f"arn:{grantee.partition}:s3:::{grantee.bucket}/"

    def resource(arn: str) -> str:
        return arn if arn in kept else _below(arn, bucket + grantee.path, bucket + there.path)

    said = {**statement, "Resource": _each(statement["Resource"], resource)}
    if "Condition" in statement:
        said["Condition"] = {
            operator: _keys(operator, keys, grantee.path, there.path)
            for operator, keys in statement["Condition"].items()
        }
    return said


def _keys(operator: str, keys: Mapping[str, Any], path: str, other: str) -> dict[str, Any]:
    """The condition keys of one operator: prefixes moved, all others as they are."""

    def prefix(text: str) -> str:
        return other[:-1] if text == path[:-1] else _below(text, path, other)

    found = dict(keys)
    for key, values in keys.items():
        if key.lower() == "s3:prefix":
            if operator not in _OF_PREFIXES:
                raise _StaysError
            found[key] = _each(values, prefix)
    return found


def _each(values: Any, move: Any) -> Any:
    return [move(value) for value in values] if isinstance(values, list) else move(values)


def _below(text: str, path: str, other: str) -> str:
    if not text.startswith(path):
        raise _StaysError
    return other + text[len(path) :]
