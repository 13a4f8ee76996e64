"""Resource groups.

Source: https://learn.microsoft.com/rest/api/resources/resource-groups.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_sandbox.kinds.azure.emulator.arm_properties import check_tags
from lightly_sandbox.kinds.azure.emulator.local_azure import Subscription
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError

LOCATIONS = re.findall(
    r"\w+",
    "australiaeast canadacentral centralindia centralus eastasia eastus eastus2 francecentral germanywestcentral "
    "italynorth japaneast koreacentral northcentralus northeurope norwayeast polandcentral southcentralus "
    "southeastasia spaincentral swedencentral switzerlandnorth uksouth ukwest westeurope westus westus2 westus3",
)
_NAME = re.compile(r"[\w.()-]{0,89}[\w()-]")


@dataclass
class Group:
    """A resource group; its name as it was first written."""

    name: str
    location: str
    tags: Mapping[str, str] = field(default_factory=dict)


def location(given: object, action: str) -> str:
    """A region in Azure's own spelling. Raises RefusedError for one that is not known here."""
    text = str(given or "").lower().replace(" ", "")
    if text not in LOCATIONS:
        message = f"The provided location '{given}' is not available for {action}. List of available regions is"
        raise RefusedError("LocationNotAvailableForResourceType", f"{message} '{','.join(LOCATIONS)}'.", 400)
    return text


class ResourceGroups:
    """All resource groups; their names differ by more than case. `emptied_by` removes what is in one."""

    def __init__(self, azure: Subscription) -> None:
        self._azure = azure
        self._by_name: dict[str, Group] = {}
        self.emptied_by: Callable[[str], None] = lambda _group: None

    def known(self, name: str) -> Group:
        """The group of this name. Raises RefusedError."""
        found = self._by_name.get(name.lower())
        if found is None:
            raise RefusedError("ResourceGroupNotFound", f"Resource group '{name}' could not be found.", 404)
        return found

    def put(self, name: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Make it, or set its tags."""
        if not _NAME.fullmatch(name):
            raise RefusedError("InvalidParameter", f"The provided resource group name '{name}' is not valid.", 400)
        check_tags(body.get("tags") or {})
        place, old = location(body.get("location"), "resource group"), self._by_name.get(name.lower())
        if old and old.location != place:
            message = f"Invalid resource group location '{place}'. The Resource group already exists in location"
            raise RefusedError("InvalidResourceGroupLocation", f"{message} '{old.location}'.", 409)
        group = Group(old.name if old else name, place, body.get("tags") or {})
        self._by_name[name.lower()] = group
        return (200 if old else 201), self._shown(group)

    def patch(self, name: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        group = self.known(name)
        check_tags(body.get("tags") or {})
        if "tags" in body:
            group.tags = body["tags"] or {}
        return 200, self._shown(group)

    def get(self, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        return 200, self._shown(self.known(name))

    def delete(self, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        """Remove it and everything in it."""
        group = self.known(name)
        self.emptied_by(group.name)
        del self._by_name[name.lower()]
        return 200, None

    def _shown(self, group: Group) -> dict[str, Any]:
        return {
            "id": f"/subscriptions/{self._azure.subscription}/resourceGroups/{group.name}",
            "name": group.name,
            "type": "Microsoft.Resources/resourceGroups",
            "location": group.location,
            "tags": dict(group.tags),
            "properties": {"provisioningState": "Succeeded"},
        }
