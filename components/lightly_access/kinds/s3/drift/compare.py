"""What was deployed, and what there is now -> what differs. Pure.

Rights add up in AWS: one more policy, group or statement of a bucket's policy is enough, whatever ours say
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
"""

import json
from collections.abc import Iterator
from typing import Any

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT
from lightly_policies.evaluator.document import Document, MalformedDocumentError
from lightly_policies.evaluator.statement import Statement
from lightly_policies.render_aws import aws_trust
from lightly_policies.rendering import UnrenderableDocumentError

from lightly_access.audit.finding import Finding, Severity
from lightly_access.drift.deployed import DeployedAccess
from lightly_access.drift.drift import REFUSED, gone
from lightly_access.kinds.s3.audit.external_id import account_of, external_ids
from lightly_access.kinds.s3.audit.facts import Attached
from lightly_access.kinds.s3.drift.facts import AccessFacts

ROLE, ROLE_POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
USER, GROUP, GROUP_POLICY = "aws:iam/user:User", "aws:iam/group:Group", "aws:iam/groupPolicy:GroupPolicy"
KEY = "aws:iam/accessKey:AccessKey"
BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
_BACK = "`pulumi up --refresh` puts ours back"
_BESIDE = "rights add up: it gives Lightly what nobody proved"
_PUBLIC = "public-bucket"


def differences(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    """All of one access, and of its bucket."""
    holder = "role" if deployed.own(ROLE) else "group"
    yield from _role(deployed, facts) if holder == "role" else _user(deployed, facts)
    yield from _policies(deployed, facts, holder)
    yield from _boundary(deployed, facts)
    yield from _bucket(deployed, facts)


def open_before(deployed: DeployedAccess, finding: Finding) -> bool:
    """Whether it is about a store that is not ours, and may have stood so before us."""
    return finding.rule == _PUBLIC and not _made(deployed)


def _role(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    name, purpose = deployed.named(ROLE), str(deployed.purpose)
    if "role" in facts.gone:
        yield gone(f"role {name}", f"role {name}", purpose)
    elif facts.trust is not None and not _ours(facts.trust):
        what = "its trust policy is not ours: somebody else may get in, or Lightly without its external ID"
        why = "whoever may assume the role has all of its rights"
        yield Finding(Severity.CRITICAL, "trust-changed", what, f"role {name}, trust policy", why, _BACK, purpose)


def _ours(trust: str) -> bool:
    """Whether it is our document, with whatever external ID: a wrong one keeps Lightly out, which Lightly says."""
    try:
        ids = external_ids(Document.parse("trust", trust))
        return len(ids) == 1 and json.loads(aws_trust(next(iter(ids)))) == json.loads(trust)
    except (MalformedDocumentError, UnrenderableDocumentError):
        return False


def _user(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    user, group = deployed.named(USER), deployed.named(GROUP)
    purpose, where = str(deployed.purpose), f"user {user}"
    for word, name in (("user", user), ("group", group)):
        if word in facts.gone:
            yield gone(f"{word} {name}", f"{word} {name}", purpose)
    yield from _keys(deployed, facts, user)
    for other in (each for each in facts.groups or () if each != group):
        fix = f"aws iam remove-user-from-group --user-name {user} --group-name {other}"
        yield Finding(Severity.HIGH, "group-beside", f"it is in group {other}, too", where, _BESIDE, fix, purpose)
    if group and facts.groups is not None and group not in facts.groups and "group" not in facts.gone:
        yield gone(f"the membership of user {user} in group {group}", where, purpose)
    for other in (each for each in facts.members or () if each != user):
        what, why = f"user {other} is in it, too", "whoever is in our group has the rights of the datasource"
        fix = f"aws iam remove-user-from-group --user-name {other} --group-name {group}"
        yield Finding(Severity.HIGH, "member-beside", what, f"group {group}", why, fix, purpose)
    if facts.login_profile:
        what, why = (
            "it has a password for the console",
            "whoever knows it logs in as the user, and no rotation ends that",
        )
        fix = f"aws iam delete-login-profile --user-name {user}"
        yield Finding(Severity.HIGH, "login-profile", what, where, why, fix, purpose)


def _keys(deployed: DeployedAccess, facts: AccessFacts, user: str) -> Iterator[Finding]:
    if facts.keys is None:
        return
    ours, purpose, where = [each.id for each in deployed.own(KEY)], str(deployed.purpose), f"user {user}"
    there = {key.id: key for key in facts.keys}
    if ours and ours[0] not in there:
        yield gone(f"access key {ours[0]}", where, purpose)
    elif ours and not there[ours[0]].active:
        what, fix = f"access key {ours[0]}, which Lightly has, is switched off", _BACK
        yield Finding(Severity.HIGH, "key-inactive", what, where, REFUSED, fix, purpose)
    for key in facts.keys:
        if key.id not in ours:
            what = f"it has another access key, {key.id}{'' if key.active else ' (switched off)'}"
            fix = f"aws iam delete-access-key --user-name {user} --access-key-id {key.id}"
            why = "a second credential that nobody watches, and that no rotation ends"
            yield Finding(Severity.HIGH, "key-beside", what, where, why, fix, purpose)


def _policies(deployed: DeployedAccess, facts: AccessFacts, holder: str) -> Iterator[Finding]:
    """Those of the role, or of the user and its group: ours, as we wrote it, and no other."""
    if facts.policies is None or holder in facts.gone:
        return
    policy = deployed.own(ROLE_POLICY if holder == "role" else GROUP_POLICY)
    owner = deployed.named(ROLE if holder == "role" else GROUP)
    name, purpose = (policy[0].text("name") if policy else ""), str(deployed.purpose)
    found = False
    for each in facts.policies:
        if (each.kind, each.name, each.holder) != ("inline", name, f"{holder} {owner}"):
            what = f"{each.kind} policy {each.name} is attached to it, and is not ours"
            yield Finding(Severity.HIGH, "policy-beside", what, each.holder, _BESIDE, _removal(each), purpose)
            continue
        found = True
        if _json(each.document) != _json(policy[0].text("policy")):
            what, why = (
                f"policy {name} is not as we wrote it",
                "what was proved is our text: this one may give more, or less",
            )
            yield Finding(Severity.HIGH, "policy-changed", what, each.holder, why, _BACK, purpose)
    if policy and not found:
        yield gone(f"policy {name}", f"{holder} {owner}", purpose)


def _removal(attached: Attached) -> str:
    kind, _, name = attached.holder.partition(" ")
    who = f"--{kind}-name {name}"
    if attached.kind == "inline":
        return f"aws iam delete-{kind}-policy {who} --policy-name {attached.name}"
    return f"aws iam detach-{kind}-policy {who} --policy-arn {attached.arn or f'<ARN of {attached.name}>'}"


def _boundary(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    for type_, word in ((ROLE, "role"), (USER, "user")):
        for owner in deployed.own(type_)[:1]:
            wanted = owner.text("permissionsBoundary")
            if facts.boundary is None or word in facts.gone or facts.boundary == wanted:
                continue
            what = f"its permissions boundary is {facts.boundary or 'none'}, expected {wanted or 'none'}"
            why = "it bounds what all of its policies can give"
            where = f"{word} {owner.text('name')}"
            yield Finding(Severity.MEDIUM, "boundary-changed", what, where, why, _BACK, str(deployed.purpose))


def _bucket(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    bucket, purpose = deployed.location.bucket, str(deployed.purpose)
    if "bucket" in facts.gone:
        fix = (
            "`pulumi up --refresh` makes it again, empty" if _made(deployed) else "make it again, or name another store"
        )
        yield gone(f"bucket {bucket}", f"bucket {bucket}", purpose, fix)
        return
    if facts.public_access_blocked is False and _made(deployed):
        what, why = "public access is not blocked any more", "one policy or access list too many makes it public"
        yield Finding(Severity.HIGH, "public-possible", what, f"bucket {bucket}", why, _BACK, purpose)
    if facts.bucket_policy is None:
        return
    try:
        document = Document.parse("bucket policy", facts.bucket_policy) if facts.bucket_policy else None
    except MalformedDocumentError as fault:
        what, why = f"its policy cannot be read: {fault.fault}", "nothing can be said about whom it lets in"
        yield Finding(Severity.MEDIUM, "policy-unreadable", what, f"bucket {bucket}", why, "write it anew", purpose)
        return
    for statement in document.statements if document else ():
        if statement.allows and (found := _let_in(deployed, statement)):
            severity, rule, what, why = found
            where = f"bucket {bucket}, bucket policy, statement {statement.name.rpartition('/')[2]}"
            yield Finding(severity, rule, what, where, why, "take the statement out of the bucket's policy", purpose)
    ours = [each for each in deployed.anywhere(BUCKET_POLICY) if each.text("bucket") == bucket]
    there = _statements(facts.bucket_policy)
    lost = [each for each in _statements(ours[0].text("policy")) if each not in there] if ours else []
    if lost:
        names = ", ".join(str(each.get("Sid") or "one without a name") for each in lost)
        what, why = f"statements of ours are not in its policy: {names}", "what they refuse is let through"
        yield Finding(Severity.HIGH, "policy-changed", what, f"bucket {bucket}, bucket policy", why, _BACK, purpose)


def _let_in(deployed: DeployedAccess, statement: Statement) -> tuple[Severity, str, str, str] | None:
    """Whom an Allow lets in that it should not: severity, rule, what and why."""
    named = (statement.principals or {}).get("AWS", ())
    if "*" in named or statement.not_principals is not None:
        under = ", under a condition" if statement.conditions else ""
        severity = Severity.MEDIUM if statement.conditions else Severity.CRITICAL
        return (
            severity,
            _PUBLIC,
            f"it lets in everyone{under}",
            "no key and no role is needed: what it allows, everybody may",
        )
    if any(account_of(each) == LIGHTLY_AWS_ACCOUNT for each in named):
        what = "it lets Lightly's account in directly, without an external ID"
        why = "every customer of Lightly could name this bucket; nothing ties the request to you"
        return Severity.CRITICAL, "bucket-names-lightly", what, why
    for type_, word in ((ROLE, "role"), (USER, "user")):
        for owner in deployed.own(type_)[:1]:
            if any(_is(each, owner.text("arn")) for each in named):
                return Severity.HIGH, "bucket-names-ours", f"it gives rights to {word} {owner.text('name')}", _BESIDE
    return None


def _is(principal: str, arn: str) -> bool:
    """A user or role, or a session of the role."""
    account, name = account_of(arn), arn.rpartition("/")[2]
    return principal == arn or f":sts::{account}:assumed-role/{name}/" in principal


def _made(deployed: DeployedAccess) -> bool:
    return any(
        each.text("bucket") == deployed.location.bucket for type_ in BUCKETS for each in deployed.anywhere(type_)
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _statements(text: str) -> list[Any]:
    document = _json(text)
    found = document.get("Statement", []) if isinstance(document, dict) else []
    return found if isinstance(found, list) else [found]
