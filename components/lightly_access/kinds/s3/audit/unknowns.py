"""Conditions on what nobody knows who reads policies: whose organisation an account is in, or where one asks from.

A request that such a condition refuses may be let through when Lightly really asks: that depends, and is said as that.
Keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from lightly_policies.evaluator.document import Document
from lightly_policies.evaluator.matching import action_matches
from lightly_policies.evaluator.statement import Statement

NETWORK = frozenset({"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"})
"""Where a request comes from. Lightly's own servers are in nobody else's network."""
_OTHERS = re.compile(
    r"aws:(?:(?:principal|resource|source)org\w*|(?:principal|resource|request)tag/.*|useragent|referer|userid|"
    r"sourceaccount|sourcearn|sourceidentity|tokenissuetime|principaltype|calledvia\w*|ec2\w+)|"
    r"s3:(?:existingobjecttag/.*|x-amz-.*|accesspoint\w*|dataaccesspoint\w*)|kms:.*"
)


def known_context(now: datetime, region: str) -> Mapping[str, tuple[str, ...]]:
    """What is known of every request of Lightly's."""
    return {
        "aws:CurrentTime": (now.strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:EpochTime": (str(int(now.timestamp())),),
        "aws:RequestedRegion": (region,),
        "aws:ViaAWSService": ("false",),
        "aws:PrincipalIsAWSService": ("false",),
        "s3:signatureversion": ("AWS4-HMAC-SHA256",),
        "s3:TlsVersion": ("1.3",),
    }


def unknown_keys(statement: Statement) -> tuple[str, ...]:
    """Those of its condition keys that nobody knows here, as they are written."""
    return tuple(condition.key for condition in statement.conditions if _unknown(condition.key))


def is_network(key: str) -> bool:
    """Whether it is about where the request comes from."""
    return key.lower() in NETWORK


def favourable(document: Document) -> Document | None:
    """The same document where everything that is not known comes out well for Lightly; None where nothing is left."""
    written = document.body["Statement"]
    raws = [written] if isinstance(written, Mapping) else list(written)
    kept = [
        _pruned(raw)
        for raw, statement in zip(raws, document.statements, strict=True)
        if statement.allows or not unknown_keys(statement)
    ]
    return Document(document.name, {**document.body, "Statement": kept}) if kept else None


def depending(documents: Iterable[Document], action: str) -> Iterator[tuple[str, str]]:
    """Each statement about the action that depends on something: `document/Sid`, and its key."""
    for document in documents:
        for statement in document.statements:
            if any(action_matches(each, action) for each in statement.actions or ("*",)):
                yield from ((statement.name, key) for key in unknown_keys(statement))


def _unknown(key: str) -> bool:
    return is_network(key) or bool(_OTHERS.fullmatch(key.lower()))


def _pruned(raw: Mapping[str, Any]) -> dict[str, Any]:
    """An Allow without the conditions that are not known."""
    if raw["Effect"] != "Allow":
        return dict(raw)
    conditions = {
        operator: left
        for operator, block in (raw.get("Condition") or {}).items()
        if (left := {key: value for key, value in block.items() if not _unknown(key)})
    }
    without = {name: value for name, value in raw.items() if name != "Condition"}
    return {**without, "Condition": conditions} if conditions else without
