"""How hard an external ID is to guess, and which ones a trust policy asks for. No value ever leaves this module."""

import re
from collections.abc import Iterable

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT
from lightly_policies.evaluator.document import Document
from lightly_policies.evaluator.statement import Statement

STRONG = 22
"""Characters of 6 bits that hold 128 bits; AWS's own advice is a GUID
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html)."""
_DIFFERENT = 8
_USUAL = ("lightly", "external", "access", "passphrase", "password", "secret", "dataset", "bucket", "prod", "test")
_RUNS = re.compile(r"(.)\1{2,}|(?:0123|1234|2345|3456|4567|5678|6789|abcd|qwer)+")


def weakness(external_id: str, known: Iterable[str] = ()) -> str | None:
    """Why it can be guessed, in words without any of it; None when it cannot.

    `known` are names that everybody knows: of the dataset, the bucket, the account. What they and other usual words
    make up of it does not count.
    """
    if len(external_id) < STRONG:
        return f"it has {len(external_id)} characters, expected {STRONG} random ones or more"
    if len(set(external_id)) < _DIFFERENT:
        return f"only {len(set(external_id))} of its characters differ"
    left = external_id.lower()
    for word in sorted({word.lower() for word in (*_USUAL, *known) if len(word) > 3}, key=len, reverse=True):
        left = left.replace(word, "")
    left = _RUNS.sub("", left)
    if len(left) < STRONG // 2 and len(left) < len(external_id):
        return f"all but {len(left)} of its characters are words and names that others know"
    return None


def lets_lightly_in(statement: Statement) -> bool:
    """Whether an Allow names Lightly's account, or everyone."""
    if not statement.allows:
        return False
    named = (statement.principals or {}).get("AWS", ())
    return statement.not_principals is not None or any(
        each == "*" or account_of(each) == LIGHTLY_AWS_ACCOUNT for each in named
    )


def external_ids(trust: Document) -> frozenset[str]:
    """Those that the statements which let Lightly in ask for. Secrets: not for a message."""
    return frozenset(
        value
        for statement in trust.statements
        if lets_lightly_in(statement)
        for condition in statement.conditions
        if condition.key.lower() == "sts:externalid"
        for value in condition.values
    )


def account_of(principal: str) -> str:
    """The account of a principal: twelve digits, or an ARN's."""
    parts = principal.split(":")
    return parts[4] if len(parts) > 4 else principal
