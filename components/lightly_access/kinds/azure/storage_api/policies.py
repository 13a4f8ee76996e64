"""The stored access policies of one container: read, changed, written back, so that nobody's policy is lost.

Azure knows only all of them at once: Get and Set Container ACL. Between the two somebody else may write, so:

- Within this process one change of a container at a time: a lock.
- Towards everybody else the write says `If-Unmodified-Since`, the time of what was read; for containers Azure has no
  other condition (https://learn.microsoft.com/en-us/javascript/api/@azure/storage-blob/containerrequestconditions).
  That time has full seconds, so what was changed within the very second of the reading is read again a second later:
  then every later change has a later time, and the write is refused (412) and tried again.

A lease of the container would keep out only those who give its id of their own accord (same page, `leaseId`).
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lightly_api.errors import RequestRefusedError
from lightly_core.azure import POLICIES_A_CONTAINER
from lightly_core.secret import Secret
from lightly_policies.sas import StoredPolicy

from lightly_access.kinds.azure.policy_id import fresh_id, is_of, same_datasource
from lightly_access.kinds.azure.storage_api.client import options
from lightly_access.kinds.azure.storage_api.errors import AzureError, said_by_azure

_TRIES = 6
_SECOND = 1.0
_LOCKS: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)

Policies = dict[str, Any]
"""Id -> the SDK's AccessPolicy: others' policies go back as they came."""


@dataclass(frozen=True, slots=True)
class Container:
    """One container and the key to its account. Every method raises AzureError."""

    account: str
    key: Secret
    endpoint: str
    name: str
    pause: Callable[[float], None] = field(repr=False)
    transport: Any = field(default=None, repr=False)
    """A transport of azure-core, for tests; None for the SDK's own."""

    def __str__(self) -> str:
        return f"container {self.account}/{self.name}"

    def policy(self, policy_id: str) -> StoredPolicy | None:
        """The stored policy of this name; None when there is none."""
        found, _, _ = self._read()
        return _plain(policy_id, found[policy_id]) if policy_id in found else None

    def policies(self) -> tuple[StoredPolicy, ...]:
        """All that are there, whoever made them."""
        found, _, _ = self._read()
        return tuple(_plain(name, policy) for name, policy in found.items())

    def make(self, asked: StoredPolicy, covers: str = "") -> StoredPolicy:
        """Make it under an id that was never there, and return that. Raises RequestRefusedError when five others are.

        What is there for the same credential, since the run that made it was killed, is used: its tokens work already.
        """
        made = fresh = replace(asked, id=fresh_id(asked.id, covers))

        def change(found: Policies) -> bool:
            nonlocal made
            there = (name for name in sorted(found) if is_of(name, asked.id, covers) and not _over(found[name]))
            made = replace(asked, id=next(there, fresh.id))
            return self._placed(made, found)

        self._change(f"make stored policy {asked.id} of {self}", change)
        return made

    def put(self, policy: StoredPolicy) -> None:
        """Make it so again. Raises RequestRefusedError for one that is gone: what was ended comes back under no id."""

        def change(found: Policies) -> bool:
            if policy.id in found:
                return self._placed(policy, found)
            raise RequestRefusedError(
                f"{self} has no stored policy {policy.id} any more: somebody ended it",
                "`pulumi up --refresh` makes another one",
            )

        self._change(f"change stored policy {policy.id} of {self}", change)

    def drop(self, policy: StoredPolicy) -> bool:
        """Remove it, unless it is not there or has become another one; returns whether it was removed."""

        def change(found: Policies) -> bool:
            known = policy.id in found and _plain(policy.id, found[policy.id])
            if not known or (known.start, known.expiry) != (policy.start, policy.expiry):
                return False
            del found[policy.id]
            return True

        return self._change(f"drop stored policy {policy.id} of {self}", change)

    def _placed(self, policy: StoredPolicy, found: Policies) -> bool:
        """Put it among those that are there; returns whether anything changes.

        Expired policies of the same datasource are ours, left by a deployment that was killed after its time: they go.
        """
        if policy.id in found and _plain(policy.id, found[policy.id]) == policy:
            return False
        for name in [each for each in found if same_datasource(each, policy.id) and _over(found[each])]:
            del found[name]
        if policy.id not in found and len(found) >= POLICIES_A_CONTAINER:
            raise RequestRefusedError(
                f"{self} has {POLICIES_A_CONTAINER} stored access policies, which is all that Azure allows: "
                + ", ".join(sorted(found)),
                "delete one that nobody needs (`az storage container policy delete`), or use another container",
            )
        found[policy.id] = _policy(policy)
        return True

    def _change(self, what: str, change: Callable[[Policies], bool]) -> bool:
        with _LOCKS[self.endpoint, self.name]:
            for _ in range(_TRIES):
                found, public, since = self._settled()
                if not change(found):
                    return False
                try:
                    with said_by_azure(what):
                        self._client().set_container_access_policy(
                            found, public_access=public, if_unmodified_since=since
                        )
                    return True
                except AzureError as refused:
                    if refused.code != "ConditionNotMet":
                        raise
                self.pause(_SECOND)
        raise AzureError(what, f"somebody else changed them, {_TRIES} times in a row", hint="run it again later")

    def _settled(self) -> tuple[Policies, Any, datetime]:
        """What is there, and since when, so long ago that a change after it will have another time."""
        found, public, headers = self._read()
        changed, now = parsedate_to_datetime(headers["Last-Modified"]), parsedate_to_datetime(headers["Date"])
        if now <= changed:
            self.pause(_SECOND)
            found, public, headers = self._read()
            changed = parsedate_to_datetime(headers["Last-Modified"])
        return found, public, changed

    def _read(self) -> tuple[Policies, Any, Mapping[str, str]]:
        headers: dict[str, str] = {}

        def look(response: Any) -> None:
            headers.update({name.title(): value for name, value in response.http_response.headers.items()})

        with said_by_azure(f"read the stored policies of {self}"):
            answer = self._client().get_container_access_policy(raw_response_hook=look)
        found = {identifier.id: identifier.access_policy for identifier in answer["signed_identifiers"]}
        return found, answer["public_access"], headers

    def _client(self) -> Any:
        from azure.storage.blob import ContainerClient

        credential: Any = {"account_name": self.account, "account_key": self.key.reveal()}
        return ContainerClient(self.endpoint, self.name, credential=credential, **options(self.transport))


def _policy(policy: StoredPolicy) -> Any:
    from azure.storage.blob import AccessPolicy

    return AccessPolicy(permission=policy.permissions, start=policy.start, expiry=policy.expiry)


def _plain(policy_id: str, found: Any) -> StoredPolicy:
    """The SDK's policy as a value; a policy that says nothing is None there."""
    if found is None:
        return StoredPolicy(policy_id)
    return StoredPolicy(policy_id, found.permission or None, _time(found.start), _time(found.expiry))


def _time(value: str | datetime | None) -> datetime | None:
    """Azure writes 7 digits of a second, Python reads 6."""
    if not value:
        return None
    if isinstance(value, str):
        text, _, _ = value.removesuffix("Z").partition(".")
        value = datetime.fromisoformat(text)
    return value.replace(tzinfo=value.tzinfo or UTC)


def _over(found: Any) -> bool:
    expiry = _time(found.expiry) if found else None
    return expiry is not None and expiry < datetime.now(UTC)
