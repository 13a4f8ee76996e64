"""Who calls, and what the credential itself may be used for."""

from dataclasses import dataclass

CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"
_STORAGE = "https://www.googleapis.com/auth/devstorage."
READ_ONLY, READ_WRITE, FULL_CONTROL = _STORAGE + "read_only", _STORAGE + "read_write", _STORAGE + "full_control"
SCOPES = frozenset({CLOUD_PLATFORM, READ_ONLY, READ_WRITE, FULL_CONTROL})


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal. `uid` tells two accounts apart that had the same email one after the other.

    `service` is the one API that a self-signed token with an audience is for; None when scopes decide.
    """

    kind: str
    email: str
    uid: str = ""
    scopes: frozenset[str] = frozenset()
    service: str | None = None

    @property
    def member(self) -> str:
        """As a policy names it: `serviceAccount:<email>`; empty for nobody."""
        return f"{self.kind}:{self.email}" if self.kind else ""

    @property
    def label(self) -> str:
        """As errors and call counts name it."""
        return self.email or "Anonymous caller"

    def may_use(self, permission: str) -> bool:
        """Whether the credential's scopes cover a permission.

        https://cloud.google.com/storage/docs/oauth-scopes: read-only reads data, read-write changes data but no
        metadata of buckets and no policies, full control all; IAM's own API needs the scope of the whole platform.
        """
        if not self.kind:
            return True
        if self.service is not None:
            return permission.startswith(f"{self.service}.")
        if CLOUD_PLATFORM in self.scopes:
            return True
        if not permission.startswith("storage.") or permission.endswith("IamPolicy"):
            return permission.startswith("storage.") and FULL_CONTROL in self.scopes
        verb = permission.rpartition(".")[2]
        allowed = {FULL_CONTROL} if permission == "storage.buckets.update" else {FULL_CONTROL, READ_WRITE}
        return bool(self.scopes & (allowed | ({READ_ONLY} if verb in ("get", "list") else set())))


ANONYMOUS = Caller("", "")
