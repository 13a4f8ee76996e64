"""What Google Cloud would decide on a request to Cloud Storage: bindings, roles and a request in, a decision out. Pure.

IAM allows when a binding that bears on the resource names the member and a role with the permission, and its condition,
if it has one, is true (https://docs.cloud.google.com/iam/docs/policies, https://cloud.google.com/iam/docs/conditions-resource-attributes).
There is no deny here: deny policies, principal access boundaries, ACLs (our buckets have none: uniform access), groups
and domains are not modelled. A binding of a group or domain matches nobody, so the proof compares members by name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lightly_policies.evaluator.aws import Decision
from lightly_policies.evaluator.gcs_condition import Attributes, Condition, MalformedConditionError, check, holds

__all__ = [
    "Binding",
    "Condition",
    "Decision",
    "MalformedConditionError",
    "Request",
    "Roles",
    "check",
    "decide",
    "denial",
]

_LIST_PREFIX = "storage.googleapis.com/objectListPrefix"
"""A listing's `prefix` parameter: https://cloud.google.com/iam/docs/downscoping-short-lived-credentials ."""
_SERVICE = "storage.googleapis.com"
_EVERYONE, _SIGNED_IN = "allUsers", "allAuthenticatedUsers"

Roles = Mapping[str, frozenset[str]]
"""Role name (`projects/p/roles/r`, `roles/storage.admin`) -> its permissions."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One role for some members, on one bucket or on the whole project.

    Attributes:
        role: its full name.
        members: `serviceAccount:a@p.iam.gserviceaccount.com`, `user:...`, `allUsers`, `allAuthenticatedUsers`.
        condition: None for always.
        bucket: on whose policy it stands; None for the project's, which every bucket of it inherits.
    """

    role: str
    members: tuple[str, ...]
    condition: Condition | None = None
    bucket: str | None = None

    @property
    def name(self) -> str:
        """What a decision calls it: where it stands, its role, its condition's title."""
        titled = f" [{self.condition.title}]" if self.condition else ""
        return f"{self.bucket or 'project'}/{self.role}{titled}"

    def names(self, member: str) -> bool:
        """Whether it is for this member; the empty member is an anonymous caller. Google ignores the case of names."""
        if _EVERYONE in self.members or (member and _SIGNED_IN in self.members):
            return True
        return bool(member) and member.casefold() in {named.casefold() for named in self.members}


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for one permission on a bucket, on one object of it, or (bucket None) on the project.

    Attributes:
        member: who asks, as a binding names it; empty for nobody.
        permission: `storage.objects.get`.
        bucket: its name; None for what belongs to no bucket (`storage.buckets.list`).
        object: the object's name; None where the bucket itself is asked about (listing, bucket rights).
        prefix: the `prefix` parameter of a listing; a listing without one has "".
        time: when; now, if not said.
    """

    member: str
    permission: str
    bucket: str | None
    object: str | None = None
    prefix: str = ""
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def resource(self) -> str:
        """The name that conditions see; the `_` stands for whatever project the bucket is in."""
        if self.bucket is None:
            return "projects/_"
        bucket = f"projects/_/buckets/{self.bucket}"
        return bucket if self.object is None else f"{bucket}/objects/{self.object}"

    @property
    def attributes(self) -> Attributes:
        """What a condition sees of it. Only listings have the attribute of their prefix."""
        if self.bucket is None:
            kind, service = "cloudresourcemanager.googleapis.com/Project", "cloudresourcemanager.googleapis.com"
        else:
            kind, service = f"{_SERVICE}/{'Bucket' if self.object is None else 'Object'}", _SERVICE
        listing = self.permission == "storage.objects.list" and self.object is None
        return Attributes(self.resource, kind, service, self.time, {_LIST_PREFIX: self.prefix} if listing else {})


def decide(request: Request, bindings: Iterable[Binding], roles: Roles) -> Decision:
    """Whether Google Cloud would let the request through, with the reason and the binding that decided.

    `bindings`: all of the bucket's policy and of its project's; those of other buckets are passed over. A role that
    `roles` does not have (deleted, unknown) grants nothing. Safe for threads.
    """
    closest = f"no binding gives {request.member or 'an anonymous caller'} {request.permission}"
    for binding in bindings:
        elsewhere = binding.bucket is not None and binding.bucket != request.bucket
        if elsewhere or not binding.names(request.member):
            continue
        if request.permission not in roles.get(binding.role, frozenset()):
            continue
        if binding.condition is None:
            return Decision(True, "allowed by a binding", binding.name)
        met, why_not = holds(binding.condition, request.attributes)
        if met:
            return Decision(True, "allowed by a conditional binding", binding.name)
        closest = f"the binding {binding.name} does not apply: {why_not}"
    return Decision(False, closest, None)


def denial(request: Request) -> str:
    """The sentence of Cloud Storage's 403: https://cloud.google.com/storage/docs/troubleshooting ."""
    caller = request.member.partition(":")[2] or "Anonymous caller"
    return (
        f"{caller} does not have {request.permission} access to the Google Cloud Storage "
        f"{'object' if request.object is not None else 'bucket'}. "
        f"Permission '{request.permission}' denied on resource (or it may not exist)."
    )
