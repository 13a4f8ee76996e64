"""What a purpose must and must not permit on S3, as a list of requests.

Only the customer's own identity is asked here; who may become it is asked by `cases_trust`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lightly_policies.case import EXPECTED, Case, Place, beside, other_buckets
from lightly_policies.evaluator.aws import Principal, Request
from lightly_policies.network import RELEVANT_FILENAMES, Network, Origin

_OBJECT_ACTIONS = {
    "read": "s3:GetObject",
    "write": "s3:PutObject",
    "overwrite": "s3:PutObject",  # S3 has no right of its own for it
    "delete": "s3:DeleteObject",
}
_KEY_ACTIONS = {"read": ("kms:Decrypt",), "write": ("kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt")}
_NEVER_ON_OBJECTS = (
    *("s3:GetObjectVersion", "s3:GetObjectAcl", "s3:GetObjectTagging", "s3:GetObjectTorrent"),
    *("s3:PutObjectAcl", "s3:PutObjectTagging", "s3:PutObjectRetention", "s3:BypassGovernanceRetention"),
    *("s3:DeleteObjectVersion", "s3:DeleteObjectTagging", "s3:RestoreObject", "s3:AbortMultipartUpload"),
)
_NEVER_ON_BUCKET = (
    *("s3:ListBucketVersions", "s3:ListBucketMultipartUploads", "s3:GetBucketPolicy", "s3:PutBucketPolicy"),
    *("s3:DeleteBucketPolicy", "s3:PutBucketAcl", "s3:PutLifecycleConfiguration", "s3:PutReplicationConfiguration"),
    *("s3:PutBucketPublicAccessBlock", "s3:DeleteBucket", "s3:CreateBucket"),
)
_NEVER_ON_KEY = ("kms:CreateGrant", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:ReEncryptTo", "kms:Sign")
_OVER_TLS = {"aws:SecureTransport": ("true",)}
_NEVER_AT_ALL = ("s3:ListAllMyBuckets", "iam:CreateAccessKey", "iam:PassRole", "sts:AssumeRole", "kms:CreateKey")


@dataclass(frozen=True, slots=True)
class Grantee:
    """Whose rights are asked about, and over what.

    Attributes:
        purpose: `INPUT` or `LIGHTLY`.
        bucket, path, region, partition: as rendered into the grant.
        account: owner of bucket and identity.
        kms_key_arn: the bucket's key, if it has one.
        old_kms_key_arns: keys that what was written before is under.
        principal: an identity that carries the grant and nothing else.
        list_prefix_condition: whether listing is meant to be bound to the path.
        network: where objects may be read and written from; None for anywhere.
    """

    purpose: str
    bucket: str
    path: str
    region: str
    account: str = "123456789012"
    kms_key_arn: str | None = None
    list_prefix_condition: bool = True
    partition: str = "aws"
    network: Network | None = None
    old_kms_key_arns: tuple[str, ...] = ()

    principal: Principal = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.purpose not in EXPECTED:
            raise ValueError(f"purpose: got {self.purpose!r}, expected INPUT or LIGHTLY")
        name = f"arn:{self.partition}:iam::{self.account}:user/lightly"
        object.__setattr__(self, "principal", Principal(name, self.account, "user", user_id="AIDALIGHTLY"))

    def expects(self, capability: str, origin: Origin | None = None) -> bool:
        """Whether the purpose has the capability, asked from there."""
        return capability in EXPECTED[self.purpose] and (origin is None or origin.network)

    def shows(self, capability: str) -> bool:
        """Whether its light is green: what Lightly's own servers can do. In a hardened grant they can list only."""
        return self.expects(capability) and (self.network is None or capability == "list")

    @property
    def origins(self) -> tuple[Origin | None, ...]:
        """Where is asked from, those that stand for all first; None where it does not matter."""
        return self.network.origins() if self.network else (None,)

    @property
    def best(self) -> Origin | None:
        """From where it has the most rights."""
        return next((origin for origin in self.origins if origin and origin.network), None)

    def ask(self, action: str, resource: str, **context: str) -> Request:
        """A request of its identity, over TLS; `context` with `__` where a condition key has a colon."""
        keys = _OVER_TLS
        if context:
            keys = {**_OVER_TLS, **{name.replace("__", ":"): (value,) for name, value in context.items()}}
        return Request(self.principal, action, resource, self.account, keys)

    def on_object(self, action: str, key: str, bucket: str | None = None, origin: Origin | None = None) -> Request:
        """A request on one object, from there."""
        context = origin.context if origin else {}
        return self.ask(action, f"arn:{self.partition}:s3:::{bucket or self.bucket}/{key}", **context)

    def on_bucket(self, action: str, bucket: str | None = None, **context: str) -> Request:
        """A request on a bucket."""
        return self.ask(action, f"arn:{self.partition}:s3:::{bucket or self.bucket}", **context)


def grant_cases(grantee: Grantee) -> tuple[Case, ...]:
    """Every case of a grant: the lights first, then what lies just outside."""
    return (
        *_listing(grantee),
        *_objects(grantee),
        *(_key(grantee, grantee.kms_key_arn) if grantee.kms_key_arn else ()),
        *(case for key in grantee.old_kms_key_arns for case in _old_key(grantee, key)),
        *_other_actions(grantee),
    )


def _listing(grantee: Grantee) -> Iterator[Case]:
    path, bound = grantee.path, bool(grantee.path) and grantee.list_prefix_condition
    server = grantee.origins[0].context if grantee.origins[0] else {}  # who may list from there may from anywhere
    for prefix in dict.fromkeys((path[:-1], path, f"{path}a", f"{path}.lightly/predictions/")):
        request = grantee.on_bucket("s3:ListBucket", s3__prefix=prefix, **server)
        yield Case(f"list with the prefix {prefix!r}", "list", request, True, inside=True, place=Place.INSIDE)
    anywhere = Place.BESIDE if path else Place.INSIDE
    yield Case("list with no prefix", "list", grantee.on_bucket("s3:ListBucket", **server), not bound, place=anywhere)
    for where, prefix in beside(path):
        request = grantee.on_bucket("s3:ListBucket", s3__prefix=prefix, **server)
        yield Case(f"list {where}, {prefix!r}", "list", request, not bound, place=Place.BESIDE)
    for bucket in other_buckets(grantee.bucket):
        request = grantee.on_bucket("s3:ListBucket", bucket, s3__prefix=path, **server)
        yield Case(f"list another bucket, {bucket!r}", "list", request, False, place=Place.ELSEWHERE)


def _objects(grantee: Grantee) -> Iterator[Case]:
    """From every place that stands for others, everything; from the others, one object each."""
    whole = grantee.network.representatives if grantee.network else 1
    for capability, action in _OBJECT_ACTIONS.items():
        for number, origin in enumerate(grantee.origins):
            yield from _objects_from(grantee, capability, action, origin, whole=number < whole)
    if grantee.network:
        yield from _relevant_filenames(grantee)


def _objects_from(
    grantee: Grantee, capability: str, action: str, origin: Origin | None, *, whole: bool
) -> Iterator[Case]:
    path, expected = grantee.path, grantee.expects(capability, origin)
    said = f" {origin.words}" if origin else ""
    from_network = origin.network if origin else None
    decides = origin is None or origin.lightly
    inner = (f"{path}a.png", f"{path}deeper/b.mp4", f"{path}.lightly/predictions/tasks.json")
    for key in inner if whole else inner[:1]:
        request = grantee.on_object(action, key, origin=origin)
        name = f"{capability} {key!r}{said}"
        yield Case(name, capability, request, expected, inside=decides, place=Place.INSIDE, network=from_network)
    for where, prefix in beside(path) if whole else ():
        request = grantee.on_object(action, f"{prefix}a.png", origin=origin)
        name = f"{capability} a file {where}, {prefix!r}{said}"
        yield Case(name, capability, request, False, place=Place.BESIDE, network=from_network)
    for bucket in other_buckets(grantee.bucket) if whole else ():
        request = grantee.on_object(action, f"{path}a.png", bucket, origin)
        name = f"{capability} a file of another bucket, {bucket!r}{said}"
        yield Case(name, capability, request, False, place=Place.ELSEWHERE, network=from_network)


def _relevant_filenames(grantee: Grantee) -> Iterator[Case]:
    """The one file that Lightly's own servers read in a hardened LIGHTLY directory."""
    server, key = grantee.origins[0], f"{grantee.path}{RELEVANT_FILENAMES}"
    for capability, action in _OBJECT_ACTIONS.items():
        expected = capability == "read" and grantee.purpose == "LIGHTLY"
        request = grantee.on_object(action, key, origin=server)
        yield Case(f"{capability} {RELEVANT_FILENAMES} from Lightly's own servers", None, request, expected)
    for name in (f"{key}0", key.removesuffix(".txt"), f"{grantee.path}x/{RELEVANT_FILENAMES}"):
        request = grantee.on_object("s3:GetObject", name, origin=server)
        yield Case("read what is only called like it from Lightly's own servers", None, request, False)


def _key(grantee: Grantee, key: str) -> Iterator[Case]:
    """Rights on the bucket's key; the key's policy is taken to leave the decision to the account's IAM."""
    through_s3 = f"s3.{grantee.region}.amazonaws.com"
    for capability, actions in _KEY_ACTIONS.items():
        for action in actions:
            request = grantee.ask(action, key, kms__ViaService=through_s3)
            if capability == "read" or action not in _KEY_ACTIONS["read"]:
                expected = grantee.expects(capability)
                name = f"{action} through S3 to {capability}"
                if grantee.network:  # it is S3 that asks for the key, from its own network, after it let the request in
                    yield Case(name, None, request, expected)
                else:
                    yield Case(name, capability, request, expected, inside=True, place=Place.INSIDE)
    for action in dict.fromkeys(action for actions in _KEY_ACTIONS.values() for action in actions):
        for where, service in (("another service", f"ec2.{grantee.region}"), ("S3 elsewhere", "s3.xx-other-1")):
            request = grantee.ask(action, key, kms__ViaService=f"{service}.amazonaws.com")
            yield Case(f"{action} through {where}", None, request, False)
        yield Case(f"{action} directly", None, grantee.ask(action, key), False)
        other = grantee.ask(action, f"{key}0", kms__ViaService=through_s3)
        yield Case(f"{action} with another key", None, other, False)
    for action in _NEVER_ON_KEY:
        yield Case(action, None, grantee.ask(action, key, kms__ViaService=through_s3), False)


def _old_key(grantee: Grantee, key: str) -> Iterator[Case]:
    """Reading what was written under a key of before is all that it is for, whatever the purpose."""
    through_s3 = f"s3.{grantee.region}.amazonaws.com"
    for action in dict.fromkeys(action for actions in _KEY_ACTIONS.values() for action in actions):
        request = grantee.ask(action, key, kms__ViaService=through_s3)
        yield Case(f"{action} through S3 with the old key {key}", None, request, action in _KEY_ACTIONS["read"])
        yield Case(f"{action} directly with the old key {key}", None, grantee.ask(action, key), False)
    for action in _NEVER_ON_KEY:
        request = grantee.ask(action, key, kms__ViaService=through_s3)
        yield Case(f"{action} with the old key {key}", None, request, False)


def _other_actions(grantee: Grantee) -> Iterator[Case]:
    best = grantee.best
    context = best.context if best else {}
    for action in _NEVER_ON_OBJECTS:
        yield Case(action, None, grantee.on_object(action, f"{grantee.path}a.png", origin=best), False)
    for action in _NEVER_ON_BUCKET:
        yield Case(action, None, grantee.on_bucket(action, s3__prefix=grantee.path, **context), False)
    for action in _NEVER_AT_ALL:
        yield Case(action, None, grantee.ask(action, "*", **context), False)
