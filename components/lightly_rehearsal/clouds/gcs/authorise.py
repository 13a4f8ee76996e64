"""May this caller do that: the project's administrators, and the bucket's bindings with their conditions.

Sources: https://cloud.google.com/storage/docs/access-control/iam, https://cloud.google.com/iam/docs/conditions-overview.
A list call is judged on the bucket, with the prefix it asks for as `objectListPrefix`; anything about an object is
judged on the object's name (https://cloud.google.com/iam/docs/conditions-attribute-reference#api-attributes).
"""

from collections.abc import Mapping

from lightly_rehearsal.clouds.gcs.accounts import Accounts
from lightly_rehearsal.clouds.gcs.buckets import Bucket
from lightly_rehearsal.clouds.gcs.caller import Caller
from lightly_rehearsal.clouds.gcs.clock import Clock, whole
from lightly_rehearsal.clouds.gcs.condition import BUCKET_TYPE, OBJECT_LIST_PREFIX, OBJECT_TYPE, Asked, holds
from lightly_rehearsal.clouds.gcs.errors import Refused
from lightly_rehearsal.clouds.gcs.faults import Faults
from lightly_rehearsal.clouds.gcs.policy import Binding
from lightly_rehearsal.clouds.gcs.roles import Roles

_SCOPES = "Request had insufficient authentication scopes."


class Authoriser:
    """Judges permissions as things are now. `administrators` says whose project is whose."""

    def __init__(
        self, roles: Roles, accounts: Accounts, faults: Faults, clock: Clock, administrators: Mapping[str, str]
    ) -> None:
        self._roles, self._accounts, self._faults, self._clock = roles, accounts, faults, clock
        self._administrators = administrators

    def on_project(self, caller: Caller, permission: str, project: str, resource: str) -> None:
        """Raises Refused; only its administrator may do anything in a project as a whole."""
        self._scoped(caller, permission)
        if self._administers(caller, project):
            return
        if permission.startswith("storage."):
            raise _denied(caller, permission, "project")
        if not caller.kind:
            raise Refused(
                401, "required", "Request is missing required authentication credential. Expected OAuth 2 access token."
            )
        name = f"//iam.googleapis.com/{resource}"
        message = f"Permission '{permission}' denied on resource '{name}' (or it may not exist)."
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "IAM_PERMISSION_DENIED",
            "domain": "iam.googleapis.com",
            "metadata": {"permission": permission, "resource": resource},
        }
        raise Refused(403, "forbidden", message, details=(info,))

    def on_bucket(self, caller: Caller, permission: str, bucket: Bucket, prefix: str | None = None) -> None:
        """Raises Refused. `prefix` is that of a list call."""
        attributes = {} if prefix is None else {OBJECT_LIST_PREFIX: prefix}
        asked = Asked(f"projects/_/buckets/{bucket.name}", BUCKET_TYPE, whole(self._clock.now()), attributes)
        self._require(caller, permission, bucket, asked, "bucket")

    def on_object(self, caller: Caller, permission: str, bucket: Bucket, name: str) -> None:
        """Raises Refused; the object need not be there."""
        full = f"projects/_/buckets/{bucket.name}/objects/{name}"
        asked = Asked(full, OBJECT_TYPE, whole(self._clock.now()))
        self._require(caller, permission, bucket, asked, "object")

    def allows(self, caller: Caller, permission: str, bucket: Bucket, asked: Asked) -> bool:
        """Whether the project or a binding of the bucket grants it."""
        if self._administers(caller, bucket.project):
            return True
        return any(self._grants(it, caller, permission, bucket, asked) for it in bucket.policy.bindings)

    def _require(self, caller: Caller, permission: str, bucket: Bucket, asked: Asked, noun: str) -> None:
        self._scoped(caller, permission)
        if not self.allows(caller, permission, bucket, asked):
            raise _denied(caller, permission, noun)

    def _grants(self, binding: Binding, caller: Caller, permission: str, bucket: Bucket, asked: Asked) -> bool:
        return (
            self._names(binding, caller, bucket)
            and permission in self._roles.permissions(binding.role)
            and not self._faults.binding_not_yet_in_force(self._clock.now() - binding.since)
            and (not binding.condition or holds(binding.expression, asked))
        )

    def _names(self, binding: Binding, caller: Caller, bucket: Bucket) -> bool:
        if binding.member == "allUsers":
            return not bucket.prevented
        if binding.member == "allAuthenticatedUsers":
            return bool(caller.kind) and not bucket.prevented
        return bool(caller.kind) and binding.member == caller.member and binding.uid in ("", caller.uid)

    def _administers(self, caller: Caller, project: str) -> bool:
        return bool(caller.kind) and self._administrators.get(project) == caller.member

    def _scoped(self, caller: Caller, permission: str) -> None:
        if not caller.may_use(permission):
            raise Refused(403, "insufficientPermissions", _SCOPES, "AccessDenied")


def _denied(caller: Caller, permission: str, noun: str) -> Refused:
    sentence = (
        f"{caller.label} does not have {permission} access to the Google Cloud Storage {noun}. "
        f"Permission '{permission}' denied on resource (or it may not exist)."
    )
    if not caller.kind:
        return Refused(401, "required", sentence, "AccessDenied")
    return Refused(403, "forbidden", sentence, "AccessDenied")
