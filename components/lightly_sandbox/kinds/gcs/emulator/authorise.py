"""May this caller do that: gathers the bindings that bear on a request, asks the evaluator, words the refusal.

Sources: https://cloud.google.com/storage/docs/access-control/iam, https://cloud.google.com/iam/docs/conditions-overview.
The decision is that of `lightly_policies.evaluator.gcs`, which also proves what is deployed. What the evaluator
does not know is here: scopes of tokens, administrators of projects, accounts that were made again, bindings too new to
count.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from lightly_policies.evaluator import gcs as evaluator

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.gcs.emulator.buckets import Bucket
from lightly_sandbox.kinds.gcs.emulator.caller import Caller
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError
from lightly_sandbox.kinds.gcs.emulator.faults import Faults
from lightly_sandbox.kinds.gcs.emulator.policy import EVERYBODY, Binding, Policy
from lightly_sandbox.kinds.gcs.emulator.roles import Roles

_SCOPES = "Request had insufficient authentication scopes."
_NO_TOKEN = "Request is missing required authentication credential. Expected OAuth 2 access token."  # noqa: S105 - a sentence


class Authoriser:
    """Authorises permissions as things are now. `administrators` says whose project is whose, `projects` what else is
    bound there."""

    def __init__(
        self,
        roles: Roles,
        faults: Faults,
        clock: Clock,
        administrators: Mapping[str, str],
        projects: Mapping[str, Policy],
    ) -> None:
        self._roles, self._faults, self._clock = roles, faults, clock
        self._administrators, self._projects = administrators, projects

    def on_project(self, caller: Caller, permission: str, project: str, resource: str) -> None:
        """Raises RefusedError, unless the caller administers the project, or a binding without condition grants it."""
        _scoped(caller, permission)
        if self._administers(caller, project) or self._bound(caller, permission, project):
            return
        if permission.startswith("storage."):
            raise _denied(caller, f"{caller.label} does not have {permission} access to the Google Cloud project.")
        if not caller.kind:
            raise RefusedError(401, "required", _NO_TOKEN)
        name = f"//iam.googleapis.com/{resource}"
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "IAM_PERMISSION_DENIED",
            "domain": "iam.googleapis.com",
            "metadata": {"permission": permission, "resource": resource},
        }
        message = f"Permission '{permission}' denied on resource '{name}' (or it may not exist)."
        raise RefusedError(403, "forbidden", message, details=(info,))

    def on_bucket(
        self, caller: Caller, permission: str, bucket: Bucket, name: str | None = None, prefix: str = ""
    ) -> None:
        """Raises RefusedError when the caller may not do this to the bucket, or to the object with this name.

        The object need not be there. `prefix` is that of a list call.
        """
        _scoped(caller, permission)
        request = self._request(caller, permission, bucket, name, prefix)
        if not self._allows(caller, request, bucket):
            raise _denied(caller, evaluator.denial(request))

    def allows_on_project(self, caller: Caller, permission: str, project: str) -> bool:
        """Whether `on_project` would raise nothing."""
        may = self._administers(caller, project) or self._bound(caller, permission, project)
        return caller.may_use(permission) and may

    def allows(self, caller: Caller, permission: str, bucket: Bucket) -> bool:
        """Whether the project or a binding grants it on the bucket itself."""
        return self._allows(caller, self._request(caller, permission, bucket), bucket)

    def _request(
        self, caller: Caller, permission: str, bucket: Bucket, name: str | None = None, prefix: str = ""
    ) -> evaluator.Request:
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        return evaluator.Request(caller.member, permission, bucket.name, name, prefix, now)

    def _allows(self, caller: Caller, request: evaluator.Request, bucket: Bucket) -> bool:
        if self._administers(caller, bucket.project):
            return True
        project = self._projects.get(bucket.project)
        bound: list[tuple[Binding, str | None]] = [(binding, bucket.name) for binding in bucket.policy.bindings]
        bound += [(binding, None) for binding in project.bindings] if project else []
        counting = [(binding, where) for binding, where in bound if self._counts(binding, caller, bucket)]
        roles = {binding.role: self._roles.permissions(binding.role) for binding, _ in counting}
        return evaluator.decide(request, (binding.evaluated(where) for binding, where in counting), roles).allowed

    def _counts(self, binding: Binding, caller: Caller, bucket: Bucket) -> bool:
        """Whether the evaluator may see it: in force, and not for an account that is gone."""
        if not self._settled(binding):
            return False
        if binding.member in EVERYBODY:
            return not bucket.prevented
        return binding.uid in ("", caller.uid)

    def _bound(self, caller: Caller, permission: str, project: str) -> bool:
        policy = self._projects.get(project)
        mine = (each for each in policy.bindings if each.member == caller.member) if policy else ()
        return any(
            permission in self._roles.permissions(each.role)
            for each in mine
            if not each.condition and each.uid in ("", caller.uid) and self._settled(each)
        )

    def _settled(self, binding: Binding) -> bool:
        return self._clock.now() - binding.since >= self._faults.denied

    def _administers(self, caller: Caller, project: str) -> bool:
        return bool(caller.kind) and self._administrators.get(project) == caller.member


def _scoped(caller: Caller, permission: str) -> None:
    if not caller.may_use(permission):
        raise RefusedError(403, "insufficientPermissions", _SCOPES, "AccessDenied")


def _denied(caller: Caller, sentence: str) -> RefusedError:
    if not caller.kind:
        return RefusedError(401, "required", sentence, "AccessDenied")
    return RefusedError(403, "forbidden", sentence, "AccessDenied")
