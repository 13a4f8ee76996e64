"""Tokens for a directory of a hierarchical account: inside and beside it."""

import http.client
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import obstore
import pytest
import urllib3
from azure.storage.blob import generate_blob_sas
from lightly_sandbox.process import ServerProcess

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

DENIED = "AuthorizationPermissionMismatch"
UNAUTHENTICATED = "AuthenticationFailed"


@pytest.fixture(scope="module")
def hierarchical(server: ServerProcess) -> StorageAccount:
    return Azure(server).storage_account(isHnsEnabled=True, supportsHttpsTrafficOnly=False)


@pytest.fixture
def tree(hierarchical: StorageAccount, azure: Azure) -> StorageAccount:
    return replace(hierarchical, azure=azure)


def test_a_directory_token_works_inside(tree: StorageAccount) -> None:
    guest = tree.guest(tree.directory_token("cows", "rwdl", protocol="https"))
    assert attempt(reading(guest, "cows/a.jpg")) == ALLOWED
    assert listing(guest, "cows/")() == ["cows/a.jpg"]
    assert attempt(writing(guest, "cows/new/b.jpg")) == ALLOWED
    assert attempt(writing(guest, "cows/new/b.jpg")) == ALLOWED
    assert attempt(deleting(guest, "cows/new/b.jpg")) == ALLOWED


@pytest.mark.parametrize("blob", ["pigs/a.jpg", "cows-old/a.jpg", "a.jpg", "cow/a.jpg", "Cows/a.jpg"])
def test_a_directory_token_does_not_work_beside(tree: StorageAccount, blob: str) -> None:
    guest = tree.guest(tree.directory_token("cows", "rwdl"))
    assert attempt(reading(guest, blob)) == UNAUTHENTICATED
    assert attempt(writing(guest, blob)) == UNAUTHENTICATED
    assert attempt(deleting(guest, blob)) == UNAUTHENTICATED


@pytest.mark.parametrize("prefix", [None, "", "c", "cows", "cows-", "pigs/", "cow/"])
def test_a_directory_token_does_not_list_beside(tree: StorageAccount, prefix: str | None) -> None:
    assert attempt(listing(tree.guest(tree.directory_token("cows")), prefix)) == UNAUTHENTICATED


@pytest.mark.parametrize(
    "path",
    [
        "cows/../pigs/a.jpg",
        "cows%2F..%2Fpigs/a.jpg",
        "cows%2F%2E%2E%2Fpigs%2Fa.jpg",
        "cows%5C..%5Cpigs/a.jpg",
        "cows//../pigs/a.jpg",
        "%2e%2e/lake/pigs/a.jpg",
        "./pigs/a.jpg",
        "pigs/a.jpg#cows/a.jpg",
    ],
)
def test_no_spelling_of_a_path_leads_out(tree: StorageAccount, path: str) -> None:
    context = ssl.create_default_context(cafile=tree.azure.announcement["ca_file"])
    connection = http.client.HTTPSConnection("127.0.0.1", tree.azure.announcement["tls_port"], context=context)
    connection.request("GET", f"/{tree.name}/lake/{path}?{tree.directory_token('cows')}")
    answered = connection.getresponse()
    body = answered.read()
    connection.close()
    assert answered.status in (400, 403, 404)  # a blob that is really called cows/../x is not there
    assert b"data" not in body


@pytest.mark.parametrize("permission", ["r", "l", "w", "d", "rl"])
def test_a_directory_token_allows_its_permissions_and_no_others(tree: StorageAccount, permission: str) -> None:
    guest = tree.guest(tree.directory_token("cows", permission))
    tree.owner().upload_blob("cows/gone.jpg", b"data", overwrite=True)
    verdicts = {
        "r": attempt(reading(guest)),
        "l": attempt(listing(guest, "cows/")),
        "w": attempt(writing(guest, "cows/new.jpg")),
        "d": attempt(deleting(guest, "cows/gone.jpg")),
    }
    assert verdicts == {letter: ALLOWED if letter in permission else DENIED for letter in verdicts}


def test_a_deeper_directory_has_its_depth_in_the_token(tree: StorageAccount) -> None:
    tree.owner().upload_blob("cows/2026/a.jpg", b"data", overwrite=True)
    token = tree.directory_token("cows/2026")
    assert "sdd=2" in token
    guest = tree.guest(token)
    assert attempt(reading(guest, "cows/2026/a.jpg")) == ALLOWED
    assert attempt(reading(guest, "cows/a.jpg")) == UNAUTHENTICATED
    shallow = tree.guest(token.replace("sdd=2", "sdd=1"))
    assert attempt(reading(shallow, "cows/2026/a.jpg")) == UNAUTHENTICATED


def test_a_directory_token_is_bound_to_a_policy_and_revoked_with_it(tree: StorageAccount) -> None:
    tree.policies(one=tree.policy("rl"))
    token = generate_blob_sas(
        tree.name, CONTAINER, "cows", account_key=tree.keys[1], is_directory=True, policy_id="one", protocol="https"
    )
    guest = tree.guest(token)
    assert (attempt(reading(guest)), attempt(listing(guest, "cows/"))) == (ALLOWED, ALLOWED)
    assert attempt(writing(guest, "cows/new.jpg")) == DENIED
    tree.policies()
    assert (attempt(reading(guest)), attempt(listing(guest, "cows/"))) == (UNAUTHENTICATED, UNAUTHENTICATED)


def test_a_directory_token_has_times_addresses_and_a_transport(
    tree: StorageAccount, faults: Callable[..., None]
) -> None:
    past = tree.directory_token(start=now() - 2 * HOUR, expiry=now() - HOUR)
    assert attempt(reading(tree.guest(past))) == UNAUTHENTICATED
    elsewhere = tree.directory_token(ip="10.0.0.1")
    assert attempt(reading(tree.guest(elsewhere))) == "AuthorizationSourceIPMismatch"
    plain = f"{tree.azure.server.url}/{tree.name}"
    secure = tree.directory_token(protocol="https")
    assert attempt(reading(tree.guest(secure, url=plain))) == "AuthorizationProtocolMismatch"
    faults({"clock_offset_seconds": timedelta(days=1).total_seconds()})
    assert attempt(reading(tree.guest(secure))) == UNAUTHENTICATED


@pytest.mark.parametrize(("old", "new"), [("sp=r", "sp=rw"), ("sig=", "sig=A"), ("sr=d", "sr=c"), ("sv=20", "sv=19")])
def test_a_directory_token_that_was_tampered_with_is_refused(tree: StorageAccount, old: str, new: str) -> None:
    token = tree.directory_token("cows", "r")
    assert attempt(reading(tree.guest(token))) == ALLOWED
    assert attempt(reading(tree.guest(token.replace(old, new)))) in (UNAUTHENTICATED, "NotImplemented")


def test_a_flat_account_has_no_directory_tokens(account: StorageAccount) -> None:
    assert attempt(reading(account.guest(account.directory_token("cows")))) == UNAUTHENTICATED


def test_a_directory_token_says_nothing_about_the_container(tree: StorageAccount) -> None:
    guest = tree.guest(tree.directory_token("cows", "racwdxltmeop"))
    for call in (guest.get_container_properties, guest.delete_container, guest.get_container_access_policy):
        assert attempt(call) in (UNAUTHENTICATED, DENIED)


def test_a_directory_token_does_not_copy_from_beside(tree: StorageAccount) -> None:
    guest = tree.guest(tree.directory_token("cows", "rwdl")).get_blob_client("cows/stolen.jpg")
    source = f"{tree.url}/lake/pigs/a.jpg"
    assert attempt(lambda: guest.start_copy_from_url(source)) == "NotImplemented"
    assert attempt(lambda: guest.upload_blob_from_url(source)) == "NotImplemented"


def test_obstore_reads_and_writes_inside_and_cannot_batch(tree: StorageAccount) -> None:
    store = tree.store(tree.directory_token("cows", "rwdl"))
    assert [entry["path"] for entry in obstore.list(store, "cows").collect()]
    assert attempt(lambda: obstore.list(store).collect()) == UNAUTHENTICATED
    assert attempt(lambda: obstore.put(store, "cows/o.jpg", b"1")) == ALLOWED
    assert attempt(lambda: obstore.get(store, "pigs/a.jpg").bytes()) == UNAUTHENTICATED
    assert attempt(lambda: obstore.delete(store, "cows/o.jpg")) == UNAUTHENTICATED
    assert tree.owner().get_blob_client("cows/o.jpg").exists()


def test_a_parameter_given_twice_is_refused(tree: StorageAccount) -> None:
    token = tree.directory_token("cows")
    with urllib3.PoolManager(ca_certs=tree.azure.announcement["ca_file"]) as pool:
        for more in ("&sr=c", "&sr[]=c", "&%73r=c", "&SR=c"):
            answered = pool.request("GET", f"{tree.url}/lake/pigs/a.jpg?{token}{more}")
            assert answered.status in (400, 403), more
