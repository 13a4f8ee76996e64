"""The whole life of each type against the local Azure, which authenticates and authorises.

Preview, create, second run, refresh, import, change, replace trigger, delete, delete again.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from lightly_core.pulumi_values import UNKNOWN, plain
from lightly_sandbox.kinds.azure.mock_provider.table import TYPES
from lightly_sandbox.mock_providers.state import same

from tests.lightly_sandbox.kinds.azure.emulator.world import Azure, World
from tests.lightly_sandbox.mock_providers.client import Made, Plugin, ProviderError

GROUP = "azure-native:resources:ResourceGroup"
ACCOUNT = "azure-native:storage:StorageAccount"
SERVICE = "azure-native:storage:BlobServiceProperties"
CONTAINER = "azure-native:storage:BlobContainer"
BLOB = "azure-native:storage:Blob"


@dataclass
class Life:
    """What one type goes through. `inputs` is what the program says first and `later` what it says next."""

    inputs: Mapping[str, Any]
    later: Mapping[str, Any]
    replacing: Mapping[str, Any]
    computed: Mapping[str, Any] = field(default_factory=dict)
    stays: bool = False


def new() -> str:
    return f"acme{secrets.token_hex(6)}"


def around(world: World) -> dict[str, str]:
    return {"accountName": world.name, "resourceGroupName": world.name}


def group(_azure: Azure) -> Life:
    name = new()
    return Life(
        {"resourceGroupName": name, "location": "West Europe", "tags": {"team": "vision"}},
        {"resourceGroupName": name, "location": "westeurope", "tags": {"team": "lidar"}},
        {"resourceGroupName": name, "location": "northeurope"},
        {"name": name, "type": "Microsoft.Resources/resourceGroups"},
    )


def account(azure: Azure) -> Life:
    world, name = azure.world(), new()
    inputs = {
        "accountName": name,
        "resourceGroupName": world.name,
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
        {
            "name": name,
            "location": "westeurope",  # its group's
            "primaryEndpoints": {"blob": f"{azure.endpoint}/{name}/"},
            "type": "Microsoft.Storage/storageAccounts",
            "isHnsEnabled": False,
        },
    )


def service(azure: Azure) -> Life:
    fixed = {**around(azure.world()), "blobServicesName": "default"}
    soft = {"enabled": True, "days": 7}
    return Life(
        {**fixed, "deleteRetentionPolicy": soft, "containerDeleteRetentionPolicy": soft},
        {**fixed, "deleteRetentionPolicy": {"enabled": True, "days": 30}, "isVersioningEnabled": True},
        {**fixed, "accountName": new()},
        {"name": "default"},
        stays=True,
    )


def container(azure: Azure) -> Life:
    fixed = around(azure.world(allowBlobPublicAccess=True))
    return Life(
        {**fixed, "containerName": "box", "metadata": {"team": "vision"}},
        {**fixed, "containerName": "box", "publicAccess": "Blob"},
        {**fixed, "containerName": "another"},
        {"name": "box", "publicAccess": "None", "hasLegalHold": False},
    )


def blob(azure: Azure) -> Life:
    world = azure.world()
    fixed = {**around(world), "containerName": "lake"}
    return Life(
        {**fixed, "blobName": "herd/2026/", "type": "Block"},
        {**fixed, "blobName": "herd/2026/", "metadata": {"team": "vision"}, "contentType": "text/plain"},
        {**fixed, "blobName": "herd/2027/"},
        {"name": "herd/2026/", "url": f"{world.url}/lake/herd/2026/", "contentType": "application/octet-stream"},
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


def unchanged(plugin: Plugin, made: Made, inputs: Mapping[str, Any]) -> None:
    """A second run and a refresh both find nothing to do."""
    assert list(plugin.diff(made, inputs).diffs) == []
    again = plugin.read(made)
    assert again is not None
    assert (again.id, again.inputs, again.outputs) == (made.id, made.inputs, made.outputs)


@pytest.mark.parametrize("token", LIVES)
def test_the_life_of_a_resource(azure: Azure, plugin: Plugin, token: str) -> None:
    life = LIVES[token](azure)
    foreseen = plugin.preview(token, "it", plugin.checked(token, "it", life.inputs))
    made = plugin.create(token, "it", life.inputs)
    assert made.id.startswith(f"/subscriptions/{azure.announcement['subscription']}/resourceGroups/")
    assert {name: made[name] for name in {**life.inputs, **life.computed}} == {**life.inputs, **life.computed}
    for name, value in foreseen.items():
        assert plain(value) is UNKNOWN or made.outputs[name] == value, name
    assert made.outputs.keys() <= foreseen.keys()
    unchanged(plugin, made, life.inputs)

    imported = plugin.imported(token, "it", made.id)
    assert imported is not None
    assert list(plugin.diff(imported, life.inputs).replaces) == []
    for it in TYPES[token].inputs:
        if it.name in life.inputs:
            assert same(it, life.inputs[it.name], plain(imported.inputs.get(it.name))), it.name

    change = plugin.diff(made, life.later)
    assert list(change.diffs)
    assert not list(change.replaces)
    changed = plugin.update(made, life.later)
    assert {name: changed[name] for name in life.later} == life.later
    unchanged(plugin, changed, life.later)
    assert list(plugin.diff(changed, life.replacing).replaces)

    plugin.delete(changed)
    assert life.stays or plugin.read(changed) is None
    plugin.delete(changed)


@pytest.mark.parametrize("token", [GROUP, ACCOUNT, CONTAINER, BLOB])
def test_what_exists_is_not_taken_over(azure: Azure, plugin: Plugin, token: str) -> None:
    life = LIVES[token](azure)
    made = plugin.create(token, "it", life.inputs)
    with pytest.raises(ProviderError, match=r"cannot create already existing resource .*hint: import it"):
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
    assert [plugin.read(it) for it in made] == [None] * 4
    for it in made:
        plugin.delete(it)


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
