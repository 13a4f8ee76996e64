"""Stored access policies: tokens bound to one live and die by it."""

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import urllib3
from azure.storage.blob import AccessPolicy, generate_container_sas

from tests.lightly_sandbox.kinds.azure.emulator.azure import (
    ALLOWED,
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
Faults = Callable[..., None]


@pytest.fixture
def own(azure: Azure, account: StorageAccount) -> Iterator[str]:
    """A container of the test's own."""
    name = f"own-{secrets.token_hex(4)}"
    account.owner(name).create_container()
    account.owner(name).upload_blob("a.jpg", b"data")
    yield name
    account.owner(name).delete_container()


def test_a_token_has_what_its_policy_gives_at_the_moment(account: StorageAccount, own: str) -> None:
    account.policies(own, one=account.policy("rl"))
    guest = account.guest(account.token(container=own, policy_id="one", protocol="https"), own)
    assert (attempt(reading(guest, "a.jpg")), attempt(listing(guest))) == (ALLOWED, ALLOWED)
    assert attempt(writing(guest, "b.jpg")) == "AuthorizationPermissionMismatch"
    account.policies(own, one=account.policy("rwl"))
    assert attempt(writing(guest, "b.jpg")) == ALLOWED
    account.policies(own, one=account.policy("l"))
    assert attempt(reading(guest, "a.jpg")) == "AuthorizationPermissionMismatch"


def test_a_token_is_revoked_with_its_policy_and_others_are_not(account: StorageAccount, own: str) -> None:
    account.policies(own, one=account.policy(), two=account.policy())
    one, two = (account.guest(account.token(container=own, policy_id=entry), own) for entry in ("one", "two"))
    assert (attempt(listing(one)), attempt(listing(two))) == (ALLOWED, ALLOWED)
    account.policies(own, two=account.policy())
    assert (attempt(listing(one)), attempt(listing(two))) == (UNAUTHENTICATED, ALLOWED)


def test_a_policy_starts_and_expires(account: StorageAccount, own: str, faults: Faults) -> None:
    account.policies(own, one=account.policy(start=timedelta(days=1), expiry=timedelta(days=2)))
    guest, verdicts = account.guest(account.token(container=own, policy_id="one"), own), []
    for days in (0, 1.5, 3):
        faults({"clock_offset_seconds": days * 86400})
        verdicts.append(attempt(listing(guest)))
    assert verdicts == [UNAUTHENTICATED, ALLOWED, UNAUTHENTICATED]


def test_an_unknown_policy_allows_nothing(account: StorageAccount, own: str) -> None:
    assert attempt(listing(account.guest(account.token(container=own, policy_id="none"), own))) == UNAUTHENTICATED


def test_a_container_has_five_policies_at_most(account: StorageAccount, own: str) -> None:
    five = {f"p{index}": account.policy() for index in range(5)}
    account.policies(own, **five)
    body = "".join(
        f"<SignedIdentifier><Id>{index}</Id><AccessPolicy><Expiry>2030-01-01T00:00:00Z</Expiry>"
        "<Permission>r</Permission></AccessPolicy></SignedIdentifier>"
        for index in range(6)
    )
    assert _set_raw(account, own, f"<SignedIdentifiers>{body}</SignedIdentifiers>") == (400, "InvalidXmlDocument")
    assert len(account.owner(own).get_container_access_policy()["signed_identifiers"]) == 5


@pytest.mark.parametrize("policy", [AccessPolicy(permission="r"), AccessPolicy(expiry=now() + HOUR)])
def test_a_policy_that_azurite_would_misread_is_refused_by_name(
    account: StorageAccount, own: str, policy: AccessPolicy
) -> None:
    assert attempt(lambda: account.policies(own, one=policy)) == "NotImplemented"


def test_a_token_that_repeats_its_policy_is_refused_by_name(account: StorageAccount, own: str) -> None:
    account.policies(own, one=account.policy())
    token = generate_container_sas(
        account.name, own, account.keys[0], policy_id="one", permission="rwdl", expiry=now() + HOUR
    )
    assert attempt(listing(account.guest(token, own))) == "NotImplemented"


def test_a_new_policy_is_unknown_for_a_while_when_asked_for(account: StorageAccount, own: str, faults: Faults) -> None:
    late = {"propagation": {"policy_seconds": 30}}
    account.policies(own, old=account.policy())
    faults(late, {"clock_offset_seconds": 60})
    old = account.policy(start=-2 * HOUR)  # changed: unknown again, as a new one
    account.policies(own, old=old, new=account.policy())
    guests = [account.guest(account.token(container=own, policy_id=known), own) for known in ("old", "new")]
    assert [attempt(listing(guest)) for guest in guests] == [UNAUTHENTICATED, UNAUTHENTICATED]
    faults(late, {"clock_offset_seconds": 95})
    assert [attempt(listing(entry)) for entry in guests] == [ALLOWED, ALLOWED]
    account.policies(own, old=old, another=account.policy())
    assert attempt(listing(guests[0])) == ALLOWED  # unchanged: known as before


def test_a_document_with_a_type_is_no_policy(account: StorageAccount, own: str) -> None:
    document = '<!DOCTYPE a [<!ENTITY b "c">]><SignedIdentifiers/>'
    assert _set_raw(account, own, document) == (400, "InvalidXmlDocument")


def _set_raw(account: StorageAccount, container: str, body: str) -> tuple[int, str]:
    """Set Container ACL with any body, by the deployer's token: the SDK would look at the policies first."""
    headers = {"Authorization": f"Bearer {account.azure.announcement['token']}", "x-ms-version": "2025-11-05"}
    with urllib3.PoolManager(ca_certs=account.azure.announcement["ca_file"]) as pool:
        url = f"{account.url}/{container}?restype=container&comp=acl"
        answered = pool.request("PUT", url, body=body, headers=headers)
    return answered.status, answered.headers.get("x-ms-error-code", "")


def test_policies_that_somebody_changed_meanwhile_are_not_overwritten(
    account: StorageAccount, own: str, faults: Faults
) -> None:
    account.policies(own, one=account.policy())
    faults({"clock_offset_seconds": 5})
    account.policies(own, two=account.policy())
    client, before = account.owner(own), now()
    code = attempt(lambda: client.set_container_access_policy({}, if_unmodified_since=before))
    assert code == "ConditionNotMet"
    assert [
        signed_identifier.id for signed_identifier in client.get_container_access_policy()["signed_identifiers"]
    ] == ["two"]
    assert attempt(lambda: client.set_container_access_policy({}, if_unmodified_since=now() + HOUR)) == ALLOWED


def test_the_date_of_an_answer_is_that_of_the_moved_clock(account: StorageAccount, own: str, faults: Faults) -> None:
    faults({"clock_offset_seconds": 600})
    dates = list[str]()
    account.owner(own).get_container_access_policy(
        raw_response_hook=lambda entry: dates.append(entry.http_response.headers["Date"])
    )
    assert abs((parsedate_to_datetime(dates[0]) - now()).total_seconds() - 600) < 60
