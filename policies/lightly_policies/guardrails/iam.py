"""AWS IAM in a stack: policy documents as the evaluator reads them, and which identities are Lightly's.

An identity is Lightly's when its trust policy names Lightly's account, when a Datasource uses it, or when its name says
so: in a stack without our components nothing else tells.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT

from lightly_policies.evaluator.document import Document, MalformedDocumentError, Place
from lightly_policies.evaluator.statement import Statement
from lightly_policies.guardrails.view import Resource, Stack, UnknownValueError

ROLE = "aws:iam/role:Role"
USER = "aws:iam/user:User"
GROUP = "aws:iam/group:Group"
KEY = "aws:iam/accessKey:AccessKey"
POLICY = "aws:iam/policy:Policy"
DATASOURCE = "lightly:index:Datasource"
GRANTS = ("aws:iam/rolePolicy:RolePolicy", "aws:iam/groupPolicy:GroupPolicy", "aws:iam/userPolicy:UserPolicy", POLICY)
BUCKET_POLICIES = ("aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketPolicyV2:BucketPolicyV2")
ACCESS_POINTS = ("aws:s3/accessPoint:AccessPoint", "aws:s3control/accessPointPolicy:AccessPointPolicy")
OF_STORES = (*BUCKET_POLICIES, *ACCESS_POINTS)
"""What holds a policy that is on a store and names who gets in."""
_HOLDERS = {ROLE: "role", GROUP: "group", USER: "user"}
_ATTACHMENTS = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
)
_OF_MANY = "aws:iam/policyAttachment:PolicyAttachment"
_EXCLUSIVE = {
    "role": "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "group": "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
    "user": "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
}
"""These attach what is not attached yet."""


def document(resource: Resource, path: str, place: Place) -> Document | MalformedDocumentError | None:
    """The policy document at a path; None where there is none; the fault where AWS would refuse it.

    Raises UnknownValueError.
    """
    written = resource.get(path)
    if not written:
        return None
    text = written if isinstance(written, str) else json.dumps(written)
    try:
        return Document.parse(path, text).require(place)
    except MalformedDocumentError as fault:
        return fault


def allows(found: Document | MalformedDocumentError | None) -> Iterator[Statement]:
    """The statements that allow something; none of what cannot be read, which `policy-readable` reports."""
    if isinstance(found, Document):
        yield from (statement for statement in found.statements if statement.allows)


def account_of(principal: str) -> str:
    """The account that an AWS principal is in, "" for a wildcard."""
    parts = principal.split(":")
    return parts[4] if len(parts) > 4 else (principal if principal.isdecimal() else "")


def trusts_lightly(statement: Statement) -> bool:
    """Whether a statement of a trust policy names Lightly's account."""
    principals = (statement.principals or {}).get("AWS", ())
    return any(account_of(principal) == LIGHTLY_AWS_ACCOUNT for principal in principals)


def named_after_lightly(resource: Resource) -> bool:
    """Whether its logical name, name or path says `lightly`."""
    names = [resource.name, *(resource.get(key) for key in ("name", "path") if resource.knows(key))]
    return any("lightly" in name.lower() for name in names if isinstance(name, str))


@dataclass(frozen=True, slots=True)
class Identity:
    """A role, or a user with its groups, through which Lightly gets in; with the purposes of its Datasources."""

    holder: Resource
    groups: tuple[Resource, ...]
    purposes: frozenset[str]

    @property
    def reads_only(self) -> bool:
        """Whether it is there for INPUT: a Datasource says so, or else its name."""
        if self.purposes:
            return self.purposes == {"INPUT"}
        return "input" in self.holder.name.lower()


def identities(stack: Stack) -> tuple[list[Identity], list[str]]:
    """Lightly's identities in a stack, and the values that are not known yet and would tell of more."""
    found, unclear = [], []
    for holder in stack.of(ROLE, USER):
        used = [source for source in stack.of(DATASOURCE) if _uses(source, holder, stack)]
        try:
            if used or named_after_lightly(holder) or (holder.type == ROLE and lets_in_lightly(holder)):
                purposes = frozenset(source.text("purpose") for source in used)
                found.append(Identity(holder, tuple(_groups(stack, holder)), purposes))
        except UnknownValueError as missing:
            unclear.append(f"{holder.name}.{missing.path}")
    return found, unclear


def lets_in_lightly(role: Resource) -> bool:
    """Whether its trust policy names Lightly's account. Raises UnknownValueError."""
    return any(trusts_lightly(statement) for statement in allows(document(role, "assumeRolePolicy", "trust")))


def _uses(source: Resource, holder: Resource, stack: Stack) -> bool:
    if holder.type == ROLE:
        return source.names("roleArn", holder, "arn")
    keys = [key for key in stack.of(KEY) if key.names("user", holder, "name")]
    return any(source.names("accessKeyId", key, "id") for key in keys)


def _groups(stack: Stack, user: Resource) -> Iterator[Resource]:
    """The groups of a user."""
    for member in stack.of("aws:iam/userGroupMembership:UserGroupMembership"):
        if member.names("user", user, "name"):
            yield from (group for group in stack.of(GROUP) if member.names("groups", group, "name"))
    for member in stack.of("aws:iam/groupMembership:GroupMembership"):
        if member.names("users", user, "name"):
            yield from (group for group in stack.of(GROUP) if member.names("group", group, "name"))


def policies(stack: Stack, identity: Identity) -> Iterator[Resource]:
    """What holds a policy of an identity in the stack: a policy, inline or attached, or a role by itself."""
    for holder in (identity.holder, *identity.groups):
        property_ = _HOLDERS[holder.type]
        if holder.type == ROLE:
            yield holder
        for grant in stack.of(*GRANTS[:3]):
            if grant.names(property_, holder, "name", "id"):
                yield grant
        for managed in stack.of(POLICY):
            attached = any(_attaches(attachment, managed) for attachment in attachments(stack, holder))
            listed = holder.knows("managedPolicyArns")  # whoever checks the role asks for them
            if attached or (listed and holder.names("managedPolicyArns", managed, "arn")):
                yield managed


def _attaches(attachment: Resource, policy: Resource) -> bool:
    name = "policyArns" if attachment.type in _EXCLUSIVE.values() else "policyArn"
    return attachment.names(name, policy, "arn")


def attachments(stack: Stack, holder: Resource) -> Iterator[Resource]:
    """What attaches managed policies to a role, group or user."""
    kind = _HOLDERS[holder.type]
    for types, name in ((_ATTACHMENTS, kind), ((_OF_MANY,), f"{kind}s"), ((_EXCLUSIVE[kind],), f"{kind}Name")):
        for attachment in stack.of(*types):
            if attachment.names(name, holder, "name", "id"):
                yield attachment


def documents(policy: Resource) -> Iterator[Document | MalformedDocumentError | None]:
    """The identity policies that a resource of `policies` holds. Raises UnknownValueError."""
    if policy.type in GRANTS:
        yield document(policy, "policy", "identity")
        return
    inline = policy.get("inlinePolicies")
    for at in range(len(inline) if isinstance(inline, list) else 0):
        yield document(policy, f"inlinePolicies.{at}.policy", "identity")


def entered_by(policy: Resource, holders: Iterable[Resource]) -> Iterator[Statement]:
    """The statements by which a policy of a store itself allows something to one of these roles and users.

    The ARN of one that the stack does not know yet cannot be in a policy that it knows.
    """
    arns = {holder.text("arn") for holder in holders if holder.knows("arn")} - {""}
    for statement in allows(document(policy, "policy", "resource") if arns else None):
        named = {name for names in (statement.principals or {}).values() for name in names}
        named |= {value for condition in statement.conditions for value in condition.values}
        if named & arns:
            yield statement
