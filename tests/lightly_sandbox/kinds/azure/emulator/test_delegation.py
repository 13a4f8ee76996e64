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

from tests.lightly_sandbox.kinds.azure.emulator.world import (
    ALLOWED,
    CONTAINER,
    HOUR,
    Azure,
    World,
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
def keyless(server: ServerProcess) -> World:
    """A hierarchical account that takes tokens of Entra only, once its blobs are there."""
    world = Azure(server).world(isHnsEnabled=True)
    world.azure.made("PATCH", world.path, {"properties": {"allowSharedKeyAccess": False}})
    return world


@pytest.fixture
def world(keyless: World, azure: Azure) -> World:
    return replace(keyless, azure=azure)


@pytest.fixture
def deployer(world: World) -> Iterator[BlobServiceClient]:
    with world.service(Bearer(world.azure.announcement["token"])) as client:
        yield client


def test_a_user_delegation_token_works_as_a_service_token_does(world: World, deployer: BlobServiceClient) -> None:
    key = deployer.get_user_delegation_key(now() - HOUR, now() + 6 * DAY)
    guest = world.guest(world.token("rl", user_delegation_key=key, protocol="https"))
    assert (attempt(reading(guest)), attempt(listing(guest))) == (ALLOWED, ALLOWED)
    assert attempt(writing(guest, "x/a")) == "AuthorizationPermissionMismatch"
    writer = world.guest(world.token("w", user_delegation_key=key))
    assert attempt(writing(writer, "x/a")) == ALLOWED


def test_a_directory_and_a_blob_can_be_delegated(world: World, deployer: BlobServiceClient) -> None:
    key = deployer.get_user_delegation_key(now() - HOUR, now() + DAY)
    guest = world.guest(world.directory_token("cows", user_delegation_key=key))
    assert (attempt(reading(guest)), attempt(listing(guest, "cows/"))) == (ALLOWED, ALLOWED)
    assert attempt(reading(guest, "cows-old/a.jpg")) == UNAUTHENTICATED
    times = {"start": now() - HOUR, "expiry": now() + HOUR}
    one = generate_blob_sas(world.name, CONTAINER, "cows/a.jpg", user_delegation_key=key, permission="r", **times)  # type: ignore[arg-type] # start and expiry
    assert attempt(reading(world.guest(one))) == ALLOWED
    assert attempt(reading(world.guest(one), "pigs/a.jpg")) == UNAUTHENTICATED


def test_a_key_lives_for_seven_days_at_most(deployer: BlobServiceClient) -> None:
    for start, expiry in (
        (now() - HOUR, now() + 8 * DAY),
        (now() + 2 * HOUR, now() + HOUR),
        (now() - 2 * DAY, now() - DAY),
    ):
        assert attempt(lambda: deployer.get_user_delegation_key(start, expiry)) == "InvalidXmlNodeValue"  # noqa: B023 - called at once


def test_a_token_dies_with_its_key(world: World, deployer: BlobServiceClient, faults: Callable[..., None]) -> None:
    key = deployer.get_user_delegation_key(now() - HOUR, now() + DAY)
    long = world.token(user_delegation_key=key, expiry=now() + 3 * DAY)
    assert attempt(reading(world.guest(long))) == UNAUTHENTICATED
    whole = world.guest(world.token(user_delegation_key=key, expiry=now() + DAY - HOUR))
    assert attempt(reading(whole)) == ALLOWED
    faults({"clock_offset_seconds": 1.5 * DAY.total_seconds()})
    assert attempt(reading(whole)) == UNAUTHENTICATED


def test_keys_are_revoked_by_resource_manager(world: World, deployer: BlobServiceClient) -> None:
    key = deployer.get_user_delegation_key(now() - HOUR, now() + DAY)
    guest = world.guest(world.token(user_delegation_key=key))
    assert attempt(reading(guest)) == ALLOWED
    world.azure.made("POST", f"{world.path}/revokeUserDelegationKeys")
    assert attempt(reading(guest)) == UNAUTHENTICATED


@pytest.mark.parametrize("field", ["skoid", "sktid", "ske", "skt", "sks", "skv", "sp", "se"])
def test_every_field_is_signed(world: World, deployer: BlobServiceClient, field: str) -> None:
    key = deployer.get_user_delegation_key(now() - HOUR, now() + DAY)
    fields = dict(it.split("=", 1) for it in world.token("r", user_delegation_key=key).split("&"))
    times = f"{now() + 2 * HOUR:%Y-%m-%dT%H%%3A%M%%3A%SZ}"
    other = {"sp": "rw", "se": times, "ske": f"{now() + 5 * DAY:%Y-%m-%dT%H%%3A%M%%3A%SZ}", "skt": "2020-01-01"}
    fields[field] = other.get(field, "x" + fields[field])
    assert attempt(reading(world.guest("&".join(f"{name}={it}" for name, it in fields.items())))) == UNAUTHENTICATED


def test_a_key_is_for_one_account(azure: Azure, deployer: BlobServiceClient) -> None:
    other = azure.world()
    key = deployer.get_user_delegation_key(now() - HOUR, now() + DAY)
    assert attempt(reading(other.guest(other.token(user_delegation_key=key)))) == UNAUTHENTICATED


def test_keys_are_given_for_a_bearer_token_only(world: World) -> None:
    for credential in (Bearer("not-the-token"), {"account_name": world.name, "account_key": world.keys[0]}, None):
        client = world.service(credential)
        code = attempt(lambda: client.get_user_delegation_key(now() - HOUR, now() + DAY))  # noqa: B023 - called at once
        assert code in ("InvalidAuthenticationInfo", "KeyBasedAuthenticationNotPermitted", "PublicAccessNotPermitted")


def test_an_account_without_shared_keys_refuses_them_by_name(world: World) -> None:
    code = "KeyBasedAuthenticationNotPermitted"
    for guest in (world.owner(), world.guest(world.token()), world.guest(world.account_token("rl"))):
        assert attempt(listing(guest)) == code
    assert attempt(listing(world.guest(world.directory_token()), "cows/")) == code


def test_the_deployers_token_is_good_for_data_over_https(world: World, deployer: BlobServiceClient) -> None:
    container = deployer.get_container_client(CONTAINER)
    container.upload_blob("x/b ä+&.jpg", b"data", overwrite=True, metadata={"k": "v"})
    assert container.download_blob("x/b ä+&.jpg").readall() == b"data"
    assert "x/b ä+&.jpg" in listing(container, "x/")()
    stranger = world.service(Bearer("not-the-token")).get_container_client(CONTAINER)
    assert attempt(listing(stranger)) == "InvalidAuthenticationInfo"


def test_azure_identity_finds_the_deployers_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in world.azure.announcement["identity"].items():
        monkeypatch.setenv(name, value)
    scope = "https://storage.azure.com/.default"
    with DefaultAzureCredential() as credential:
        assert credential.get_token(scope).token == world.azure.announcement["token"]
    monkeypatch.setenv("IDENTITY_HEADER", "wrong")
    with ManagedIdentityCredential() as credential, pytest.raises(ClientAuthenticationError):
        credential.get_token(scope)
