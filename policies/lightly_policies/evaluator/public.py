"""Whether a statement of a bucket policy lets in everyone, as S3 means it: an Allow for all principals that no
condition with a fixed value narrows. What it allows, and below which path, makes no difference.

Source: "The meaning of public",
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from ipaddress import ip_network

from lightly_policies.evaluator.conditions import Condition
from lightly_policies.evaluator.statement import Statement

_FIXED = frozenset(
    {
        *("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:userid"),
        *("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceowner"),
        *("aws:sourcevpc", "aws:sourcevpce", "s3:dataaccesspointaccount", "s3:dataaccesspointarn"),
    }
)
"""Condition keys by which a fixed value tells who asks, and that the caller does not choose."""
_COMPARED = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"})
_WIDEST = {4: 8, 6: 32}
"""Wider ranges of addresses count as everyone: the same page, on aws:SourceIp."""


def lets_in_everyone(statement: Statement) -> bool:
    """Whether it is public."""
    anyone = statement.not_principals is not None or "*" in (statement.principals or {}).get("AWS", ())
    return statement.allows and anyone and not any(_narrows(condition) for condition in statement.conditions)


def _narrows(condition: Condition) -> bool:
    """Whether only some can satisfy it, and nobody by leaving the key out."""
    key = condition.key.lower()
    if condition.if_exists or condition.quantifier == "all" or condition.negated or not condition.values:
        return False
    if key == "aws:sourceip":
        return condition.operator == "IpAddress" and all(_few(value) for value in condition.values)
    return key in _FIXED and condition.operator in _COMPARED and all(_fixed(value) for value in condition.values)


def _few(addresses: str) -> bool:
    found = ip_network(addresses, strict=False)  # the condition was read with it
    return found.prefixlen >= _WIDEST[found.version]


def _fixed(value: str) -> bool:
    """Whether it has no wildcard and no variable; an ARN may have one behind its account, a path behind its
    organization."""
    parts = value.split(":")
    if parts[0] == "arn" and len(parts) > 5 and parts[4].isdecimal():
        return not any("*" in part or "?" in part or "${" in part for part in parts[:5])
    told = value.partition("/")[0] if value.startswith("o-") else value
    return not any(wild in told for wild in ("*", "?", "${"))
