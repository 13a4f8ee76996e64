"""What a document holds, wherever it is attached: statements, and users and roles that are there.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html. Of accounts that the local
AWS does not have, anybody may exist.
"""

import re
from collections.abc import Iterator
from typing import Any

from lightly_policies.evaluator.aws import Document, MalformedDocumentError

from lightly_sandbox.kinds.s3.emulator import facts

_ARN = re.compile(r"arn:aws:iam::(\d{12}):(user|role)/(?:.*/)?([^/]+)")
_UNIQUE = re.compile(r"A(?:ID|RO|GP)A[A-Z0-9]+")
"""What AWS writes in place of a user's or role's ARN once it is deleted."""


def not_empty(document: Document) -> Document:
    """Itself, when there is a statement in it; AWS's grammar has none without."""
    if not document.statements:
        raise MalformedDocumentError(document.name, "Statement", "expected at least one statement")
    return document


def missing_principals(document: Document, accounts: tuple[str, ...]) -> Iterator[str]:
    """The users and roles that the document names and that are not there."""
    for statement in document.statements:
        for named in (statement.principals, statement.not_principals):
            for principal in (named or {}).get("AWS", ()):
                if _missing(principal, accounts):
                    yield principal


def _missing(principal: str, accounts: tuple[str, ...]) -> bool:
    if _UNIQUE.fullmatch(principal):
        return not any(principal == each.id for account in accounts for each in _everybody(account))
    match = _ARN.fullmatch(principal)
    if not match or match[1] not in accounts:
        return False
    found: Any | None = (facts.user if match[2] == "user" else facts.role)(match[1], match[3])
    return found is None or found.arn != principal


def _everybody(account: str) -> list[Any]:
    return [*facts.iam(account).users.values(), *facts.iam(account).roles.values()]
