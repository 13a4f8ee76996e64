"""One call on its way: who calls, what it may do, and the cloud it changes."""

from dataclasses import dataclass, field

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.gcs.emulator.accounts import Accounts
from lightly_sandbox.kinds.gcs.emulator.authorise import Authoriser
from lightly_sandbox.kinds.gcs.emulator.buckets import Bucket, Store
from lightly_sandbox.kinds.gcs.emulator.call import Call
from lightly_sandbox.kinds.gcs.emulator.caller import ANONYMOUS, Caller
from lightly_sandbox.kinds.gcs.emulator.faults import Faults
from lightly_sandbox.kinds.gcs.emulator.keys import Pair
from lightly_sandbox.kinds.gcs.emulator.policy import Policy
from lightly_sandbox.kinds.gcs.emulator.roles import Roles
from lightly_sandbox.kinds.gcs.emulator.tokens import Tokens


class Cloud:
    """Everything that the cloud knows. `administrators` maps a project to its administrator."""

    def __init__(self, administrators: dict[str, str]) -> None:
        self.administrators = administrators
        self.clock = Clock()
        self.accounts = Accounts(self.clock)
        self.roles = Roles(self.clock)
        self.faults = Faults(self.clock, self.accounts)
        self.tokens = Tokens(self.accounts, self.faults, self.clock)
        self.store = Store(self.clock)
        self.projects: dict[str, Policy] = {}
        self.authoriser = Authoriser(self.roles, self.faults, self.clock, administrators, self.projects)

    def uid_of(self) -> dict[str, str]:
        """Members of policies with the unique ids of their accounts; those that are not yet known are left out."""
        now = self.clock.now()
        return {
            f"serviceAccount:{account.email}": account.uid
            for account in self.accounts
            if now - account.created >= self.faults.invalid
        }


@dataclass
class RequestContext:
    """A call with its caller. `action` is the first permission it needed: faults and call counts name it."""

    cloud: Cloud
    call: Call
    caller: Caller = ANONYMOUS
    action: str = "unknown"
    pair: Pair | None = None
    asked: list[str] = field(default_factory=list)
    """Every permission that it needed, whether the caller had it or not."""

    @property
    def store(self) -> Store:
        return self.cloud.store

    @property
    def now(self) -> float:
        """The cloud's time in seconds since the epoch."""
        return self.cloud.clock.now()

    def needs_project(self, permission: str, project: str, resource: str) -> None:
        """Raises RefusedError when the caller may not do this in the project."""
        self._needs(permission)
        self.cloud.authoriser.on_project(self.caller, permission, project, resource)

    def needs_bucket(self, permission: str, bucket: Bucket, prefix: str = "") -> None:
        """Raises RefusedError when the caller may not do this to the bucket."""
        self._needs(permission)
        self.cloud.authoriser.on_bucket(self.caller, permission, bucket, prefix=prefix)

    def needs_object(self, permission: str, bucket: Bucket, name: str) -> None:
        """Raises RefusedError when the caller may not do this to the object."""
        self._needs(permission)
        self.cloud.authoriser.on_bucket(self.caller, permission, bucket, name)

    def needs_to_put(self, bucket: Bucket, name: str) -> None:
        """Raises RefusedError when the caller may not write the object: to overwrite takes deleting too.

        https://cloud.google.com/storage/docs/access-control/iam-json (objects.insert: storage.objects.delete "is only
        required for uploads that overwrite an existing object").
        """
        self.needs_object("storage.objects.create", bucket, name)
        if name in bucket.objects:
            self.needs_object("storage.objects.delete", bucket, name)

    def _needs(self, action: str) -> None:
        self.asked.append(action)
        if self.action == "unknown":
            self.action = action
            self.cloud.faults.fail(action)
