"""Roles: the predefined ones of Cloud Storage, and custom ones with their slow death.

A custom role that was deleted grants nothing and can be undeleted for 7 days; its id is taken for 37 days
(https://cloud.google.com/iam/docs/creating-custom-roles#deleting-custom-role). The sentences are those that users of
terraform-provider-google report.
"""

import base64
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.gcs.emulator.errors import already_exists, failed_precondition, invalid, not_found
from lightly_sandbox.kinds.gcs.emulator.names import check_role_id

_DAY = 86400.0
UNDELETE_DAYS, TAKEN_DAYS = 7, 37
_STAGES = ("ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP")

_UPLOADS = tuple(f"storage.multipartUploads.{verb}" for verb in ("abort", "create", "list", "listParts"))
_READ = ("storage.objects.get", "storage.objects.list")
_CHANGE = tuple(f"storage.objects.{verb}" for verb in ("create", "delete", "restore", "update", "move"))
_POLICY = ("storage.objects.getIamPolicy", "storage.objects.setIamPolicy")
_BUCKETS = tuple(
    f"storage.buckets.{verb}"
    for verb in ("create", "delete", "get", "getIamPolicy", "list", "setIamPolicy", "update", "restore")
)
_BUCKET_OWNER = ("storage.buckets.get", "storage.buckets.getIamPolicy", "storage.buckets.setIamPolicy")

# https://cloud.google.com/storage/docs/access-control/iam-roles
PREDEFINED: Mapping[str, frozenset[str]] = {
    f"roles/storage.{name}": frozenset(permissions)
    for name, permissions in {
        "admin": (*_BUCKETS, *_READ, *_CHANGE, *_POLICY, *_UPLOADS),
        "objectAdmin": (*_READ, *_CHANGE, *_POLICY, *_UPLOADS),
        "objectUser": (*_READ, *_CHANGE, *_UPLOADS),
        "objectViewer": _READ,
        "objectCreator": ("storage.objects.create", *_UPLOADS[:2], _UPLOADS[3]),
        "legacyBucketReader": ("storage.buckets.get", "storage.objects.list", "storage.multipartUploads.list"),
        "legacyBucketWriter": (
            "storage.buckets.get",
            "storage.objects.create",
            "storage.objects.delete",
            "storage.objects.list",
            "storage.objects.restore",
            *_UPLOADS,
        ),
        "legacyBucketOwner": (
            *_BUCKET_OWNER,
            "storage.buckets.update",
            "storage.objects.create",
            "storage.objects.delete",
            "storage.objects.list",
            "storage.objects.restore",
            *_UPLOADS,
        ),
        "legacyObjectReader": ("storage.objects.get",),
        "legacyObjectOwner": ("storage.objects.get", "storage.objects.update", *_POLICY),
    }.items()
}
_PROJECT = frozenset(f"resourcemanager.projects.{verb}" for verb in ("get", "getIamPolicy", "setIamPolicy"))
_KNOWN = (
    PREDEFINED["roles/storage.admin"]
    | _PROJECT
    | {
        f"iam.{noun}.{verb}"
        for noun in ("roles", "serviceAccounts", "serviceAccountKeys")
        for verb in ("create", "delete", "get", "list", "update", "undelete", "disable", "enable")
    }
)
_CUSTOM = re.compile(r"(projects/[^/]+)/roles/([^/]+)")


@dataclass(frozen=True, slots=True)
class Role:
    """A custom role; `deleted` is when, in seconds since the epoch."""

    name: str
    title: str
    description: str
    context: str
    permissions: tuple[str, ...]
    etag: str
    deleted: float | None = None

    def show(self) -> dict[str, Any]:
        """As the API answers it; what is empty is left out."""
        shown = {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "includedPermissions": list(self.permissions),
            "stage": self.context if self.context != "ALPHA" else "",
            "etag": self.etag,
            "deleted": self.deleted is not None,
        }
        return {name: value for name, value in shown.items() if value}


class Roles:
    """All custom roles by their full name, `projects/<p>/roles/<id>`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._roles: dict[str, Role] = {}

    def permissions(self, role: str) -> frozenset[str]:
        """What a role grants now: nothing when it is deleted, disabled or unknown."""
        custom = self._roles.get(role)
        if custom is None or custom.deleted is not None or custom.context == "DISABLED":
            return PREDEFINED.get(role, frozenset())
        return frozenset(custom.permissions)

    def known(self, role: str) -> bool:
        """Whether a binding may name it."""
        custom = self._roles.get(role)
        return role in PREDEFINED or (custom is not None and custom.deleted is None)

    def create(self, project: str, role_id: str, given: Mapping[str, Any]) -> Role:
        """A new role. Raises RefusedError for an id that is taken, or was until lately."""
        check_role_id(role_id)
        name = f"projects/{project}/roles/{role_id}"
        there = self._roles.get(name)
        if there is not None and there.deleted is None:
            raise already_exists(f"A role named {role_id} in projects/{project} already exists.")
        if there is not None and self._age(there) < TAKEN_DAYS * _DAY:
            raise failed_precondition(f"You can't create a role_id ({role_id}) which has been marked for deletion.")
        self._roles[name] = self._with(Role(name, "", "", "ALPHA", (), ""), given)
        return self._roles[name]

    def get(self, name: str) -> Role:
        """Also one that was deleted in the last 7 days. Raises RefusedError."""
        role = self._roles.get(name)
        if role is None or (role.deleted is not None and self._age(role) > UNDELETE_DAYS * _DAY):
            raise not_found(f"The role named {name} was not found.")
        return role

    def list(self, project: str, *, deleted: bool) -> Sequence[Role]:
        prefix = f"projects/{project}/roles/"
        mine = [entry for name, entry in sorted(self._roles.items()) if name.startswith(prefix)]
        return [own for own in mine if own.deleted is None or (deleted and self._age(own) <= UNDELETE_DAYS * _DAY)]

    def patch(self, name: str, given: Mapping[str, Any], mask: frozenset[str]) -> Role:
        """Change what is in the mask; without one, what is given."""
        role = self.get(name)
        if role.deleted is not None:
            raise failed_precondition(f"The role named {name} is deleted and cannot be updated.")
        self._match(role, given)
        self._roles[name] = self._with(role, {k: given.get(k) for k in mask} if mask else given)
        return self._roles[name]

    def delete(self, name: str) -> Role:
        role = self.get(name)
        if role.deleted is not None:
            raise failed_precondition(f"The role named {name} is already deleted.")
        self._roles[name] = replace(role, deleted=self._clock.now(), etag=_etag())
        return self._roles[name]

    def undelete(self, name: str) -> Role:
        role = self.get(name)
        if role.deleted is None:
            raise failed_precondition(f"The role named {name} is not deleted.")
        self._roles[name] = replace(role, deleted=None, etag=_etag())
        return self._roles[name]

    def _age(self, role: Role) -> float:
        assert role.deleted is not None
        return self._clock.now() - role.deleted

    def _match(self, role: Role, given: Mapping[str, Any]) -> None:
        if given.get("etag") not in (None, "", role.etag):
            raise already_exists("There were concurrent policy changes. Please retry the whole read-modify-write.")

    def _with(self, role: Role, given: Mapping[str, Any]) -> Role:
        unknown = given.keys() - {"name", "title", "description", "includedPermissions", "stage", "etag"}
        if unknown:
            raise invalid(
                f"Invalid JSON payload received. Unknown name \"{min(unknown)}\" at 'role': Cannot find field."
            )
        permissions = tuple(given.get("includedPermissions", role.permissions) or ())
        for permission in permissions:
            if permission not in _KNOWN:
                raise invalid(f"Permission {permission} is not valid.")
        context = given.get("stage", role.context) or "ALPHA"
        if context not in _STAGES:
            raise invalid(f"Invalid value at 'role.stage': {context!r}")
        title, description = given.get("title", role.title) or "", given.get("description", role.description) or ""
        if len(title) > 100 or len(description) > 300:
            raise invalid("A title has at most 100 characters, a description at most 300.")
        return replace(
            role, title=title, description=description, context=context, permissions=permissions, etag=_etag()
        )


def custom_project(role: str) -> str | None:
    """`projects/<p>` of a custom role's name; None for another role."""
    match = _CUSTOM.fullmatch(role)
    return match[1] if match else None


def _etag() -> str:
    return base64.b64encode(secrets.token_bytes(8)).decode()
