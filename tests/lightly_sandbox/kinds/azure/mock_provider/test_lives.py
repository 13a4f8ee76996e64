"""The whole life of each type against the local Azure, which authenticates and authorises.

Preview, create, second run, refresh, import, change, replace trigger, delete, delete again.
"""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from lightly_sandbox.kinds.azure.mock_provider.cloud import SDK
from lightly_sandbox.kinds.azure.mock_provider.storage_account import facts
from lightly_sandbox.kinds.azure.mock_provider.table import TYPES

from tests.lightly_sandbox.kinds.azure.emulator.azure import Azure, StorageAccount
from tests.lightly_sandbox.mock_providers.client import Plugin, ProviderError
from tests.lightly_sandbox.mock_providers.life import Life, live

GROUP = "azure-native:resources:ResourceGroup"
ACCOUNT = "azure-native:storage:StorageAccount"
SERVICE = "azure-native:storage:BlobServiceProperties"
CONTAINER = "azure-native:storage:BlobContainer"
BLOB = "azure-native:storage:Blob"


def new() -> str:
    return f"acme{secrets.token_hex(6)}"


def around(account: StorageAccount) -> dict[str, str]:
    return {"accountName": account.name, "resourceGroupName": account.name}


def group(_azure: Azure) -> Life:
    name = new()
    return Life(
        {"resourceGroupName": name, "location": "West Europe", "tags": {"team": "vision"}},
        {"resourceGroupName": name, "location": "westeurope", "tags": {"team": "lidar"}},
        {"resourceGroupName": name, "location": "northeurope"},
        computed={"name": name, "type": "Microsoft.Resources/resourceGroups"},
    )


def account(azure: Azure) -> Life:
    account, name = azure.storage_account(), new()
    inputs = {
        "accountName": name,
        "resourceGroupName": account.name,
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "allowBlobPublicAccess": False,
        "allowCrossTenantReplication": False,
        "enableHttpsTrafficOnly": True,
        "minimumTlsVersion": "TLS1_2",
        "keyPolicy": {"keyExpirationPeriodInDays": 90},
        "sasPolicy": {"expirationAction": "Log", "sasExpirationPeriod": "90.00:00:00"},
        "tags": {"team": "vision"},
    }
    later = {**inputs, "minimumTlsVersion": "TLS1_3", "tags": {"team": "lidar"}, "allowSharedKeyAccess": True}
    later.pop("keyPolicy")
    return Life(
        inputs,
        later,
        {**later, "isHnsEnabled": True},
        computed={
            "name": name,
            "location": "westeurope",  # its group's
            "primaryEndpoints": {"blob": f"{azure.endpoint}/{name}/"},
            "type": "Microsoft.Storage/storageAccounts",
            "isHnsEnabled": False,
        },
    )


def service(azure: Azure) -> Life:
    fixed = {**around(azure.storage_account()), "blobServicesName": "default"}
    soft = {"enabled": True, "days": 7}
    return Life(
        {**fixed, "deleteRetentionPolicy": soft, "containerDeleteRetentionPolicy": soft},
        {**fixed, "deleteRetentionPolicy": {"enabled": True, "days": 30}, "isVersioningEnabled": True},
        {**fixed, "accountName": new()},
        computed={"name": "default"},
        stays=True,
    )


def container(azure: Azure) -> Life:
    fixed = around(azure.storage_account(allowBlobPublicAccess=True))
    return Life(
        {**fixed, "containerName": "box", "metadata": {"team": "vision"}},
        {**fixed, "containerName": "box", "publicAccess": "Blob"},
        {**fixed, "containerName": "another"},
        computed={"name": "box", "publicAccess": "None", "hasLegalHold": False},
    )


def blob(azure: Azure) -> Life:
    account = azure.storage_account()
    fixed = {**around(account), "containerName": "lake"}
    return Life(
        {**fixed, "blobName": "herd/2026/", "type": "Block"},
        {**fixed, "blobName": "herd/2026/", "metadata": {"team": "vision"}, "contentType": "text/plain"},
        {**fixed, "blobName": "herd/2027/"},
        computed={
            "name": "herd/2026/",
            "url": f"{account.url}/lake/herd/2026/",
            "contentType": "application/octet-stream",
        },
    )


LIVES: dict[str, Callable[[Azure], Life]] = {
    GROUP: group,
    ACCOUNT: account,
    SERVICE: service,
    CONTAINER: container,
    BLOB: blob,
}


def test_every_type_of_the_table_lives_here() -> None:
    assert LIVES.keys() == TYPES.keys()


@pytest.mark.parametrize("token", LIVES)
def test_the_life_of_a_resource(azure: Azure, plugin: Plugin, token: str) -> None:
    made = live(plugin, TYPES[token], LIVES[token](azure))
    assert made.id.startswith(f"/subscriptions/{azure.announcement['subscription']}/resourceGroups/")


@pytest.mark.parametrize("token", [GROUP, ACCOUNT, CONTAINER, BLOB])
def test_what_exists_is_not_taken_over(azure: Azure, plugin: Plugin, token: str) -> None:
    life = LIVES[token](azure)
    made = plugin.create(token, "it", life.inputs)
    with pytest.raises(ProviderError, match=r"cannot create already existing resource [^\n]*\nhint: import it"):
        plugin.create(token, "it", life.inputs)
    assert plugin.read(made) is not None


def test_what_was_in_a_group_is_gone_with_it(azure: Azure, plugin: Plugin) -> None:
    name = plugin.create(GROUP, "it", {"location": "westeurope"})["resourceGroupName"]
    assert len(name) == len("it") + 8  # azure-native's way of naming: no dash, eight digits
    place = {"accountName": new(), "resourceGroupName": name}
    sku = {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    made = [
        plugin.create(ACCOUNT, "it", {**place, **sku}),
        plugin.create(SERVICE, "default", place),
        plugin.create(CONTAINER, "box", place),
        plugin.create(BLOB, "herd/", {**place, "containerName": "box"}),
    ]
    assert made[3]["blobName"] == "herd/"
    azure.made("DELETE", f"resourceGroups/{name}")
    assert [plugin.read(one) for one in made] == [None] * 4
    for entry in made:
        plugin.delete(entry)


def test_a_location_can_come_from_the_provider(azure: Azure, serving: Any) -> None:
    plugin = Plugin(serving.port, {"location": "uksouth"})
    made = plugin.create(GROUP, "it", {})
    assert made["location"] == "uksouth"
    plugin.delete(made)
    plugin.close()


def test_a_replaced_account_that_keeps_its_name_goes_first(azure: Azure, plugin: Plugin) -> None:
    life = account(azure)
    made = plugin.create(ACCOUNT, "it", life.inputs)
    assert plugin.diff(made, {**life.inputs, "isHnsEnabled": True}).deleteBeforeReplace
    plugin.delete(made)


def test_functions_answer_for_an_account_by_the_names_of_the_sdk(azure: Azure, plugin: Plugin) -> None:
    account = azure.storage_account()
    arguments = {"accountName": account.name, "resourceGroupName": account.name}
    shown, keys = (
        plugin.invoke(f"azure-native:storage:{name}", arguments)
        for name in ("getStorageAccount", "listStorageAccountKeys")
    )
    assert shown.keys() <= SDK.results("azure-native:storage:getStorageAccount")
    assert shown["primaryEndpoints"] == {"blob": f"{account.url}/"}
    assert shown["primaryEndpoints"] == facts(azure.made("GET", account.path))["primaryEndpoints"]
    assert shown["id"].endswith(account.path)
    assert keys.keys() <= SDK.results("azure-native:storage:listStorageAccountKeys")
    assert [key["value"] for key in keys["keys"]] == account.keys
