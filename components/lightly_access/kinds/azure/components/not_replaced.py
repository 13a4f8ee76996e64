"""Before a container, its account or its group is made in place of another one: what the deployed container holds."""

from collections.abc import Mapping
from typing import Any

import pulumi
from google.protobuf.struct_pb2 import Struct
from lightly_core.secret import Secret
from pulumi.runtime import rpc
from pulumi_azure_native import _utilities

from lightly_access.kinds import replaced
from lightly_access.kinds.asked import asked
from lightly_access.kinds.azure.holder import CONTAINER, GROUP, HOLDERS, STORE, account_of
from lightly_access.kinds.azure.storage_api.contents import contents
from lightly_access.kinds.contents import BucketUnreadableError, Contents
from lightly_access.own_thread import on_own_thread

_WORDS = ("account", "container", "resource_group", "location", "hierarchical")
_KEYS = "azure-native:storage:listStorageAccountKeys"


def not_replaced(
    store_names: list[str], what: str, store: pulumi.Resource, args: Mapping[str, Any]
) -> pulumi.ResourceHookBinding:
    """The hooks of `what`: the container, its account or its group."""
    new = {word: args.get(word) for word in _WORDS}
    if args.get("location") is None:
        del new["location"]

    async def held(deployed: replaced.Deployed) -> Contents:
        place, container = deployed.get(STORE, {}), deployed.get(CONTAINER, {}).get("name")
        account, endpoint = account_of(place), str(place.get("endpoint") or "")
        if not container or not account:
            return Contents()
        group = str(deployed.get(GROUP, {}).get("name") or args["resource_group"])
        names = {"accountName": account, "resourceGroupName": group}
        found = await asked(_KEYS, names, store, _utilities.get_version())
        key = _first_key(found or {})
        if not key:
            raise BucketUnreadableError(f"Azure gave no key of account {account}")
        return await on_own_thread(contents, endpoint, account, str(container), Secret(key))

    return replaced.refused(store_names, what, HOLDERS, new, held)


def _first_key(answer: Mapping[str, Any]) -> str:
    """Of a list of keys, each, or the list, in the envelope of a secret or not."""
    keys: Any = _opened(answer.get("keys")) or []
    first = _opened(keys[0]) if len(keys) else {}
    return str(_opened(first["value"])) if "value" in first else ""


def _opened(value: Any) -> Any:
    return value["value"] if isinstance(value, Struct) and rpc._special_sig_key in value else value
