"""Rules on trust policies: who may assume a role as Lightly, and with what."""

from collections.abc import Iterator

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT, SESSION_SECONDS

from lightly_policies.cases_trust import trust_cases
from lightly_policies.evaluator.aws import Policies, Request, decide
from lightly_policies.evaluator.document import ALLOWS_EVERYTHING, Document, MalformedDocumentError
from lightly_policies.evaluator.statement import Statement
from lightly_policies.guardrails.iam import ROLE, account_of, allows, document, named_after_lightly, trusts_lightly
from lightly_policies.guardrails.rule import Found, resource_rule, stack_rule
from lightly_policies.guardrails.view import Resource, Stack, UnknownValueError

_DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
_THIRD_PARTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html"
_LIGHTLY = "https://docs.lightly.ai/docs/aws-s3"
_STRONG = 22  # characters of 6 bits that hold 128 bits


def external_ids(role: Resource) -> frozenset[str]:
    """The external IDs that a trust policy asks of Lightly. Never for a message. Raises UnknownValueError."""
    conditions = [condition for statement in _lightlys(role) for condition in statement.conditions]
    return frozenset(
        value for condition in conditions if condition.key.lower() == "sts:externalid" for value in condition.values
    )


def _lightlys(role: Resource) -> list[Statement]:
    """The statements that let Lightly in. Raises UnknownValueError."""
    found = allows(document(role, "assumeRolePolicy", "trust"))
    return [statement for statement in found if trusts_lightly(statement)]


@resource_rule(
    "trust-exact-account",
    types=(ROLE,),
    level="mandatory",
    severity="critical",
    fix=f'name arn:aws:iam::{LIGHTLY_AWS_ACCOUNT}:root, the account of Lightly, and nobody else: "*" lets in anyone',
    source=_DEPUTY,
)
def exact_account(role: Resource) -> Iterator[str]:
    """A role for Lightly trusts exactly Lightly's AWS account, and no role trusts everyone."""
    found = document(role, "assumeRolePolicy", "trust")
    if isinstance(found, MalformedDocumentError):
        if LIGHTLY_AWS_ACCOUNT in str(role.get("assumeRolePolicy")):
            yield f"its trust policy names Lightly and is none that AWS would accept ({found.where or 'the whole'})"
        elif named_after_lightly(role):
            yield f"its trust policy is none that AWS would accept ({found.where or 'the whole'})"
    lightlys = bool(_lightlys(role))
    for statement in allows(found):
        principals = (statement.principals or {}).get("AWS", ())
        if "*" in principals or statement.not_principals is not None:
            yield f"{statement.name.rpartition('/')[2]}: everyone on AWS may assume it"
        others = sorted(p for p in principals if p != "*" and account_of(p) != LIGHTLY_AWS_ACCOUNT)
        others += sorted(p for kind, named in (statement.principals or {}).items() if kind != "AWS" for p in named)
        bound = any(condition.key.lower() == "sts:externalid" for condition in statement.conditions)
        if others and (lightlys or (bound and named_after_lightly(role))):  # beside Lightly, in whichever statement
            yield f"it trusts {', '.join(others)}, expected Lightly's account {LIGHTLY_AWS_ACCOUNT} alone"
        for principal in principals if trusts_lightly(statement) else ():
            if account_of(principal) == LIGHTLY_AWS_ACCOUNT and not _whole_account(principal):
                yield f"it trusts {principal}, expected the root of Lightly's account {LIGHTLY_AWS_ACCOUNT}"


def _whole_account(principal: str) -> bool:
    return principal == LIGHTLY_AWS_ACCOUNT or principal.endswith(f":iam::{LIGHTLY_AWS_ACCOUNT}:root")


@resource_rule(
    "trust-external-id",
    types=(ROLE,),
    level="mandatory",
    severity="critical",
    fix='bind the statement by {"StringEquals": {"sts:ExternalId": "<one ID>"}}, without IfExists or wildcards',
    source=_DEPUTY,
)
def external_id(role: Resource) -> Iterator[str]:
    """A role that Lightly's account may assume asks for one exact external ID."""
    statements = _lightlys(role)
    for statement in statements:
        if not statement.bound_to_one("sts:ExternalId"):
            yield f"{statement.name.rpartition('/')[2]}: Lightly's account may assume it, not bound to one external ID"
    ids = external_ids(role)
    if statements and len(ids) == 1:
        yield from _tried(role, next(iter(ids)))


def _tried(role: Resource, external_id: str) -> Iterator[str]:
    """What the evaluator allows that it must refuse: a second look, which sees through any way of writing."""
    trust = document(role, "assumeRolePolicy", "trust")
    assert isinstance(trust, Document)
    for case in trust_cases(external_id, "123456789012"):
        if not case.name.startswith("Lightly assumes") or case.expected:
            continue
        assert isinstance(case.request, Request)
        if decide(case.request, Policies(identity=(ALLOWS_EVERYTHING,), resource=trust)).allowed:
            yield f"it lets in: {case.name}"


@resource_rule(
    "trust-assume-role-only",
    types=(ROLE,),
    level="mandatory",
    severity="high",
    fix="allow sts:AssumeRole alone",
    source=_DEPUTY,
)
def assume_role_only(role: Resource) -> Iterator[str]:
    """A trust policy allows Lightly nothing but sts:AssumeRole."""
    for statement in _lightlys(role):
        if statement.actions is None:
            yield f"{statement.name.rpartition('/')[2]}: it allows all actions but some"
        for action in statement.actions or ():
            if action.lower() != "sts:assumerole":
                yield f"{statement.name.rpartition('/')[2]}: it allows {action}"


@resource_rule(
    "trust-session-length",
    types=(ROLE,),
    level="mandatory",
    severity="medium",
    fix=f"set maxSessionDuration to {SESSION_SECONDS}: Lightly asks for sessions of twelve hours, and fails without",
    source=_LIGHTLY,
)
def session_length(role: Resource) -> Iterator[str]:
    """A role for Lightly allows sessions of the twelve hours that Lightly asks for."""
    if _lightlys(role):
        seconds = role.get("maxSessionDuration")
        if seconds != SESSION_SECONDS:
            found = "the default of 3600" if seconds is None else f"{seconds:g}" if _number(seconds) else repr(seconds)
            yield f"maxSessionDuration is {found}, expected {SESSION_SECONDS} seconds"


def _number(value: object) -> bool:
    return isinstance(value, int | float)


@resource_rule(
    "external-id-strong",
    types=(ROLE,),
    level="advisory",
    severity="medium",
    fix="let lightly:index:ExternalId make it, or 32 random bytes as url-safe text",
    source=_THIRD_PARTY,
)
def external_id_strong(role: Resource) -> Iterator[str]:
    """An external ID cannot be guessed: it has at least 128 bits."""
    for id_ in external_ids(role):
        if len(id_) < _STRONG or len(set(id_)) < 8:
            yield f"its external ID has {len(id_)} characters, {len(set(id_))} of them different: it can be guessed"


@stack_rule(
    "external-id-shared",
    level="mandatory",
    severity="high",
    fix="give each role an external ID of its own: whoever learns a shared one can get in through every role",
    source=_THIRD_PARTY,
)
def external_id_shared(stack: Stack) -> Iterator[Found]:
    """No two roles share an external ID."""
    first_with: dict[str, Resource] = {}
    missing: list[str] = []
    for role in stack.of(ROLE):
        try:
            marks = set(external_ids(role))
        except UnknownValueError as unknown:
            missing.append(f"{role.name}.{unknown.path}")
            marks = set()
        sources = stack.find(role.made_from("assumeRolePolicy"), "lightly:index:ExternalId")
        marks |= {f"urn of {source.urn}" for source in sources}
        for first in {first_with[mark].urn: first_with[mark] for mark in marks if mark in first_with}.values():
            yield Found(f"it has the same external ID as the role {first.name}", role)
        for mark in marks:
            first_with.setdefault(mark, role)
    if missing:
        raise UnknownValueError(", ".join(missing))
