"""What there is in Azure now of a container that an access of ours is to: GET, and listKeys, for Azure shows stored
policies to the account's key alone (https://learn.microsoft.com/rest/api/storageservices/get-container-acl)."""

import time
from collections.abc import Callable
from typing import Any

from lightly_core.secret import Secret
from lightly_policies.sas import StoredPolicy

from lightly_access.audit.finding import Unreadable
from lightly_access.kinds.azure.drift.facts import AccessFacts, Assignment
from lightly_access.kinds.azure.storage_api.errors import AzureError
from lightly_access.kinds.azure.storage_api.policies import Container
from lightly_access.once import Once

Ask = Callable[[str, str, str], tuple[int, dict[str, Any]]]
"""Path, API version and method of a call, to its status and JSON."""
_STORAGE, _ROLES = "2024-01-01", "2022-04-01"
_ABSENT = ("ResourceNotFound", "ResourceGroupNotFound", "ContainerNotFound")


class AccessReading:
    """The calls about one container. No method raises for what Azure refuses."""

    def __init__(self, ask: Ask, account: str, container: str, once: Once) -> None:
        """`account` is the path of the account in Resource Manager, `container` a name."""
        self._ask, self._account, self._container, self._once = ask, account, container, once
        self._unreadable: list[Unreadable] = []
        self._gone: set[str] = set()

    def facts(self) -> AccessFacts:
        name = self._account.rpartition("/")[2]
        account = self._there("account", f"storage account {name}", self._account)
        path = f"{self._account}/blobServices/default/containers/{self._container}"
        container = self._there("container", f"container {name}/{self._container}", path) if account else None
        public = str(container.get("properties", {}).get("publicAccess") or "None") if container else None
        return AccessFacts(
            frozenset(self._gone),
            account and account.get("properties", {}),
            public,
            self._policies(name, account) if account and container else None,
            self._assignments(path) if container else None,
            tuple(self._unreadable),
        )

    def _policies(self, name: str, account: dict[str, Any]) -> tuple[StoredPolicy, ...] | None:
        what = f"stored policies of {name}/{self._container}"
        needs = "Microsoft.Storage/storageAccounts/listKeys/action"
        status, found = self._ask(f"{self._account}/listKeys", _STORAGE, "POST")
        keys = found.get("keys") if status < 300 else None
        if not keys:
            self._note(what, needs, f"HTTP {status}")
            return None
        endpoint = str(account["properties"]["primaryEndpoints"]["blob"])
        container = Container(name, Secret(str(keys[0]["value"])), endpoint, self._container, time.sleep)
        try:
            return self._once(("azure", endpoint, self._container), container.policies)
        except AzureError as refused:
            self._note(what, "", str(refused).splitlines()[0])
            return None

    def _assignments(self, path: str) -> tuple[Assignment, ...] | None:
        where = f"{path}/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()"
        status, found = self._ask(where, _ROLES, "GET")
        if status >= 300:
            self._note("who has a role there", "Microsoft.Authorization/roleAssignments/read", f"HTTP {status}")
            return None
        properties = [(each, each.get("properties", {})) for each in found.get("value", ())]
        return tuple(
            Assignment(
                str(known.get("roleDefinitionId", "")).rpartition("/")[2],
                str(known.get("principalId", "")),
                str(known.get("scope", "")),
                str(each.get("name", "")),
            )
            for each, known in properties
            if str(known.get("scope", "")).lower().startswith(self._account.lower())
        )

    def _there(self, word: str, what: str, path: str) -> dict[str, Any] | None:
        """The answer; that it is not there is a fact, and nothing that could not be read."""
        status, found = self._ask(path, _STORAGE, "GET")
        if status < 300:
            return found
        error = found.get("error")
        code = str(error.get("code", "")) if isinstance(error, dict) else ""
        if status == 404 and code in _ABSENT:
            self._gone.add(word)
        else:
            self._note(what, "Microsoft.Storage/storageAccounts/read", f"HTTP {status} {code}".strip())
        return None

    def _note(self, what: str, needs: str, reason: str) -> None:
        self._unreadable.append(Unreadable(what, needs, reason))
