"""The functions of the SDK that our components ask.

Sources: https://www.pulumi.com/registry/packages/azure-native/api-docs/storage/liststorageaccountkeys/ and
https://www.pulumi.com/registry/packages/azure-native/api-docs/storage/getstorageaccount/; likewise of a container and a
resource group.
"""

from collections.abc import Mapping
from typing import Any

from lightly_sandbox.kinds.azure.mock_provider.session import AzureSession
from lightly_sandbox.kinds.azure.mock_provider.storage_account import facts
from lightly_sandbox.mock_providers.resource import Facts, Function, RefusedError


def _account(work: AzureSession, arguments: Mapping[str, Any]) -> str:
    for name in ("accountName", "resourceGroupName"):
        if not isinstance(arguments.get(name), str):
            raise RefusedError(f"missing required argument `{name}`")
    return work.id(arguments["resourceGroupName"], arguments["accountName"])


def _list_keys(work: AzureSession, arguments: Mapping[str, Any]) -> Facts:
    return work.arm("POST", f"{_account(work, arguments)}/listKeys")


def _get_account(work: AzureSession, arguments: Mapping[str, Any]) -> Facts:
    id = _account(work, arguments)
    known = {name: fact for name, fact in facts(work.arm("GET", id)).items() if fact is not None}
    return {
        "id": id,
        **{name: item for name, item in known.items() if name not in ("accountName", "resourceGroupName")},
    }


def _get_group(work: AzureSession, arguments: Mapping[str, Any]) -> Facts:
    id = work.id(arguments["resourceGroupName"])
    shown = work.arm("GET", id)
    return {"id": id, "name": shown["name"], "location": shown["location"], "tags": shown.get("tags") or {}}


def _get_container(work: AzureSession, arguments: Mapping[str, Any]) -> Facts:
    _account(work, arguments)
    id = work.id(arguments["resourceGroupName"], arguments["accountName"], arguments["containerName"])
    return {"id": id, "name": work.arm("GET", id)["name"]}


FUNCTIONS = {
    function.token: function
    for function in (
        Function("azure-native:storage:listStorageAccountKeys", _list_keys, ("accountName", "resourceGroupName")),
        Function("azure-native:storage:getStorageAccount", _get_account, ("accountName", "resourceGroupName")),
        Function("azure-native:resources:getResourceGroup", _get_group, ("resourceGroupName",)),
        Function(
            "azure-native:storage:getBlobContainer",
            _get_container,
            ("accountName", "containerName", "resourceGroupName"),
        ),
    )
}
