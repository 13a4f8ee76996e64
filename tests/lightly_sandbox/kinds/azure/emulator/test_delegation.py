"""User delegation keys and the tokens that are signed with them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from azure.storage.blob import BlobServiceClient, generate_blob_sas
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.kinds.azure.emulator.azure import (
    ALLOWED,
    CONTAINER,
    HOUR,
    Azure,
    StorageAccount,
    attempt,
    listing,
    now,
    reading,
    writing,
)

UNAUTHENTICATED = "AuthenticationFailed"
DAY = timedelta(days=1)


class Bearer:
    """A credential with a fixed token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *_scopes: str, **_more: Any) -> AccessToken:
        return AccessToken(self._token, int((now() + HOUR).timestamp()))


@pytest.fixture(scope="module")
def keyless(server: ServerProcess) -> StorageAccount:
    """A hierarchical account that takes tokens of Entra only, once its blobs are there."""
    account = Azure(server).storage_account(isHnsEnabled=True)
    account.azure.made("PATCH", account.path, {"properties": {"allowSharedKeyAccess": False}})
    return account


@pytest.fixture
def account(keyless: StorageAccount, azure: Azure) -> StorageAccount:
    return replace(keyless, azure=azure)


@pytest.fixture
def deployer(account: StorageAccount) -> Iterator[BlobServiceClient]:
    with account.service(Bearer(account.azure.announcement["token"])) as client:
        yield client


def test_a_user_delegation_token_works_as_a_service_token_does(
    account: StorageAccount, deployer: BlobServiceClient
) -> None:
    key = deployer.get_user_delegation_key(now() - HOUR, now() + 6 * DAY)
    guest = account.guest(account.token("rl", user_delegation_key=key, protocol="https"))
    assert (attempt(reading(guest)), attempt(listing(guest))) == (ALLOWED, ALLOWED)
    assert attempt(writing(guest, "x/a")) == "AuthorizationPermissionMismatch"
    writer = account.guest(account.token("w", user_delegation_key=key))
    assert attempt(writing(writer, "x/a")) == ALLOWED


def test_a_directory_and_a_blob_can_be_delegated(account: StorageAccount, deployer: BlobServiceClient) -> None:
    key = deployer.get_user_delegation_key(now() - HOUR, now() + DAY)
    guest = account.guest(account.directory_token("cows", user_delegation_key=key))
    assert (attempt(reading(guest)), attempt(listing(guest, "cows/"))) == (ALLOWED, ALLOWED)
    assert attempt(reading(guest, "cows-old/a.jpg")) == UNAUTHENTICATED
    times = {"start": now() - HOUR, "expiry": now() + HOUR}
    one = generate_blob_sas(account.name, CONTAINER, "cows/a.jpg", user_delegation_key=key, permission="r", **times)  # type: ignore[arg-type] # start and expiry
    assert attempt(reading(account.guest(one))) == ALLOWED
    assert attempt(reading(account.guest(one), "pigs/a.jpg")) == UNAUTHENTICATED


def test_a_key_lives_for_seven_days_at_most(deployer: BlobServiceClient) -> None:
    for start, expiry in (
        (now() - HOUR, now() + 8 * DAY),
        (now() + 2 * HOUR, now() + HOUR),
        (now() - 2 * DAY, now() - DAY),
    ):
        assert attempt(lambda: deployer.get_user_delegation_key(start, expiry)) == "InvalidXmlNodeValue"  # noqa: B023 - called at once


def test_a_token_dies_with_its_key(
    account: StorageAccount, deployer: BlobServiceClient, faults: Callable[..., None]
) -> None:
    key = deployer.get_user_delegation_key(now() - HOUR, now() + DAY)
    long = account.token(user_delegation_key=key, expiry=now() + 3 * DAY)
    assert attempt(reading(account.guest(long))) == UNAUTHENTICATED
    whole = account.guest(account.token(user_delegation_key=key, expiry=now() + DAY - HOUR))
    assert attempt(reading(whole)) == ALLOWED
    faults({"clock_offset_seconds": 1.5 * DAY.total_seconds()})
    assert attempt(reading(whole)) == UNAUTHENTICATED


def test_keys_are_revoked_by_resource_manager(account: StorageAccount, deployer: BlobServiceClient) -> None:
    key = deployer.get_user_delegation_key(now() - HOUR, now() + DAY)
    guest = account.guest(account.token(user_delegation_key=key))
    assert attempt(reading(guest)) == ALLOWED
    account.azure.made("POST", f"{account.path}/revokeUserDelegationKeys")
    assert attempt(reading(guest)) == UNAUTHENTICATED


@pytest.mark.parametrize("field", ["skoid", "sktid", "ske", "skt", "sks", "skv", "sp", "se"])
def test_every_field_is_signed(account: StorageAccount, deployer: BlobServiceClient, field: str) -> None:
    key = deployer.get_user_delegation_key(now() - HOUR, now() + DAY)
    fields = dict(known.split("=", 1) for known in account.token("r", user_delegation_key=key).split("&"))
    times = f"{now() + 2 * HOUR:%Y-%m-%dT%H%%3A%M%%3A%SZ}"
    other = {"sp": "rw", "se": times, "ske": f"{now() + 5 * DAY:%Y-%m-%dT%H%%3A%M%%3A%SZ}", "skt": "2020-01-01"}
    fields[field] = other.get(field, "x" + fields[field])
    assert (
        attempt(reading(account.guest("&".join(f"{name}={entry}" for name, entry in fields.items()))))
        == UNAUTHENTICATED
    )


def test_a_key_is_for_one_account(azure: Azure, deployer: BlobServiceClient) -> None:
    other = azure.storage_account()
    key = deployer.get_user_delegation_key(now() - HOUR, now() + DAY)
    assert attempt(reading(other.guest(other.token(user_delegation_key=key)))) == UNAUTHENTICATED


def test_keys_are_given_for_a_bearer_token_only(account: StorageAccount) -> None:
    for credential in (Bearer("not-the-token"), {"account_name": account.name, "account_key": account.keys[0]}, None):
        client = account.service(credential)
        code = attempt(lambda: client.get_user_delegation_key(now() - HOUR, now() + DAY))  # noqa: B023 - called at once
        assert code in ("InvalidAuthenticationInfo", "KeyBasedAuthenticationNotPermitted", "PublicAccessNotPermitted")


def test_an_account_without_shared_keys_refuses_them_by_name(account: StorageAccount) -> None:
    code = "KeyBasedAuthenticationNotPermitted"
    for guest in (account.owner(), account.guest(account.token()), account.guest(account.account_token("rl"))):
        assert attempt(listing(guest)) == code
    assert attempt(listing(account.guest(account.directory_token()), "cows/")) == code


def test_the_deployers_token_is_good_for_data_over_https(account: StorageAccount, deployer: BlobServiceClient) -> None:
    container = deployer.get_container_client(CONTAINER)
    container.upload_blob("x/b ä+&.jpg", b"data", overwrite=True, metadata={"k": "v"})
    assert container.download_blob("x/b ä+&.jpg").readall() == b"data"
    assert "x/b ä+&.jpg" in listing(container, "x/")()
    stranger = account.service(Bearer("not-the-token")).get_container_client(CONTAINER)
    assert attempt(listing(stranger)) == "InvalidAuthenticationInfo"


def test_azure_identity_finds_the_deployers_token(account: StorageAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in account.azure.announcement["identity"].items():
        monkeypatch.setenv(name, value)
    scope = "https://storage.azure.com/.default"
    with DefaultAzureCredential() as credential:
        assert credential.get_token(scope).token == account.azure.announcement["token"]
    monkeypatch.setenv("IDENTITY_HEADER", "wrong")
    with ManagedIdentityCredential() as credential, pytest.raises(ClientAuthenticationError):
        credential.get_token(scope)
