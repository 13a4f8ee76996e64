"""What holds the data of a store that we make, and what of it is for good.

https://www.pulumi.com/registry/packages/azure-native/api-docs/storage/storageaccount/
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from lightly_access.kinds.holders import Holder, output

STORE = "lightly-access:azure:AzureContainer"
GROUP = "azure-native:resources:ResourceGroup"
ACCOUNT = "azure-native:storage:StorageAccount"
CONTAINER = "azure-native:storage:BlobContainer"


def account_of(store: Mapping[str, Any]) -> str | None:
    """The account of a store, by its endpoint: in the host, or in the path of one that is no cloud's."""
    parts = urlsplit(str(store.get("endpoint") or ""))
    return parts.path.strip("/") or (parts.hostname or "").partition(".")[0] or None


HOLDERS = (
    Holder(STORE, "", {"account": account_of}),
    Holder(CONTAINER, "container", {"container": output("name")}),
    Holder(
        ACCOUNT,
        "account",
        {"account": output("name"), "location": output("location"), "hierarchical": output("isHnsEnabled")},
    ),
    Holder(GROUP, "group", {"resource_group": output("name"), "location": output("location")}),
)
