"""When, from where and by what transport a token works."""

import ssl
from collections.abc import Callable
from datetime import timedelta

import pytest
import urllib3
from azure.core.exceptions import ServiceRequestError
from azure.storage.blob import ContainerClient

from tests.lightly_sandbox.kinds.azure.emulator.azure import (
    ALLOWED,
    HOUR,
    Azure,
    StorageAccount,
    attempt,
    listing,
    now,
    reading,
)

UNAUTHENTICATED = "AuthenticationFailed"
DAY = timedelta(days=1)
Faults = Callable[..., None]


def test_a_token_works_between_its_start_and_its_expiry(account: StorageAccount, faults: Faults) -> None:
    guest = account.guest(account.token(start=now() + DAY, expiry=now() + 2 * DAY))
    verdicts = []
    for days in (0, 1.5, 3):
        faults({"clock_offset_seconds": days * DAY.total_seconds()})
        verdicts.append(attempt(reading(guest)))
    assert verdicts == [UNAUTHENTICATED, ALLOWED, UNAUTHENTICATED]


def test_an_account_token_expires(account: StorageAccount, faults: Faults) -> None:
    guest = account.guest(account.account_token("rl"))
    assert attempt(reading(guest)) == ALLOWED
    faults({"clock_offset_seconds": 2 * HOUR.total_seconds()})
    assert attempt(reading(guest)) == UNAUTHENTICATED


def test_a_signature_with_the_key_is_good_for_a_quarter_of_an_hour(account: StorageAccount, faults: Faults) -> None:
    for minutes, expected in ((14, ALLOWED), (-14, ALLOWED), (16, UNAUTHENTICATED), (-16, UNAUTHENTICATED)):
        faults({"clock_offset_seconds": minutes * 60})
        assert attempt(listing(account.owner())) == expected


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ("127.0.0.1", ALLOWED),
        ("127.0.0.0-127.0.0.9", ALLOWED),
        ("127.0.0.2", "AuthorizationSourceIPMismatch"),
        ("10.0.0.1-10.0.0.9", "AuthorizationSourceIPMismatch"),
        ("127.0.0.1-127.0.0.0", "AuthorizationSourceIPMismatch"),
        ("somewhere", UNAUTHENTICATED),
    ],
)
def test_a_token_works_from_its_addresses_only(account: StorageAccount, addresses: str, expected: str) -> None:
    assert attempt(reading(account.guest(account.token(ip=addresses)))) == expected
    assert attempt(reading(account.guest(account.account_token("r", ip=addresses)))) == expected


def test_the_addresses_are_signed(account: StorageAccount) -> None:
    token = account.token(ip="127.0.0.2").replace("sip=127.0.0.2", "sip=127.0.0.1")
    assert attempt(reading(account.guest(token))) == UNAUTHENTICATED


def test_a_token_for_https_does_not_work_over_http(azure: Azure) -> None:
    account = azure.storage_account(supportsHttpsTrafficOnly=False)
    plain = f"{azure.server.url}/{account.name}"
    for token in (account.token(protocol="https"), account.account_token("rl", protocol="https")):
        assert attempt(reading(account.guest(token))) == ALLOWED
        assert attempt(reading(account.guest(token, url=plain))) == "AuthorizationProtocolMismatch"
    assert attempt(reading(account.guest(account.token(), url=plain))) == ALLOWED


def test_an_account_for_https_only_answers_nothing_over_http(azure: Azure, account: StorageAccount) -> None:
    plain = f"{azure.server.url}/{account.name}"
    assert attempt(reading(account.guest(account.token(), url=plain))) == "AccountRequiresHttps"


def test_a_client_cannot_say_that_it_came_by_https(azure: Azure) -> None:
    account = azure.storage_account(supportsHttpsTrafficOnly=False)
    guest = account.guest(account.token(protocol="https"), url=f"{azure.server.url}/{account.name}")
    header = {"x-gateway-protocol": "https", "x-forwarded-proto": "https"}
    assert attempt(lambda: guest.download_blob("cows/a.jpg", headers=header)) == "AuthorizationProtocolMismatch"


def test_the_minimum_tls_version_of_the_account_holds(azure: Azure) -> None:
    account = azure.storage_account(minimumTlsVersion="TLS1_3")
    url = f"{account.url}/lake/cows/a.jpg?{account.token()}"
    for version, expected in ((ssl.TLSVersion.TLSv1_2, 400), (ssl.TLSVersion.TLSv1_3, 200)):
        context = ssl.create_default_context(cafile=azure.announcement["ca_file"])
        context.maximum_version = version
        with urllib3.PoolManager(ssl_context=context) as pool:
            assert pool.request("GET", url).status == expected


def test_who_does_not_trust_the_ca_does_not_connect(azure: Azure, account: StorageAccount) -> None:
    client = ContainerClient(account.url, "lake", credential=account.token(), retry_total=0)
    with pytest.raises(ServiceRequestError, match="CERTIFICATE_VERIFY_FAILED"):
        client.get_blob_client("cows/a.jpg").exists()
