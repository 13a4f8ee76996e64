"""What each permission of a token allows, and nothing more; with the SDK and with obstore."""

import secrets

import obstore
import pytest
from azure.storage.blob import PublicAccess, StandardBlobTier

from tests.lightly_sandbox.kinds.azure.emulator.azure import (
    ALLOWED,
    Azure,
    StorageAccount,
    attempt,
    deleting,
    listing,
    reading,
    writing,
)

DENIED = "AuthorizationPermissionMismatch"
UNAUTHENTICATED = "AuthenticationFailed"


@pytest.mark.parametrize("permission", ["r", "l", "w", "c", "d", "rl", "rwdl", "rcwdl"])
def test_a_token_allows_its_permissions_and_no_others(account: StorageAccount, permission: str) -> None:
    guest, old, new, gone = account.guest(account.token(permission)), *(f"x/{secrets.token_hex(4)}" for _ in range(3))
    for name in (old, gone):
        account.owner().upload_blob(name, b"data")

    def may(*letters: str) -> str:
        return ALLOWED if set(letters) & set(permission) else DENIED

    assert attempt(listing(guest)) == may("l")
    assert attempt(reading(guest, old)) == may("r")
    assert attempt(writing(guest, new)) == may("w", "c")
    assert attempt(writing(guest, old)) == may("w")  # `c` creates, and does not overwrite
    assert attempt(deleting(guest, gone)) == may("d")


@pytest.mark.parametrize("permission", ["rl", "rwdl"])
def test_obstore_is_decided_as_the_sdk_is(account: StorageAccount, permission: str) -> None:
    store, name = account.store(account.token(permission, protocol="https")), f"x/{secrets.token_hex(4)}"
    writes = ALLOWED if "w" in permission else DENIED
    assert attempt(lambda: obstore.list(store, "cows").collect()) == ALLOWED
    assert attempt(lambda: obstore.get(store, "cows/a.jpg").bytes()) == ALLOWED
    assert attempt(lambda: obstore.put(store, name, b"1")) == writes
    account.owner().upload_blob(name, b"data", overwrite=True)
    refused = attempt(lambda: obstore.delete(store, name))
    assert (refused == ALLOWED) if "d" in permission else ("403" in refused)
    assert account.owner().get_blob_client(name).exists() == ("d" not in permission)


def test_a_token_cannot_change_the_container_or_its_policies(account: StorageAccount) -> None:
    guest = account.guest(account.token("racwdxltmeop"))
    for call in (
        guest.delete_container,
        guest.get_container_access_policy,
        lambda: guest.set_container_access_policy({}),
        lambda: guest.set_container_metadata({"a": "b"}),
    ):
        assert attempt(call) != ALLOWED
    assert account.owner().get_container_properties().name


@pytest.mark.parametrize("what", ["permission", "signature", "time", "container", "key", "account"])
def test_a_token_that_was_tampered_with_is_refused(azure: Azure, account: StorageAccount, what: str) -> None:
    token = account.token("rl")
    match what:
        case "permission":
            guest = account.guest(token.replace("sp=rl", "sp=rwl"))
        case "signature":
            guest = account.guest(token.partition("&sig=")[0] + "&sig=" + account.token("r").partition("&sig=")[2])
        case "time":
            guest = account.guest(token.replace("se=20", "se=21"))
        case "container":
            account.owner("other").create_container()
            guest = account.guest(token, "other")
        case "key":
            guest = account.guest(account.token(account_key=azure.storage_account().keys[0]))
        case "account":
            guest = azure.storage_account().guest(token)
    assert attempt(listing(guest)) == UNAUTHENTICATED
    assert attempt(reading(guest)) == UNAUTHENTICATED


def test_both_account_keys_sign(account: StorageAccount) -> None:
    for index in range(2):
        assert attempt(listing(account.guest(account.token(account_key=account.keys[index])))) == ALLOWED
        assert attempt(listing(account.owner(key=index))) == ALLOWED


def test_a_wrong_account_key_is_refused(azure: Azure, account: StorageAccount) -> None:
    stranger = StorageAccount(azure, account.name, azure.storage_account().keys)
    assert attempt(listing(stranger.owner())) == UNAUTHENTICATED


def test_an_account_token_allows_its_permissions_and_no_others(account: StorageAccount) -> None:
    guest = account.guest(account.account_token("rl"))
    assert attempt(reading(guest)) == attempt(listing(guest)) == ALLOWED
    assert attempt(writing(guest, "x/new")) == DENIED


def test_anonymous_callers_are_refused(azure: Azure, account: StorageAccount) -> None:
    assert attempt(reading(account.guest(None))) == "PublicAccessNotPermitted"
    assert attempt(listing(account.guest(None))) == "PublicAccessNotPermitted"
    assert attempt(account.owner("public").create_container) == ALLOWED
    assert attempt(lambda: account.owner("open").create_container(public_access=PublicAccess.BLOB)) == (
        "PublicAccessNotPermitted"
    )
    generous = azure.storage_account(allowBlobPublicAccess=True)
    assert attempt(reading(generous.guest(None))) == "ResourceNotFound"


def test_an_account_that_exists_nowhere_answers_nothing(azure: Azure, account: StorageAccount) -> None:
    nobody = StorageAccount(azure, "nobodyatall", account.keys)
    assert attempt(listing(nobody.owner())) == "ResourceNotFound"


def test_what_the_owner_may_do_works(account: StorageAccount) -> None:
    owner, name = account.owner(), f"x/{secrets.token_hex(4)}"
    owner.upload_blob(name, b"data", standard_blob_tier=StandardBlobTier.HOT)
    lease = owner.get_blob_client(name).acquire_lease(15)
    assert attempt(deleting(owner, name)) == "LeaseIdMissing"
    owner.delete_blob(name, lease=lease)
