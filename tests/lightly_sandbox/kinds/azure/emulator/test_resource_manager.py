"""Resource groups, storage accounts, blob services and containers, with Azure's own refusals."""

import secrets
from typing import Any

import pytest
import urllib3

from tests.lightly_sandbox.kinds.azure.emulator.azure import ALLOWED, Azure, StorageAccount, attempt, listing, reading

BODY = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}


def new(what: str) -> str:
    return f"{what}{secrets.token_hex(6)}"


def refused(answer: tuple[int, Any]) -> tuple[int, str]:
    status, value = answer
    return status, value["error"]["code"]


@pytest.fixture
def group(azure: Azure) -> str:
    name = new("acme-")
    azure.made("PUT", f"resourcegroups/{name}", {"location": "West Europe", "tags": {"team": "vision"}})
    return name


def path(group: str, account: str) -> str:
    return f"resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{account}"


def test_a_resource_group_is_made_changed_and_removed(azure: Azure, group: str) -> None:
    where = f"resourceGroups/{group}"
    shown = azure.made("GET", where)
    assert shown["id"] == f"/subscriptions/{azure.announcement['subscription']}/resourceGroups/{group}"
    assert (shown["location"], shown["tags"]) == ("westeurope", {"team": "vision"})
    assert azure.made("PATCH", where.upper(), {"tags": {}})["name"] == group
    assert refused(azure.arm("PUT", where, {"location": "eastus"})) == (409, "InvalidResourceGroupLocation")
    assert refused(azure.arm("PUT", where, {"location": "atlantis"})) == (400, "LocationNotAvailableForResourceType")
    assert azure.arm("DELETE", where) == (200, None)
    assert refused(azure.arm("GET", where)) == (404, "ResourceGroupNotFound")


def test_a_storage_account_keeps_and_shows_its_properties(azure: Azure, group: str) -> None:
    name, given = (
        new("acme"),
        {
            "allowBlobPublicAccess": False,
            "allowSharedKeyAccess": True,
            "minimumTlsVersion": "TLS1_2",
            "isHnsEnabled": True,
            "keyPolicy": {"keyExpirationPeriodInDays": 90},
            "sasPolicy": {"expirationAction": "Log", "sasExpirationPeriod": "90.00:00:00"},
        },
    )
    shown = azure.made("PUT", path(group, name), {**BODY, "tags": {"a": "b"}, "properties": given})
    assert shown == azure.made("GET", path(group, name))
    assert {entry: shown["properties"][entry] for entry in given} == given
    assert shown["properties"]["primaryEndpoints"]["blob"] == f"{azure.endpoint}/{name}/"
    assert shown["properties"]["supportsHttpsTrafficOnly"] is True
    changed = azure.made("PATCH", path(group, name), {"properties": {"minimumTlsVersion": "TLS1_3"}})
    assert changed["properties"] == {**shown["properties"], "minimumTlsVersion": "TLS1_3"}
    again = azure.made("PUT", path(group, name), {**BODY, "properties": {"isHnsEnabled": True}})
    assert not {"sasPolicy", "keyPolicy"} & again["properties"].keys()
    assert again["properties"]["minimumTlsVersion"] == "TLS1_0"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"properties": {"networkAcls": {"defaultAction": "Deny"}}}, 501, "NotImplemented"),
        ({"properties": {"publicNetworkAccess": "Disabled"}}, 501, "NotImplemented"),
        ({"properties": {"sasPolicy": {"expirationAction": "Block"}}}, 501, "NotImplemented"),
        ({"properties": {"isHnsEnabled": "yes"}}, 400, "InvalidRequestPropertyValue"),
        ({"kind": "Storage"}, 400, "AccountPropertyIsInvalid"),
        ({"sku": {"name": "Cheap"}}, 400, "InvalidSku"),
        ({"location": "atlantis"}, 400, "LocationNotAvailableForResourceType"),
        ({"sku": {"name": "Premium_LRS"}, "kind": "BlobStorage"}, 400, "InvalidSku"),
        ({"kind": "BlockBlobStorage"}, 400, "InvalidSku"),
        ({"properties": {"keyPolicy": {"keyExpirationPeriodInDays": 0}}}, 400, "InvalidRequestPropertyValue"),
        (
            {"properties": {"sasPolicy": {"expirationAction": "Log", "sasExpirationPeriod": "7 days"}}},
            400,
            "InvalidRequestPropertyValue",
        ),
        ({"tags": {"a<b": "c"}}, 400, "InvalidTagNameCharacters"),
        ({"tags": {"x" * 129: "c"}}, 400, "InvalidTagNameCharacters"),
        ({"tags": {"azure-owner": "c"}}, 400, "ReservedTagName"),
        ({"tags": {"a": "x" * 257}}, 400, "InvalidTagValueLength"),
        ({"tags": {f"k{number}": "v" for number in range(51)}}, 400, "InvalidTags"),
        ({"tags": {"team": "1", "Team": "2"}}, 400, "InvalidTags"),
    ],
)
def test_what_an_account_cannot_be_is_refused(
    azure: Azure, group: str, more: dict[str, Any], status: int, code: str
) -> None:
    where = path(group, new("acme"))
    assert refused(azure.arm("PUT", where, {**BODY, **more})) == (status, code)
    assert refused(azure.arm("GET", where)) == (404, "ResourceNotFound")


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({"enabled": True}, 400),
        ({"enabled": True, "days": 0}, 400),
        ({"enabled": True, "days": 366}, 400),
        ({"enabled": False, "days": 1000}, 400),
        ({"enabled": True, "days": 1}, 200),
        ({"enabled": True, "days": 365}, 200),
        ({"enabled": False}, 200),
    ],
)
def test_deleted_data_is_kept_for_a_day_to_a_year(azure: Azure, group: str, policy: dict[str, Any], code: int) -> None:
    where = path(group, new("acme"))
    azure.made("PUT", where, {**BODY, "properties": {"isHnsEnabled": True}})
    service = f"{where}/blobServices/default"
    for name in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
        assert azure.arm("PUT", service, {"properties": {name: policy}})[0] == code
    versions = azure.arm("PUT", service, {"properties": {"isVersioningEnabled": True}})
    assert refused(versions) == (400, "FeatureNotSupportedForAccount")
    metadata = azure.arm("PUT", f"{service}/containers/lake", {"properties": {"metadata": {"my-team": "x"}}})
    assert refused(metadata) == (400, "InvalidMetadata")


@pytest.mark.parametrize("name", ["ab", "Acme", "acme-photos", "a" * 25, "acme_photos"])
def test_account_names_are_azures(azure: Azure, group: str, name: str) -> None:
    assert refused(azure.arm("PUT", path(group, name), BODY)) == (400, "AccountNameInvalid")


def test_an_account_name_exists_once_in_all_of_azure(azure: Azure, group: str, account: StorageAccount) -> None:
    assert refused(azure.arm("PUT", path(group, account.name), BODY)) == (409, "StorageAccountAlreadyTaken")
    assert refused(azure.arm("GET", path(group, account.name))) == (404, "ResourceNotFound")
    assert refused(azure.arm("POST", f"{path(group, account.name)}/listKeys")) == (404, "ResourceNotFound")
    assert azure.arm("DELETE", path(group, account.name)) == (204, None)
    assert attempt(listing(account.owner())) == ALLOWED


def test_what_cannot_change_does_not(azure: Azure, account: StorageAccount) -> None:
    patch = {"properties": {"isHnsEnabled": True}}
    assert refused(azure.arm("PATCH", account.path, patch)) == (409, "AccountPropertyCannotBeUpdated")
    assert refused(azure.arm("PUT", account.path, {**BODY, "location": "eastus"})) == (409, "InvalidResourceLocation")


def test_a_deleted_account_takes_its_data_and_its_keys_along(azure: Azure) -> None:
    account = azure.storage_account()
    token = account.token()
    assert attempt(reading(account.guest(token))) == ALLOWED
    assert azure.arm("DELETE", account.path) == (200, None)
    assert attempt(reading(account.guest(token))) == "ResourceNotFound"
    azure.made("PUT", account.path, BODY)
    keys = azure.made("POST", f"{account.path}/listKeys")["keys"]
    assert not {entry["value"] for entry in keys} & set(account.keys)
    assert attempt(reading(account.guest(token))) == "AuthenticationFailed"
    account.keys = [key["value"] for key in keys]
    assert list(account.service({"account_name": account.name, "account_key": account.keys[0]}).list_containers()) == []


def test_a_deleted_group_takes_its_accounts_along(azure: Azure) -> None:
    account = azure.storage_account()
    assert azure.arm("DELETE", f"resourceGroups/{account.name}") == (200, None)
    assert attempt(listing(account.owner())) == "ResourceNotFound"


def test_a_regenerated_key_ends_what_was_signed_with_the_old_one(azure: Azure) -> None:
    account = azure.storage_account()
    one, two = (account.guest(account.token(account_key=key)) for key in account.keys)
    keys = azure.made("POST", f"{account.path}/regenerateKey", {"keyName": "key1"})["keys"]
    assert keys[0]["value"] not in account.keys
    assert keys[1]["value"] == account.keys[1]
    assert (attempt(listing(one)), attempt(listing(two))) == ("AuthenticationFailed", ALLOWED)


def test_the_blob_service_keeps_its_settings(azure: Azure, account: StorageAccount) -> None:
    where = f"{account.path}/blobServices/default"
    given = {"deleteRetentionPolicy": {"enabled": True, "days": 7}, "isVersioningEnabled": True}
    assert azure.made("PUT", where, {"properties": given})["properties"] == given
    assert azure.made("GET", where)["properties"] == given
    assert refused(azure.arm("PUT", where, {"properties": {"cors": {}}})) == (501, "NotImplemented")
    assert azure.made("PUT", where, {"properties": {}})["properties"] == {}


def test_a_container_is_made_changed_and_removed(azure: Azure, account: StorageAccount) -> None:
    name = new("box-")
    where = f"{account.path}/blobServices/default/containers/{name}"
    assert refused(azure.arm("GET", where)) == (404, "ContainerNotFound")
    status, shown = azure.arm("PUT", where, {"properties": {"metadata": {"team": "vision"}}})
    assert (status, shown["properties"]["metadata"], shown["properties"]["publicAccess"]) == (
        201,
        {"team": "vision"},
        "None",
    )
    account.policies(name, one=account.policy())
    guest = account.guest(account.token(container=name, policy_id="one"), name)
    assert azure.arm("PUT", where, {"properties": {"publicAccess": "None"}})[0] == 200
    assert attempt(listing(guest)) == ALLOWED  # its policies stay
    assert azure.made("PATCH", where, {"properties": {"metadata": {}}})["properties"]["metadata"] == {}
    public = {"properties": {"publicAccess": "Blob"}}
    assert refused(azure.arm("PATCH", where, public)) == (409, "PublicAccessNotPermitted")
    assert azure.arm("DELETE", where) == (200, None)
    assert azure.arm("DELETE", where) == (204, None)
    assert attempt(listing(guest)) != ALLOWED


def test_a_public_container_is_public(azure: Azure) -> None:
    account = azure.storage_account(allowBlobPublicAccess=True)
    where = f"{account.path}/blobServices/default/containers/lake"
    shown = azure.made("PATCH", where, {"properties": {"publicAccess": "Blob"}})
    assert shown["properties"]["publicAccess"] == "Blob"
    assert attempt(reading(account.guest(None))) == ALLOWED
    assert attempt(listing(account.guest(None))) != ALLOWED


@pytest.mark.parametrize("name", ["ab", "Upper", "two--dashes", "-dash", "a" * 64])
def test_container_names_are_azures(azure: Azure, account: StorageAccount, name: str) -> None:
    where = f"{account.path}/blobServices/default/containers/{name}"
    assert refused(azure.arm("PUT", where, {})) == (400, "ContainerOperationFailure")


def test_nobody_without_the_token_manages_resources(azure: Azure, account: StorageAccount) -> None:
    assert refused(azure.arm("GET", account.path, token="other")) == (401, "InvalidAuthenticationToken")
    url = f"{azure.server.url}/subscriptions/{azure.announcement['subscription']}/{account.path}"
    nobody = urllib3.request("POST", f"{url}/listKeys?api-version=2024-01-01")
    assert (nobody.status, nobody.json()["error"]["code"]) == (401, "AuthenticationFailed")
    bearer = {"Authorization": f"Bearer {azure.announcement['token']}"}
    versionless = urllib3.request("GET", url, headers=bearer)
    assert (versionless.status, versionless.json()["error"]["code"]) == (400, "MissingApiVersionParameter")
    elsewhere = urllib3.request(
        "GET", url.replace(azure.announcement["subscription"], "other") + "?api-version=1", headers=bearer
    )
    assert (elsewhere.status, elsewhere.json()["error"]["code"]) == (404, "SubscriptionNotFound")
    foreign = urllib3.request("GET", f"{url}?api-version=1", headers={**bearer, "Host": "evil.example"})
    assert foreign.status == 400


def test_what_is_not_there_is_refused_by_name(azure: Azure, account: StorageAccount) -> None:
    status, value = azure.arm("GET", f"{account.path}/queueServices/default")
    assert (status, value["error"]["code"]) == (501, "NotImplemented")
    assert refused(azure.arm("PATCH", f"{account.path}/blobServices/default", {})) == (405, "UnsupportedHttpVerb")
