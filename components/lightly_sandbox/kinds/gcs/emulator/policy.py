"""A bucket's IAM policy: versions, etags, conditions, members that must exist.

Sources: https://cloud.google.com/storage/docs/json_api/v1/buckets/setIamPolicy,
https://cloud.google.com/iam/docs/reference/rest/v1/Policy, https://cloud.google.com/storage/docs/public-access-prevention.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_policies.evaluator import gcs as evaluator

from lightly_sandbox.kinds.gcs.emulator.condition import fault
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError, invalid

VERSION = 3
EVERYBODY = ("allUsers", "allAuthenticatedUsers")
_CONDITION = frozenset({"title", "description", "expression"})
_MEMBER = re.compile(r"(user|serviceAccount|group):[^@\s]+@[^@\s]+|domain:\S+|project(Owner|Editor|Viewer):\S+")
_DELETED = re.compile(r"deleted:serviceAccount:(?P<email>[^?]+)\?uid=(?P<uid>\d+)")


@dataclass(frozen=True, slots=True)
class Binding:
    """One member of one role under one condition. `uid` pins a service account; `since` is no difference."""

    role: str
    member: str
    uid: str = ""
    condition: tuple[tuple[str, str], ...] = ()
    since: float = field(default=0.0, compare=False)

    def evaluated(self, bucket: str | None) -> evaluator.Binding:
        """As the evaluator reads it; without a bucket it is a project's."""
        condition = evaluator.Condition(**dict(self.condition)) if self.condition else None
        return evaluator.Binding(self.role, (self.member,), condition, bucket)


@dataclass(slots=True)
class Policy:
    """The bindings, and a number that goes up with every change."""

    bindings: tuple[Binding, ...] = ()
    revision: int = 1

    @property
    def etag(self) -> str:
        return base64.b64encode(b"\x08" + self.revision.to_bytes(4)).decode()

    @property
    def version(self) -> int:
        """3 when there are conditions, 1 otherwise."""
        return VERSION if any(binding.condition for binding in self.bindings) else 1

    def replace(self, bindings: Iterable[Binding]) -> None:
        """Take these; a binding that was there before keeps its age."""
        old = {binding: binding for binding in self.bindings}
        self.bindings = tuple(old.get(binding, binding) for binding in dict.fromkeys(bindings))
        self.revision += 1

    def show(self, bucket: str, uid_of: Mapping[str, str]) -> dict[str, Any]:
        """As getIamPolicy answers it; an account that is gone appears as deleted, with its unique id."""
        grouped: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
        for binding in self.bindings:
            gone = binding.uid and uid_of.get(binding.member) != binding.uid
            member = f"deleted:{binding.member}?uid={binding.uid}" if gone else binding.member
            grouped.setdefault((binding.role, binding.condition), []).append(member)
        bindings = [
            {"role": role, "members": members, **({"condition": dict(condition)} if condition else {})}
            for (role, condition), members in grouped.items()
        ]
        return {
            "kind": "storage#policy",
            "resourceId": f"projects/_/buckets/{bucket}",
            "version": self.version,
            "etag": self.etag,
            "bindings": bindings,
        }


def read(given: Mapping[str, Any], uid_of: Mapping[str, str], now: float) -> list[Binding]:
    """The bindings of a policy in a request. Raises RefusedError."""
    unknown = given.keys() - {"kind", "resourceId", "version", "etag", "bindings"}
    if unknown:
        raise invalid(f'Invalid JSON payload received. Unknown name "{min(unknown)}": Cannot find field.')
    version, found = given.get("version", 1), []
    if version not in (0, 1, VERSION):
        raise invalid(f"Invalid policy version {version}: expected 0, 1 or {VERSION}.")
    for binding in given.get("bindings") or ():
        condition = _condition(binding.get("condition"))
        if condition and version != VERSION:
            raise invalid(f"Invalid policy version {version}: a policy with conditions has version {VERSION}.")
        if not isinstance(binding.get("members"), list):
            raise invalid("Invalid argument: a binding needs `members`, a list.")
        for member in binding["members"]:
            name, uid = _member(str(member), uid_of)
            found.append(Binding(str(binding.get("role", "")), name, uid, condition, now))
    return found


def _condition(given: Any) -> tuple[tuple[str, str], ...]:
    if not given:
        return ()
    if not isinstance(given, dict) or given.keys() - _CONDITION:
        raise invalid("Invalid condition: expected title, description and expression.")
    if not given.get("title") or not given.get("expression"):
        raise invalid("Invalid condition: title and expression must not be empty.")
    parts = {name: str(value) for name, value in given.items() if value}
    if wrong := fault(evaluator.Condition(**parts)):
        raise invalid(f"Condition expression compilation failed: {wrong}")
    return tuple(sorted(parts.items()))


def _member(member: str, uid_of: Mapping[str, str]) -> tuple[str, str]:
    if member in EVERYBODY:
        return member, ""
    if match := _DELETED.fullmatch(member):
        return f"serviceAccount:{match['email']}", match["uid"]
    if not _MEMBER.fullmatch(member):
        raise invalid(f"Invalid argument: the member {member} has no known type.")
    if member.startswith("serviceAccount:"):
        if member not in uid_of:
            raise RefusedError(400, "invalid", f"Service account {member.partition(':')[2]} does not exist.")
        return member, uid_of[member]
    return member, ""


def default(project: str) -> Policy:
    """What a new bucket starts with (https://cloud.google.com/storage/docs/access-control/iam#basic-roles)."""
    legacy = "roles/storage.legacy"
    return Policy(
        (
            *(Binding(f"{legacy}BucketOwner", f"project{who}:{project}") for who in ("Editor", "Owner")),
            Binding(f"{legacy}BucketReader", f"projectViewer:{project}"),
        )
    )
