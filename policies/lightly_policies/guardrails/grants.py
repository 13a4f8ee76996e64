"""Rules on what AWS policies grant: to users not directly, to Lightly nothing by wildcard, to INPUT no writing."""

from collections.abc import Callable, Iterator
from itertools import chain

from lightly_policies.evaluator.document import Document, MalformedDocumentError
from lightly_policies.evaluator.matching import spans_stores
from lightly_policies.evaluator.statement import Statement
from lightly_policies.guardrails.iam import (
    GRANTS,
    OF_STORES,
    ROLE,
    Identity,
    allows,
    attachments,
    document,
    documents,
    entered_by,
    identities,
    lets_in_lightly,
    policies,
)
from lightly_policies.guardrails.rule import Found, each, resource_rule, stack_rule
from lightly_policies.guardrails.view import Resource, Stack, UnknownValueError

_LIGHTLY = "https://docs.lightly.ai/docs/aws-s3"
_CIS = "https://github.com/prowler-cloud/prowler"
_GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
_READS = frozenset(
    {"s3:listbucket", "s3:getobject", "s3:getobjectversion", "s3:getbucketlocation", "kms:decrypt", "kms:describekey"}
)
_DATA = _READS | {
    *("s3:putobject", "s3:deleteobject", "s3:abortmultipartupload", "s3:listmultipartuploadparts"),
    *("kms:encrypt", "kms:generatedatakey"),
}
_ON_USERS = (
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/userPoliciesExclusive:UserPoliciesExclusive",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
)


@resource_rule(
    "policy-readable",
    types=(*GRANTS, ROLE),
    level="advisory",
    severity="high",
    fix="write it as the grammar of IAM says; a rule that cannot read a policy cannot check it",
    source=_GRAMMAR,
)
def policy_readable(resource: Resource) -> Iterator[str]:
    """A policy document can be read by the evaluator."""
    trust = resource.type == ROLE
    path = "assumeRolePolicy" if trust else "policy"
    found = document(resource, path, "trust" if trust else "identity")
    if isinstance(found, MalformedDocumentError):
        yield f"{path} is no policy that AWS would accept ({found.where or 'as a whole'})"


@resource_rule(
    "no-policy-on-users",
    types=_ON_USERS,
    level="mandatory",
    severity="medium",
    fix="put the user into a group that has the policy, or let Lightly assume a role",
    source=_CIS,
    controls=("CIS AWS 7.0: 2.13",),
)
def no_policy_on_users(resource: Resource) -> Iterator[str]:
    """Users have their permissions through groups only."""
    if resource.type == "aws:iam/policyAttachment:PolicyAttachment":
        if resource.get("users"):
            yield "it attaches a policy to users directly"
        return
    for key in ("policyNames", "policyArns"):
        if resource.type.endswith("Exclusive") and resource.get(key) == []:
            return
    yield "it gives a policy to a user directly"


@stack_rule(
    "no-wildcard-grant",
    level="mandatory",
    severity="high",
    fix="name s3:ListBucket, s3:GetObject (and s3:PutObject, s3:DeleteObject for LIGHTLY) on one bucket and path",
    source=_LIGHTLY,
)
def no_wildcard_grant(stack: Stack) -> Iterator[Found]:
    """Lightly is granted actions and stores by name, none by wildcard."""
    found, unclear = identities(stack)
    holders = [holder for identity in found for holder in (identity.holder, *identity.groups)]
    granted = [policy for identity in found for policy in policies(stack, identity)]
    granted += [attachment for holder in holders for attachment in attachments(stack, holder)]
    opened = [policy for policy in stack.of(*OF_STORES) if holders]

    def check(resource: Resource) -> Iterator[str]:
        if resource.type in OF_STORES:
            return chain.from_iterable(map(_wildcards, entered_by(resource, holders)))
        return _wide(resource)

    return each({resource.urn: resource for resource in (*granted, *holders, *opened)}.values(), check, unclear)


def _wide(resource: Resource) -> Iterator[str]:
    """What is wide about a policy, an attachment, or a role or user itself."""
    for found in documents(resource):
        yield from _unreadable(found)
        for statement in allows(found):
            yield from _wildcards(statement)
    arns = [resource.text("policyArn")]
    for listed in (resource.get("managedPolicyArns"), resource.get("policyArns")):
        arns += map(str, listed) if isinstance(listed, list) else ()
    for name in (arn.rpartition("/")[2] for arn in arns if ":iam::aws:policy/" in arn):
        yield f"it gives Lightly {name}, a policy of AWS that names no bucket"


def _unreadable(found: Document | MalformedDocumentError | None) -> Iterator[str]:
    """A policy that only AWS can read may grant anything."""
    if isinstance(found, MalformedDocumentError):
        yield f"what it grants Lightly cannot be read ({found.where or 'as a whole'})"


def _wildcards(statement: Statement) -> Iterator[str]:
    name = statement.name.rpartition("/")[2]
    if statement.not_actions is not None or statement.not_resources is not None:
        yield f"{name}: it allows Lightly all but what it names"
    for action in statement.actions or ():
        if "*" in action or "?" in action:
            yield f"{name}: it allows Lightly {action}"
    for resource in statement.resources or ():
        if spans_stores(resource):
            yield f"{name}: it allows Lightly {resource}"


@stack_rule(
    "input-never-writes",
    level="mandatory",
    severity="high",
    fix="grant INPUT s3:ListBucket and s3:GetObject only, by an identity of its own",
    source=_LIGHTLY,
)
def input_never_writes(stack: Stack) -> Iterator[Found]:
    """What Lightly uses as INPUT can list and read, and nothing else."""
    found, unclear = identities(stack)
    yield from (_shared(identity) for identity in found if "INPUT" in identity.purposes and not identity.reads_only)
    readers = [identity for identity in found if identity.reads_only]
    yield from _statements(stack, readers, _writes, unclear)


def _statements(
    stack: Stack, found: list[Identity], check: Callable[[Statement], Iterator[str]], unclear: list[str]
) -> Iterator[Found]:
    """What is said of each statement that allows these identities something; no-wildcard-grant says what cannot be
    read."""
    holders = [holder for identity in found for holder in (identity.holder, *identity.groups)]
    granted = [policy for identity in found for policy in policies(stack, identity)]
    opened = [policy for policy in stack.of(*OF_STORES) if holders]

    def of_policy(policy: Resource) -> Iterator[str]:
        if policy.type in OF_STORES:
            return chain.from_iterable(map(check, entered_by(policy, holders)))
        return chain.from_iterable(check(each) for found in documents(policy) for each in allows(found))

    return each({policy.urn: policy for policy in (*granted, *opened)}.values(), of_policy, unclear)


def _writes(statement: Statement) -> Iterator[str]:
    name = statement.name.rpartition("/")[2]
    if statement.actions is None:
        yield f"{name}: it allows INPUT all actions but some"
    for action in statement.actions or ():
        if action.lower() not in _READS:
            yield f"{name}: it allows INPUT {action}"


@stack_rule(
    "lightly-data-only",
    level="mandatory",
    severity="high",
    fix="grant s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject only: what changes policies, or becomes "
    "another role, is as wide as what it can get",
    source=_LIGHTLY,
)
def data_only(stack: Stack) -> Iterator[Found]:
    """What Lightly uses can list, read, write and delete objects, and nothing else."""
    found, unclear = identities(stack)
    writers = []
    for identity in (identity for identity in found if not identity.reads_only):
        holder = identity.holder
        try:  # a name alone may be that of your own worker's role, which has more to do
            if identity.purposes or (holder.type == ROLE and lets_in_lightly(holder)):
                writers.append(identity)
        except UnknownValueError as missing:
            unclear.append(f"{holder.name}.{missing.path}")
    yield from _statements(stack, writers, _beyond_data, unclear)


def _beyond_data(statement: Statement) -> Iterator[str]:
    """Wildcards are a violation of no-wildcard-grant."""
    name = statement.name.rpartition("/")[2]
    for action in statement.actions or ():
        if action.lower() not in _DATA and not ("*" in action or "?" in action):
            yield f"{name}: it allows Lightly {action}"


def _shared(identity: Identity) -> Found:
    others = ", ".join(sorted(identity.purposes - {"INPUT"}))
    return Found(f"INPUT and {others} get in through it, so that INPUT can write", identity.holder)
