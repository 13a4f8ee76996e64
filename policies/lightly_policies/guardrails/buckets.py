"""Rules on S3 buckets that a stack makes: nothing public, TLS only, encryption, ownership, versions.

A bucket's settings are resources of their own, so these are rules about stacks. Buckets that are only looked up are not
ours, and not checked.
"""

from collections.abc import Callable, Iterator

from lightly_policies.evaluator.aws import Policies, Principal, Request, decide
from lightly_policies.evaluator.document import ALLOWS_EVERYTHING, Document, MalformedDocumentError
from lightly_policies.evaluator.public import lets_in_everyone
from lightly_policies.guardrails.iam import BUCKET_POLICIES, OF_STORES, allows, document, trusts_lightly
from lightly_policies.guardrails.rule import Found, each, stack_rule
from lightly_policies.guardrails.view import Resource, Stack

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_CIS = "https://github.com/prowler-cloud/prowler"
_CONTROLS = "https://docs.amazonaws.cn/en_us/securityhub/latest/userguide/s3-controls.md"
_ACCOUNT = "123456789012"
_OWNER = Principal(f"arn:aws:iam::{_ACCOUNT}:user/owner", _ACCOUNT, "user", user_id="AIDAOWNER")


def _settings(stack: Stack, bucket: Resource, kind: str) -> list[Resource]:
    """The resources of one kind (`bucketVersioning`) that belong to a bucket."""
    name = kind[0].upper() + kind[1:]
    types = (f"aws:s3/{kind}:{name}", f"aws:s3/{kind}V2:{name}V2")
    return [setting for setting in stack.of(*types) if setting.names("bucket", bucket, "bucket", "id")]


def _each_bucket(stack: Stack, check: Callable[[Resource], Iterator[str]]) -> Iterator[Found]:
    return each((bucket for bucket in stack.of(*BUCKETS) if not bucket.read), check)


@stack_rule(
    "s3-block-public-access",
    level="mandatory",
    severity="critical",
    fix="add an aws.s3.BucketPublicAccessBlock for it with all four settings true",
    source=_CIS,
    controls=("CIS AWS 7.0: 3.1.4", "Security Hub: S3.8"),
)
def block_public_access(stack: Stack) -> Iterator[Found]:
    """Every bucket blocks public access, in all four ways."""

    def check(bucket: Resource) -> Iterator[str]:
        blocks = _settings(stack, bucket, "bucketPublicAccessBlock")
        if not blocks:
            yield "it has no BucketPublicAccessBlock"
        for block in blocks:
            off = [name for name in _BLOCKS if block.get(name) is not True]
            if off:
                yield f"{block.name} does not set {', '.join(off)}"

    return _each_bucket(stack, check)


@stack_rule(
    "s3-tls-only",
    level="mandatory",
    severity="medium",
    fix='add a bucket policy with Deny, Principal "*", s3:*, on bucket and objects, for Bool aws:SecureTransport false',
    source=_CIS,
    controls=("CIS AWS 7.0: 3.1.1", "Security Hub: S3.5"),
)
def tls_only(stack: Stack) -> Iterator[Found]:
    """Every bucket refuses requests without TLS, whoever asks."""

    def check(bucket: Resource) -> Iterator[str]:
        documents = [
            found
            for policy in _settings(stack, bucket, "bucketPolicy")
            if isinstance(found := document(policy, "policy", "resource"), Document)
        ]
        arn = _arn(bucket)
        for action, resource in _asked(arn):
            request = Request(_OWNER, action, resource, _ACCOUNT, {"aws:SecureTransport": ("false",)})
            if not any(_refuses(found, request) for found in documents):
                yield f"{action} works without TLS"
                return

    return _each_bucket(stack, check)


def _refuses(policy: Document, request: Request) -> bool:
    return not decide(request, Policies(identity=(ALLOWS_EVERYTHING,), resource=policy)).allowed


def _asked(arn: str) -> Iterator[tuple[str, str]]:
    """What is done with a bucket, as actions and resources."""
    yield "s3:ListBucket", arn
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
        yield action, f"{arn}/a/b"


def _arn(bucket: Resource) -> str:
    arn = bucket.text("arn") if bucket.knows("arn") else ""
    return arn or f"arn:aws:s3:::{bucket.text('bucket')}"


@stack_rule(
    "s3-no-public-policy",
    level="mandatory",
    severity="critical",
    fix="name the principals that may use the bucket; Lightly gets in through a role or a user, not by bucket policy",
    source=_CONTROLS,
)
def no_public_policy(stack: Stack) -> Iterator[Found]:
    """No bucket policy lets in everyone, or all of Lightly's account."""

    buckets = [bucket for bucket in stack.of(*BUCKETS) if not bucket.read]
    policies = [policy for policy in stack.of(*OF_STORES) if not policy.read]

    def check(seen: Resource) -> Iterator[str]:
        if seen.type in BUCKETS:
            written = _settings(stack, seen, "bucketPolicy")
            if seen.knows("policy"):  # also what a provider reads, so that a preview of a new bucket does not know it
                written.append(seen)
        elif seen.type in BUCKET_POLICIES and any(seen.names("bucket", bucket, "bucket", "id") for bucket in buckets):
            return  # it is said of the bucket
        else:
            written = [seen]
        for policy in written:
            found = document(policy, "policy", "resource")
            if isinstance(found, MalformedDocumentError):
                yield f"{policy.name} is no policy that AWS would accept ({found.where or 'as a whole'})"
            yield from (f"{policy.name} {opened}" for opened in _opened(found))

    return each((*buckets, *policies), check)


def _opened(policy: Document | MalformedDocumentError | None) -> Iterator[str]:
    for statement in allows(policy):
        if statement.actions is None:
            does = f"do all but {', '.join(statement.not_actions or ())}"
        else:
            does = ", ".join(statement.actions)
        if lets_in_everyone(statement):
            yield f"lets everyone {does}"
        elif trusts_lightly(statement):  # without a role's external ID: for any of Lightly's customers
            yield f"lets Lightly's account {does}"


@stack_rule(
    "s3-encryption",
    level="advisory",
    severity="low",
    fix="add an aws.s3.BucketServerSideEncryptionConfiguration with AES256 or aws:kms, not to rest on a default",
    source=_CONTROLS,
)
def encryption(stack: Stack) -> Iterator[Found]:
    """Every bucket says how its objects are encrypted."""

    def check(bucket: Resource) -> Iterator[str]:
        settings = _settings(stack, bucket, "bucketServerSideEncryptionConfiguration")
        if not settings and not bucket.get("serverSideEncryptionConfiguration"):
            yield "it does not say how its objects are encrypted"
        for setting in settings:
            if not setting.get("rules.0.applyServerSideEncryptionByDefault.sseAlgorithm"):
                yield f"{setting.name} names no algorithm"

    return _each_bucket(stack, check)


@stack_rule(
    "s3-ownership",
    level="advisory",
    severity="medium",
    fix="add aws.s3.BucketOwnershipControls with BucketOwnerEnforced, so that no ACL counts",
    source=_CONTROLS,
)
def ownership(stack: Stack) -> Iterator[Found]:
    """The owner of a bucket owns all objects in it, and ACLs do not count."""

    def check(bucket: Resource) -> Iterator[str]:
        controls = _settings(stack, bucket, "bucketOwnershipControls")
        if not controls:
            yield "it has no BucketOwnershipControls"
        for control in controls:
            wanted = control.get("rule.objectOwnership")
            if wanted != "BucketOwnerEnforced":
                yield f"{control.name} sets {wanted}, expected BucketOwnerEnforced"

    return _each_bucket(stack, check)


@stack_rule(
    "s3-versioning",
    level="advisory",
    severity="low",
    fix="add an aws.s3.BucketVersioning with status Enabled, or set forceDestroy where the content can be made again",
    source=_CONTROLS,
)
def versioning(stack: Stack) -> Iterator[Found]:
    """A bucket keeps old versions, unless its content may be thrown away (forceDestroy), or Lightly made it.

    What Lightly writes into a store of ours it can make again, so that our components keep no versions unless asked to.
    """

    def check(bucket: Resource) -> Iterator[str]:
        states = [
            setting.get("versioningConfiguration.status") for setting in _settings(stack, bucket, "bucketVersioning")
        ]
        kept = "Enabled" in states or bucket.get("versioning.enabled") is True
        if not kept and not bucket.ours and bucket.get("forceDestroy") is not True:
            yield "what is overwritten or deleted in it is gone"

    return _each_bucket(stack, check)
