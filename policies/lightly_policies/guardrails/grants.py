"""Rules on what AWS policies grant: to users not directly, to Lightly nothing by wildcard, to INPUT no writing."""

from collections.abc import Iterator

from lightly_policies.evaluator.document import MalformedDocumentError
from lightly_policies.evaluator.matching import spans_stores
from lightly_policies.guardrails.iam import (
    GRANTS,
    ROLE,
    Identity,
    allows,
    attachments,
    document,
    identities,
    policies,
)
from lightly_policies.guardrails.rule import Found, each, resource_rule, stack_rule
from lightly_policies.guardrails.view import Resource, Stack

_LIGHTLY = "https://docs.lightly.ai/docs/aws-s3"
_CIS = "https://github.com/prowler-cloud/prowler"
_GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
_READS = frozenset(
    {"s3:listbucket", "s3:getobject", "s3:getobjectversion", "s3:getbucketlocation", "kms:decrypt", "kms:describekey"}
)
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
    return each({resource.urn: resource for resource in (*granted, *holders)}.values(), _wide, unclear)


def _wide(resource: Resource) -> Iterator[str]:
    """What is wide about a policy, an attachment, or a role or user itself."""
    if resource.type in GRANTS:
        return _wildcards(resource)
    listed = resource.get("managedPolicyArns")
    arns = [resource.text("policyArn"), *(listed if isinstance(listed, list) else ())]
    managed = [str(arn).rpartition("/")[2] for arn in arns if ":iam::aws:policy/" in str(arn)]
    return (f"it gives Lightly {name}, a policy of AWS that names no bucket" for name in managed)


def _wildcards(policy: Resource) -> Iterator[str]:
    for statement in allows(document(policy, "policy", "identity")):
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
    granted = [policy for identity in found if identity.reads_only for policy in policies(stack, identity)]
    yield from each({policy.urn: policy for policy in granted}.values(), _writes, unclear)


def _writes(policy: Resource) -> Iterator[str]:
    for statement in allows(document(policy, "policy", "identity")):
        name = statement.name.rpartition("/")[2]
        if statement.actions is None:
            yield f"{name}: it allows INPUT all actions but some"
        for action in statement.actions or ():
            if action.lower() not in _READS:
                yield f"{name}: it allows INPUT {action}"


def _shared(identity: Identity) -> Found:
    others = ", ".join(sorted(identity.purposes - {"INPUT"}))
    return Found(f"INPUT and {others} get in through it, so that INPUT can write", identity.holder)
