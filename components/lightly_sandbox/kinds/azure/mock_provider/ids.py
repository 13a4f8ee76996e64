"""Ids of resources as Resource Manager and Pulumi write them.

Source: https://www.pulumi.com/registry/packages/azure-native/api-docs/storage/blobcontainer/#import and its neighbours.
"""

import re
from dataclasses import dataclass

from lightly_sandbox.mock_providers.resource import RefusedError

_ID = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"(/providers/Microsoft\.Storage/storageAccounts/(?P<account>[^/]+)"
    r"(/blobServices/(?P<service>default)(/containers/(?P<container>[^/]+)(/blobs/(?P<blob>.+))?)?)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Id:
    """What an id names, from the outside to the inside; empty where it ends."""

    group: str
    account: str = ""
    container: str = ""
    blob: str = ""
    service: bool = False

    def path(self, subscription: str) -> str:
        text = f"/subscriptions/{subscription}/resourceGroups/{self.group}"
        if self.account:
            text += f"/providers/Microsoft.Storage/storageAccounts/{self.account}"
        if self.service or self.container:
            text += "/blobServices/default"
        if self.container:
            text += f"/containers/{self.container}"
        return text + (f"/blobs/{self.blob}" if self.blob else "")


def parse(id: str) -> Id:
    """The parts of an id. Raises RefusedError."""
    match = _ID.fullmatch(id)
    if not match:
        raise RefusedError(f"got the id {id!r}, expected /subscriptions/<id>/resourceGroups/<name>...")
    found = match.groupdict(default="")
    return Id(found["group"], found["account"], found["container"], found["blob"], bool(found["service"]))
