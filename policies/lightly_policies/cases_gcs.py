"""What a purpose must and must not permit on Cloud Storage, as a list of requests.

`grant_cases(Grantee(purpose, bucket, path))` gives them; `proof_gcs` decides them all: its `Proof.outcomes` is the list
to show. An overwrite needs two permissions, create and delete
(https://cloud.google.com/storage/docs/access-control/iam-permissions), so it has two cases for each object.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from lightly_policies.case import EXPECTED, Case, Place, beside, other_buckets
from lightly_policies.evaluator.gcs import Request

MEMBER = "serviceAccount:lightly@acme.iam.gserviceaccount.com"
"""Who has the role where nobody is named."""

PERMISSIONS = {
    "INPUT": frozenset({"storage.objects.get", "storage.objects.list"}),
    "LIGHTLY": frozenset(f"storage.objects.{right}" for right in ("create", "delete", "get", "list", "update")),
}
"""What a purpose needs: https://docs.lightly.ai/docs/google-cloud-storage ."""

OBJECT_PERMISSIONS = {
    "read": ("storage.objects.get",),
    "write": ("storage.objects.create",),
    "overwrite": ("storage.objects.create", "storage.objects.delete"),
    "delete": ("storage.objects.delete",),
}
_NEVER_ON_OBJECTS = tuple(
    f"storage.objects.{right}"
    for right in ("getIamPolicy", "setIamPolicy", "setRetention", "overrideUnlockedRetention", "restore", "move")
)
_NEVER_ON_BUCKET = (
    *(f"storage.buckets.{right}" for right in ("get", "update", "delete", "getIamPolicy", "setIamPolicy", "restore")),
    *("storage.managedFolders.create", "storage.managedFolders.setIamPolicy", "storage.multipartUploads.list"),
)
_NEVER_AT_ALL = (
    *("storage.buckets.create", "storage.buckets.list", "storage.hmacKeys.create", "iam.serviceAccountKeys.create"),
    *("iam.serviceAccounts.actAs", "iam.serviceAccounts.getAccessToken", "resourcemanager.projects.setIamPolicy"),
)
_STRANGER = "serviceAccount:stranger@acme.iam.gserviceaccount.com"
_LATER = datetime(2099, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Grantee:
    """Whose rights are asked about, and over what: purpose, bucket, path (ending in `/`, or empty), service account."""

    purpose: str
    bucket: str
    path: str
    member: str = MEMBER

    def __post_init__(self) -> None:
        if self.purpose not in EXPECTED:
            raise ValueError(f"purpose: got {self.purpose!r}, expected INPUT or LIGHTLY")

    def expects(self, capability: str) -> bool:
        """Whether the purpose has the capability."""
        return capability in EXPECTED[self.purpose]

    def on_object(self, permission: str, name: str, bucket: str | None = None) -> Request:
        """A request on one object."""
        return Request(self.member, permission, bucket or self.bucket, name)

    def listing(self, prefix: str, bucket: str | None = None) -> Request:
        """A listing of the bucket with a prefix; "" is one without."""
        return Request(self.member, "storage.objects.list", bucket or self.bucket, prefix=prefix)


def grant_cases(grantee: Grantee) -> tuple[Case, ...]:
    """Every case of a grant: the lights first, then what lies just outside."""
    return (*_listing(grantee), *_objects(grantee), *_metadata(grantee), *_other_rights(grantee), *_others(grantee))


def _listing(grantee: Grantee) -> Iterator[Case]:
    path, bound = grantee.path, bool(grantee.path)
    for prefix in dict.fromkeys((path[:-1], path, f"{path}a", f"{path}.lightly/predictions/")):
        name = f"list with the prefix {prefix!r}"
        yield Case(name, "list", grantee.listing(prefix), True, inside=True, place=Place.INSIDE)
    if bound:
        yield Case("list with no prefix", "list", grantee.listing(""), False, place=Place.BESIDE)
    for where, prefix in beside(path):
        if prefix:
            yield Case(f"list {where}, {prefix!r}", "list", grantee.listing(prefix), False, place=Place.BESIDE)
    for bucket in other_buckets(grantee.bucket):
        name = f"list another bucket, {bucket!r}"
        yield Case(name, "list", grantee.listing(path, bucket), False, place=Place.ELSEWHERE)


def _objects(grantee: Grantee) -> Iterator[Case]:
    path = grantee.path
    for capability, permissions in OBJECT_PERMISSIONS.items():
        expected = grantee.expects(capability)
        for permission in permissions:
            verb = capability if len(permissions) == 1 else f"{capability} ({permission})"
            for name in (f"{path}a.png", f"{path}deeper/b.mp4", f"{path}.lightly/predictions/tasks.json"):
                request = grantee.on_object(permission, name)
                yield Case(f"{verb} {name!r}", capability, request, expected, inside=True, place=Place.INSIDE)
            for where, prefix in beside(path):
                request = grantee.on_object(permission, f"{prefix}a.png")
                yield Case(f"{verb} a file {where}, {prefix!r}", capability, request, False, place=Place.BESIDE)
            for bucket in other_buckets(grantee.bucket):
                request = grantee.on_object(permission, f"{path}a.png", bucket)
                name = f"{verb} a file of another bucket, {bucket!r}"
                yield Case(name, capability, request, False, place=Place.ELSEWHERE)


def _metadata(grantee: Grantee) -> Iterator[Case]:
    """storage.objects.update, for which no light stands."""
    expected = "storage.objects.update" in PERMISSIONS[grantee.purpose]
    request = grantee.on_object("storage.objects.update", f"{grantee.path}a.png")
    yield Case("change the metadata of a file", None, request, expected)
    for where, prefix in beside(grantee.path):
        request = grantee.on_object("storage.objects.update", f"{prefix}a.png")
        yield Case(f"change the metadata of a file {where}, {prefix!r}", None, request, False)


def _other_rights(grantee: Grantee) -> Iterator[Case]:
    for permission in _NEVER_ON_OBJECTS:
        yield Case(permission, None, grantee.on_object(permission, f"{grantee.path}a.png"), False)
    for permission in _NEVER_ON_BUCKET:
        yield Case(permission, None, Request(grantee.member, permission, grantee.bucket), False)
    for permission in _NEVER_AT_ALL:
        yield Case(permission, None, Request(grantee.member, permission, None), False)


def _others(grantee: Grantee) -> Iterator[Case]:
    """The same by somebody else, and by the service account at another time."""
    file = f"{grantee.path}a.png"
    for who, member in (("another service account", _STRANGER), ("an anonymous caller", "")):
        reading = Request(member, "storage.objects.get", grantee.bucket, file)
        yield Case(f"{who} reads a file", None, reading, False)
        listing = Request(member, "storage.objects.list", grantee.bucket, prefix=grantee.path)
        yield Case(f"{who} lists", None, listing, False)
    later = Request(grantee.member, "storage.objects.get", grantee.bucket, file, time=_LATER)
    yield Case("read a file many years from now", None, later, True)
