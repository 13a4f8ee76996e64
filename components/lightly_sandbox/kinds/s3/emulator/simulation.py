"""IAM's simulation of a user's or role's policies, which moto does not have: the evaluator decides.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html: identity policies and boundary
count; the policies of buckets, keys and roles do not unless they are given, which the local IAM does not take.
"""

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from lightly_policies.evaluator.aws import Principal

from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.authorise import Authoriser
from lightly_sandbox.kinds.s3.emulator.caller import Caller
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError, not_implemented

ACTION = "SimulatePrincipalPolicy"
_SOURCE = re.compile(r"arn:aws:iam::(\d{12}):(user|role)/(?:.*/)?([\w+=,.@-]+)")
_TAKEN = re.compile(
    r"Action|Version|PolicySourceArn|(ActionNames|ResourceArns)\.member\.\d+"
    r"|ContextEntries\.member\.\d+\.ContextKey(Name|Type|Values\.member\.\d+)"
)


def answer(authoriser: Authoriser, account: str, values: Mapping[str, str]) -> bytes:
    """Each action on each resource. Raises RefusedError for a source that is not there."""
    if other := [name for name in values if not _TAKEN.fullmatch(name)]:
        raise not_implemented(f"iam:{ACTION} with {other[0]}")
    caller = _source(account, values.get("PolicySourceArn", ""))
    context = dict(_context(values))
    results = "".join(
        f"<member><EvalActionName>{escape(action)}</EvalActionName><EvalResourceName>{escape(resource)}"
        f"</EvalResourceName><EvalDecision>{_decision(authoriser, caller, action, resource, context)}</EvalDecision>"
        "<MatchedStatements/><MissingContextValues/></member>"
        for action in _members(values, "ActionNames")
        for resource in _members(values, "ResourceArns") or ["*"]
    )
    return (
        f'<{ACTION}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><{ACTION}Result>'
        f"<IsTruncated>false</IsTruncated><EvaluationResults>{results}</EvaluationResults></{ACTION}Result>"
        "<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>"
        f"</{ACTION}Response>"
    ).encode()


def _decision(
    authoriser: Authoriser, caller: Caller, action: str, resource: str, context: Mapping[str, tuple[str, ...]]
) -> str:
    decision = authoriser.simulate(caller, action, resource, context)
    if decision.allowed:
        return "allowed"
    return "explicitDeny" if decision.reason.startswith("explicit deny") else "implicitDeny"


def _source(account: str, arn: str) -> Caller:
    match = _SOURCE.fullmatch(arn)
    if not match or match[1] != account:
        raise RefusedError("InvalidInput", f"Invalid Entity Arn: {arn} does not clearly define entity type", 400)
    kind, name = match[2], match[3]
    found = (facts.user if kind == "user" else facts.role)(account, name)
    if found is None or found.arn != arn:
        raise RefusedError("NoSuchEntity", f"The {kind} with name {name} cannot be found.", 404)
    if kind == "user":
        return Caller(Principal(found.arn, account, "user", user_id=found.id), user_name=name)
    return Caller(Principal(f"arn:aws:sts::{account}:assumed-role/{name}/simulation", account, "session", found.arn))


def _members(values: Mapping[str, str], name: str) -> list[str]:
    found: list[str] = []
    while (value := values.get(f"{name}.member.{len(found) + 1}")) is not None:
        found.append(value)
    return found


def _context(values: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    number = 1
    while (name := values.get(f"ContextEntries.member.{number}.ContextKeyName")) is not None:
        yield name, tuple(_members(values, f"ContextEntries.member.{number}.ContextKeyValues"))
        number += 1
