"""Managed identities, the roles that they are given, and what is refused to them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import urllib3
from azure.storage.blob import BlobServiceClient

from tests.lightly_sandbox.kinds.azure.emulator.azure import (
    ALLOWED,
    CONTAINER,
    HOUR,
    Azure,
    StorageAccount,
    attempt,
    deleting,
    listing,
    now,
    reading,
    writing,
)
from tests.lightly_sandbox.kinds.azure.emulator.test_delegation import Bearer

STORAGE = "Microsoft.Storage/storageAccounts"
BLOBS = f"{STORAGE}/blobServices/containers/blobs"
DELEGATES = f"{STORAGE}/blobServices/generateUserDelegationKey/action"
MISMATCH = "AuthorizationPermissionMismatch"


@dataclass
class Login:
    """A managed identity without any role, and its token."""

    azure: Azure
    name: str
    client: str
    id: str
    token: str

    def may(self, scope: str, *actions: str, data: tuple[str, ...] = ()) -> None:
        """Give it a role of its own at a scope below the subscription."""
        root = f"/subscriptions/{self.azure.announcement['subscription']}"
        permissions = [{"actions": actions, "notActions": [], "dataActions": data, "notDataActions": []}]
        role = {"roleName": "its", "type": "CustomRole", "permissions": permissions, "assignableScopes": [root]}
        path = f"providers/Microsoft.Authorization/roleDefinitions/{uuid.uuid4()}"
        given = {"roleDefinitionId": self.azure.made("PUT", path, {"properties": role})["id"], "principalId": self.id}
        where = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}".lstrip("/")
        self.azure.made("PUT", where, {"properties": given})

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status of a call to Resource Manager, and the code of its refusal."""
        status, value = self.azure.arm(method, path, body, token=self.token)
        return status, (value or {}).get("error", {}).get("code", "")


def token_of(azure: Azure, client: str) -> tuple[int, Any]:
    told = azure.announcement["identity"]
    fields = {"resource": "https://management.azure.com/", "client_id": client}
    headers = {"X-IDENTITY-HEADER": told["IDENTITY_HEADER"]}
    answered = urllib3.request("GET", told["IDENTITY_ENDPOINT"], fields=fields, headers=headers)
    return answered.status, answered.json()


@pytest.fixture
def login(azure: Azure, account: StorageAccount) -> Login:
    path, name = f"resourceGroups/{account.name}/providers/Microsoft.ManagedIdentity/userAssignedIdentities", "someone"
    made = azure.made("PUT", f"{path}/{name}{uuid.uuid4().hex}", {"location": "westeurope"})
    told = made["properties"]
    assert azure.made("GET", made["id"].split("/", 3)[3])["properties"] == told
    status, token = token_of(azure, told["clientId"])
    assert status == 200
    return Login(azure, made["name"], told["clientId"], told["principalId"], token["access_token"])


def test_a_login_without_a_role_may_nothing_and_hears_what_it_lacks(account: StorageAccount, login: Login) -> None:
    status, value = account.azure.arm("POST", f"{account.path}/listKeys", token=login.token)
    scope = f"/subscriptions/{account.azure.announcement['subscription']}/{account.path}"
    message = (
        f"The client '{login.client}' with object id '{login.id}' does not have authorization to perform action "
        f"'{STORAGE}/listKeys/action' over scope '{scope}' or the scope is invalid. If access was recently granted, "
        "please refresh your credentials."
    )
    assert (status, value["error"]) == (403, {"code": "AuthorizationFailed", "message": message})
    nowhere = account.path.replace(account.name, "nowhere")
    assert login.ask("GET", nowhere) == (403, "AuthorizationFailed"), "and not that it is not there"
    login.may("", f"{STORAGE}/read")
    assert login.ask("GET", nowhere) == (404, "ResourceGroupNotFound")


def test_a_role_is_for_its_actions_at_its_scope_and_below(account: StorageAccount, login: Login) -> None:
    other, container = account.azure.storage_account(), f"{account.path}/blobServices/default/containers/{CONTAINER}"
    login.may(account.path, "microsoft.storage/*/READ")
    assert login.ask("GET", account.path) == (200, "")
    assert login.ask("GET", container) == (200, "")
    assert login.ask("GET", other.path) == (403, "AuthorizationFailed")
    assert login.ask("GET", f"resourceGroups/{account.name}") == (403, "AuthorizationFailed")
    for method, path, body in (
        ("DELETE", container, None),
        ("PATCH", account.path, {"tags": {}}),
        ("POST", f"{account.path}/listKeys", None),
    ):
        assert login.ask(method, path, body) == (403, "AuthorizationFailed")


def test_who_may_not_give_roles_gives_none(account: StorageAccount, login: Login) -> None:
    login.may("", "Microsoft.Storage/*")
    path = f"{account.path}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    owner = {"roleDefinitionId": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "principalId": login.id}
    assert login.ask("PUT", path, {"properties": owner}) == (403, "AuthorizationFailed")
    account.azure.made("PUT", path, {"properties": owner})
    assert login.ask("PUT", path, {"properties": owner}) == (201, "")
    assert login.ask("DELETE", path) == (200, "")
    assert login.ask("DELETE", path) == (403, "AuthorizationFailed")


def test_a_login_hears_what_it_may_do_itself(account: StorageAccount, login: Login) -> None:
    login.may(account.path, "Microsoft.Authorization/*/read", f"{STORAGE}/read")
    path = f"{account.path}/providers/Microsoft.Authorization/permissions"
    _, told = account.azure.arm("GET", path, token=login.token)
    assert told["value"] == [{"actions": ["Microsoft.Authorization/*/read", f"{STORAGE}/read"], "notActions": []}]
    _, all_of_it = account.azure.arm("GET", path)
    assert {"actions": ["*"], "notActions": []} in all_of_it["value"]


def test_an_identity_that_is_gone_has_no_token(azure: Azure, account: StorageAccount, login: Login) -> None:
    path = f"resourceGroups/{account.name}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{login.name}"
    assert azure.arm("DELETE", path) == (200, None)
    assert azure.arm("DELETE", path) == (204, None)
    assert login.ask("GET", account.path) == (401, "InvalidAuthenticationToken")
    assert token_of(azure, login.client)[0] == 400


def test_data_take_actions_on_data(account: StorageAccount, login: Login) -> None:
    container = f"{account.path}/blobServices/default/containers/{CONTAINER}"
    login.may("", "*")
    with account.service(Bearer(login.token)) as service:
        client = service.get_container_client(CONTAINER)
        assert attempt(reading(client)) == MISMATCH, "an owner of the account is none of its data"
        login.may(container, data=(f"{BLOBS}/read", f"{BLOBS}/add/action"))
        assert (attempt(reading(client)), attempt(listing(client))) == (ALLOWED, ALLOWED)
        new = f"new/{uuid.uuid4()}"
        assert [attempt(writing(client, new)) for _ in range(2)] == [ALLOWED, MISMATCH], "it adds, and replaces nothing"
        assert attempt(deleting(client, new)) == MISMATCH
        login.may(container, data=(f"{BLOBS}/write", f"{BLOBS}/delete"))
        other = f"new/{uuid.uuid4()}"
        assert [attempt(writing(client, each)) for each in (new, other)] == [ALLOWED, ALLOWED]
        assert [attempt(deleting(client, each)) for each in (new, other)] == [ALLOWED, ALLOWED]


def _key(service: BlobServiceClient) -> Callable[[], object]:
    return lambda: service.get_user_delegation_key(now() - HOUR, now() + HOUR)


def test_a_token_does_no_more_than_who_signed_it(account: StorageAccount, login: Login) -> None:
    with account.service(Bearer(login.token)) as service:
        assert attempt(_key(service)) == MISMATCH
        login.may(account.path, DELEGATES)
        guest = account.guest(
            account.token("rwl", user_delegation_key=service.get_user_delegation_key(now(), now() + HOUR))
        )
    assert attempt(reading(guest)) == MISMATCH
    login.may(f"{account.path}/blobServices/default/containers/{CONTAINER}", data=(f"{BLOBS}/read",))
    assert (attempt(reading(guest)), attempt(writing(guest, "x"))) == (ALLOWED, MISMATCH)
    shared = account.guest(account.token("r"))
    assert attempt(reading(shared)) == ALLOWED, "the account's key has no role"


def test_a_token_is_no_login_that_gets_a_key(account: StorageAccount) -> None:
    with account.service(Bearer(account.azure.announcement["token"])) as owner:
        key = owner.get_user_delegation_key(now() - HOUR, now() + HOUR)
    with account.service(account.token("rwl", user_delegation_key=key)) as guest:
        assert attempt(_key(guest)) == "InvalidAuthenticationInfo"


def test_only_what_was_needed_is_counted(account: StorageAccount, login: Login) -> None:
    login.may("", f"{STORAGE}/read")
    login.ask("GET", account.path)
    login.ask("POST", f"{account.path}/listKeys")
    scope = f"/subscriptions/{account.azure.announcement['subscription']}/{account.path}"
    asked = account.azure.control("GET", "/asked")[login.name]
    assert asked == {f"{STORAGE}/read": [scope], f"{STORAGE}/listKeys/action": [scope]}
