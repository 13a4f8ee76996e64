"""Who may become the role, compared with: Lightly's account alone, with one exact external ID, for twelve hours.

Rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html and, for the session,
https://docs.lightly.ai/docs/aws-s3.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT, SESSION_SECONDS
from lightly_policies.cases_trust import trust_cases
from lightly_policies.evaluator.aws import Policies, decide
from lightly_policies.evaluator.conditions import Condition
from lightly_policies.evaluator.document import ALLOWS_EVERYTHING, Document, MalformedDocumentError
from lightly_policies.evaluator.statement import Statement

from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.registered import Registered
from lightly_access.kinds.s3.audit.external_id import account_of, external_ids, lets_lightly_in, weakness
from lightly_access.kinds.s3.audit.facts import AwsFacts, Holder
from lightly_access.kinds.s3.audit.unknowns import depending, favourable, is_network, known_context

_DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
_EXTERNAL = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html"
_LIGHTLY = "https://docs.lightly.ai/docs/aws-s3"
_NOBODY = "0" * 22
_EXACT_FIX = 'bind it by {"StringEquals": {"sts:ExternalId": "<one ID>"}}'
_NEW_ID = (
    "let the deployment make one of 256 random bits (access: delegated without role_arn), or use `openssl rand -hex 32`"
)


def trust_findings(registered: Registered, facts: AwsFacts, known: tuple[str, ...], now: datetime) -> Iterator[Finding]:
    """Everything about a role's trust policy and session. `known`: names that an external ID must not be made of."""
    holder = facts.holder
    if holder is None or holder.kind != "role":
        return
    yield from _session(holder)
    if holder.trust is None:
        return
    where = f"{holder.title}, trust policy"
    try:
        trust = Document.parse("trust", holder.trust)
    except MalformedDocumentError as fault:
        # Without what the fault quotes: that may be the external ID.
        what = f"its trust policy cannot be read ({fault.where or 'as a whole'})"
        yield _finding(
            Severity.MEDIUM, "trust-unreadable", what, where, "nothing can be said about it", "write it anew"
        )
        return
    for statement in trust.statements:
        if statement.allows:
            yield from _principals(statement, holder, where)
            yield from _bound(statement, where)
            yield from _actions(statement, where)
    shown = registered.secrets.get("externalId")
    yield from _identifier(external_ids(trust), facts, where, known)
    region = registered.values.get("region") or "eu-central-1"
    yield from _evaluated(trust, holder, where, shown.reveal() if shown else None, known_context(now, region))


def _finding(severity: Severity, rule: str, what: str, where: str, why: str, fix: str, **more: object) -> Finding:
    return Finding(severity, rule, what, where, why, fix, source=str(more.get("source", _DEPUTY)))


def _at(where: str, statement: Statement) -> str:
    return f"{where}, statement {statement.name.rpartition('/')[2]}"


def _session(holder: Holder) -> Iterator[Finding]:
    if holder.session is not None and holder.session != SESSION_SECONDS:
        yield _finding(
            Severity.HIGH,
            "session-length",
            f"its longest session is {holder.session} seconds, expected {SESSION_SECONDS}",
            holder.title,
            "Lightly asks for twelve hours, and is refused when the role allows less",
            f"aws iam update-role --role-name {holder.name} --max-session-duration {SESSION_SECONDS}",
            source=_LIGHTLY,
        )


def _principals(statement: Statement, holder: Holder, where: str) -> Iterator[Finding]:
    entries = dict(statement.principals or {})
    named, place = entries.pop("AWS", ()), _at(where, statement)
    only = f"trust arn:aws:iam::{LIGHTLY_AWS_ACCOUNT}:root and nobody else"
    if "*" in named or statement.not_principals is not None:
        what = "every AWS account may assume it"
        yield _finding(
            Severity.CRITICAL, "trusts-everyone", what, place, "an external ID is then all that protects it", only
        )
    others = sorted(
        each for each in named if each != "*" and account_of(each) not in (LIGHTLY_AWS_ACCOUNT, holder.account)
    )
    if others:
        why = "whoever is in there reads what Lightly reads"
        yield _finding(Severity.HIGH, "trusts-others", f"it trusts {', '.join(others)} too", place, why, only)
    own = sorted(each for each in named if account_of(each) == holder.account)
    if own:
        what = f"it trusts {', '.join(own)} of its own account too"
        yield _finding(Severity.MEDIUM, "trusts-own-account", what, place, "the role is meant for Lightly alone", only)
    for kind, values in entries.items():
        what = f"it trusts {', '.join(values)} ({kind.lower()})"
        yield _finding(Severity.HIGH, "trusts-others", what, place, "the role is meant for Lightly alone", only)


def _bound(statement: Statement, where: str) -> Iterator[Finding]:
    """Whether a statement that lets Lightly in asks for one exact external ID."""
    if not lets_lightly_in(statement):
        return
    if statement.bound_to_one("sts:ExternalId"):
        return
    asked = [condition for condition in statement.conditions if condition.key.lower() == "sts:externalid"]
    exact = [condition for condition in asked if condition.binds("sts:ExternalId", "StringEquals")]
    place = _at(where, statement)
    deputy = "any other customer of Lightly could name this role and have Lightly read your data for him"
    if not asked:
        what = "it asks for no external ID"
        yield _finding(Severity.CRITICAL, "no-external-id", what, place, deputy, _EXACT_FIX)
        return
    if exact:
        what = f"it takes any of {max(len(condition.values) for condition in exact)} external IDs"
        yield _finding(Severity.MEDIUM, "several-external-ids", what, place, "each of them opens the role", _EXACT_FIX)
        return
    for condition in asked[:1]:
        yield _loose(condition, place, deputy)


def _loose(condition: Condition, place: str, deputy: str) -> Finding:
    """The external ID is asked for, but not exactly."""
    quantified = {"all": "ForAllValues:", "any": "ForAnyValue:", None: ""}[condition.quantifier]
    written = f"{quantified}{condition.operator}"
    written += "IfExists" if condition.if_exists else ""
    if condition.if_exists or condition.quantifier == "all":
        what = f"{written} lets in whoever gives no external ID at all"
        return _finding(Severity.CRITICAL, "external-id-optional", what, place, deputy, _EXACT_FIX)
    if condition.operator == "StringLike" and any("*" in value or "?" in value for value in condition.values):
        what = "StringLike with a wildcard takes more than one external ID"
        return _finding(Severity.CRITICAL, "external-id-wildcard", what, place, deputy, _EXACT_FIX)
    what = f"the external ID is compared by {written}, expected StringEquals"
    why = "it is exact today; one edit that adds a wildcard opens the role, and no tool would stop it"
    return _finding(Severity.MEDIUM, "external-id-like", what, place, why, _EXACT_FIX)


def _actions(statement: Statement, where: str) -> Iterator[Finding]:
    others = [each for each in statement.actions or () if each.lower() != "sts:assumerole"]
    if others or statement.actions is None:
        what = f"it allows {', '.join(others) or 'all actions but some'}"
        why = (
            "Lightly needs sts:AssumeRole alone; more actions are more ways to become the role, without the external ID"
        )
        yield _finding(Severity.MEDIUM, "trust-actions", what, _at(where, statement), why, "allow sts:AssumeRole alone")


def _identifier(ids: frozenset[str], facts: AwsFacts, where: str, known: tuple[str, ...]) -> Iterator[Finding]:
    for each in sorted(ids):
        if "*" not in each and (reason := weakness(each, known)):
            what = f"its external ID can be guessed: {reason}"
            why = "with the role's ARN, which is no secret, whoever guesses it has Lightly read your data for him"
            yield _finding(Severity.HIGH, "external-id-weak", what, where, why, _NEW_ID, source=_EXTERNAL)
    if facts.same_external_id:
        what = f"{', '.join(facts.same_external_id)} of the account: the same external ID"
        why = "whoever learns a shared one gets in through every role that has it"
        yield _finding(Severity.HIGH, "external-id-shared", what, where, why, f"one each: {_NEW_ID}", source=_EXTERNAL)


def _evaluated(
    trust: Document, holder: Holder, where: str, registered: str | None, context: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    """A second look, by trying: does the registered external ID let Lightly in?"""
    ids = [external_id for external_id in external_ids(trust) if "*" not in external_id]
    admitted = any(lets_lightly_in(statement) for statement in trust.statements)
    if admitted and registered is None and len(ids) != 1:
        return  # which of them Lightly has is not known
    tried = registered or (ids[0] if ids else _NOBODY)
    case = next(each for each in trust_cases(tried, holder.account) if each.expected)
    request = replace(case.request, context={**context, **case.request.context})
    decision = decide(request, Policies(identity=(ALLOWS_EVERYTHING,), resource=trust))
    if decision.allowed:
        return
    lenient = favourable(trust)
    if lenient and decide(request, Policies(identity=(ALLOWS_EVERYTHING,), resource=lenient)).allowed:
        yield _undecided(trust, where)
        return
    why = f"Lightly cannot assume the role: {decision.reason}"
    what = "Lightly's account may not assume it"
    if admitted and registered is not None and registered not in ids:
        what = "the external ID that Lightly has is not the one that the role asks for"
    fix = "register the role's external ID with Lightly again, or put Lightly's account and ID into the trust policy"
    if decision.statement:
        where = f"{where}, statement {decision.statement.rpartition('/')[2]}"
        fix = "take that Deny out of the trust policy, or except Lightly's account from it"
    yield _finding(Severity.HIGH, "lightly-locked-out", what, where, why, fix, source=_LIGHTLY)


def _undecided(trust: Document, where: str) -> Finding:
    """It is refused as it stands, by a condition on something that is not known here."""
    hangs_on = tuple(dict.fromkeys(depending([trust], "sts:AssumeRole")))
    keys = ", ".join(dict.fromkeys(key for _, key in hangs_on))
    statements = ", ".join(dict.fromkeys(name.rpartition("/")[2] for name, _ in hangs_on))
    network = all(is_network(key) for _, key in hangs_on)
    why = "Lightly's servers ask from addresses of their own, which change" if network else "its value was not read"
    return _finding(
        Severity.HIGH if network else Severity.MEDIUM,
        "lightly-locked-out" if network else "depends",
        f"whether Lightly may assume it depends on {keys}",
        f"{where}, statement {statements}",
        why,
        "take the condition out: the external ID is what ties the role to you",
        source=_LIGHTLY,
    )
