"""What a purpose must and must not permit, as a list of requests: what the proof asks, and `lightly-access analyze`
shows.

A case inside the path stands for a capability of a light; all others stand just outside of what was granted: a sibling
whose name starts alike, the parent, another bucket, another key, another action. Only the customer's own identity is
asked here; who may become it is asked by the cases of a trust policy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lightly_policies.evaluator.aws import Principal, Request
from lightly_policies.network import RELEVANT_FILENAMES, Network, Origin
from lightly_policies.render import LIGHTLY_AWS_ACCOUNT

CAPABILITIES = ("list", "read", "write", "overwrite", "delete")
EXPECTED = {"INPUT": frozenset({"list", "read"}), "LIGHTLY": frozenset(CAPABILITIES)}

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
_NEVER_AT_ALL = ("s3:ListAllMyBuckets", "iam:CreateAccessKey", "iam:PassRole", "sts:AssumeRole", "kms:CreateKey")

Context = Mapping[str, tuple[str, ...]]


class Place(StrEnum):
    """Where a case tries its capability, as seen from the path: the columns of `lightly-access analyze`."""

    INSIDE = "inside"
    BESIDE = "beside"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Case:
    """One request and whether it must be allowed.

    Attributes:
        name: what is tried, in words: `read a file of a sibling directory`.
        capability: the light it belongs to; None for what no light stands for.
        request: what is asked of the evaluator: the Request of `evaluator.aws`, `evaluator.sas` or `evaluator.gcp`.
        expected: whether it must be allowed.
        inside: whether it lies within the path and so decides its light.
        place: the path itself, the rest of its store, or another store; None where no capability is tried at a place.
        network: whether it is tried from the network that a grant is hardened to; None where that is not asked.
    """

    name: str
    capability: str | None
    request: Any
    expected: bool
    inside: bool = False
    place: Place | None = None
    network: bool | None = None


@dataclass(frozen=True, slots=True)
class Grantee:
    """Whose rights are asked about, and over what.

    Attributes:
        purpose: `INPUT` or `LIGHTLY`.
        bucket, path, region, partition: as rendered into the grant.
        account: owner of bucket and identity.
        kms_key_arn: the bucket's key, if it has one.
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

    def __post_init__(self) -> None:
        if self.purpose not in EXPECTED:
            raise ValueError(f"purpose: got {self.purpose!r}, expected INPUT or LIGHTLY")

    @property
    def principal(self) -> Principal:
        """An identity that carries the grant and nothing else."""
        name = f"arn:{self.partition}:iam::{self.account}:user/lightly"
        return Principal(name, self.account, "user", user_id="AIDALIGHTLY")

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
        return next((it for it in self.origins if it and it.network), None)

    def ask(self, action: str, resource: str, **context: str) -> Request:
        """A request of its identity, over TLS; `context` with `__` where a condition key has a colon."""
        keys = {name.replace("__", ":"): (value,) for name, value in context.items()}
        return Request(self.principal, action, resource, self.account, {"aws:SecureTransport": ("true",), **keys})

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


def beside(path: str) -> Iterator[tuple[str, str]]:
    """Places just outside the path; the whole bucket has none."""
    stem = path[:-1]
    parent, slash, _ = stem.rpartition("/")
    places = {
        "of a sibling whose name starts alike": f"{stem}-other/",
        "of a sibling whose name is shorter": f"{stem[:-1]}/",
        "of the parent": f"{parent}{slash}",
        "of the same name elsewhere": f"elsewhere/{path}",
        "of the same name in other case": path.swapcase(),
        "of a name that only wildcards make alike": path.replace("*", "x").replace("?", "x"),
    }
    return ((where, place) for where, place in places.items() if not place.startswith(path))


def other_buckets(bucket: str) -> tuple[str, ...]:
    """Names that a careless pattern would take for the bucket's."""
    alike = {f"{bucket}-other", f"other-{bucket}", bucket.replace(".", "x")}
    return tuple(sorted(alike - {bucket}))


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


def _other_actions(grantee: Grantee) -> Iterator[Case]:
    best = grantee.best
    context = best.context if best else {}
    for action in _NEVER_ON_OBJECTS:
        yield Case(action, None, grantee.on_object(action, f"{grantee.path}a.png", origin=best), False)
    for action in _NEVER_ON_BUCKET:
        yield Case(action, None, grantee.on_bucket(action, s3__prefix=grantee.path, **context), False)
    for action in _NEVER_AT_ALL:
        yield Case(action, None, grantee.ask(action, "*", **context), False)


def trust_cases(external_id: str, account: str, *, trusted: str = LIGHTLY_AWS_ACCOUNT) -> tuple[Case, ...]:
    """Every case of a role's trust policy: who may assume the role, and with which external ID.

    Names hold no external ID. Each caller's own policies allow it everything: the trust policy alone must refuse.
    """
    lightly, stranger = _caller(trusted), _caller("666666666666" if trusted != "666666666666" else "777777777777")
    own = _caller(account)
    role = f"arn:aws:iam::{account}:role/lightly/lightly"
    wrong = {
        "a wrong external ID": "0" * 10 if external_id != "0" * 10 else "1" * 10,
        "a longer external ID": f"{external_id}0",
        "a shorter external ID": external_id[:-1],
        "`*` as external ID": "*",
    }
    if external_id.swapcase() != external_id:
        wrong["the external ID in other case"] = external_id.swapcase()

    def ask(who: Principal, with_id: str | None, action: str = "sts:AssumeRole") -> Request:
        context = {} if with_id is None else {"sts:ExternalId": (with_id,)}
        return Request(who, action, role, account, context)

    return (
        Case("Lightly assumes the role with the external ID", "assume", ask(lightly, external_id), True, inside=True),
        Case("Lightly assumes the role without external ID", "assume", ask(lightly, None), False),
        *(Case(f"Lightly assumes the role with {what}", "assume", ask(lightly, i), False) for what, i in wrong.items()),
        Case("a third account assumes the role with the external ID", "assume", ask(stranger, external_id), False),
        Case("a third account assumes the role without it", "assume", ask(stranger, None), False),
        Case("an identity of the own account assumes the role", "assume", ask(own, external_id), False),
        Case(
            "an anonymous caller assumes the role", "assume", ask(Principal("*", "", "anonymous"), external_id), False
        ),
        *(
            Case(f"Lightly calls {action}", None, ask(lightly, external_id, action), False)
            for action in ("sts:TagSession", "sts:SetSourceIdentity", "sts:AssumeRoleWithSAML")
        ),
        Case(
            "Lightly calls sts:AssumeRoleWithWebIdentity",
            None,
            ask(lightly, external_id, "sts:AssumeRoleWithWebIdentity"),
            False,
        ),
    )


def _caller(account: str) -> Principal:
    return Principal(f"arn:aws:iam::{account}:user/caller", account, "user", user_id="AIDACALLER")
