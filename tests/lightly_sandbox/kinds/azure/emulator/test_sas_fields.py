"""Tokens and stored access policies that Azure refuses for a field and Azurite takes, and the nearest taken."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError
from lightly_sandbox.kinds.azure.emulator.policies import check_policies
from lightly_sandbox.kinds.azure.emulator.sas_fields import ORDER, fault, permissions_fault, times_fault

from tests.lightly_sandbox.kinds.azure.emulator.azure import CONTAINER, StorageAccount

NOW = datetime(2026, 11, 28, tzinfo=UTC)
TOKEN = {"sv": "2024-11-04", "sr": "c", "sp": "rl", "se": "2027-01-01T00:00:00Z", "sig": "x"}
BY_POLICY = {"sv": "2024-11-04", "sr": "c", "si": "ours", "sig": "x"}


def read(token: Mapping[str, str], **changed: str | None) -> str | None:
    return fault({name: text for name, text in {**token, **changed}.items() if text is not None}, NOW, account=False)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"st": "2026-01-01", "se": "2026-12-01"},
        {"st": "2026-01-01T10:00Z"},
        {"se": "2027-01-01T00:00:00.1234567Z"},
        {"spr": "https,http"},
        {"sip": "10.0.0.1-10.0.0.9"},
        {"sr": "b"},
        {"sp": ORDER},
    ],
)
def test_a_token_of_azures_own_is_taken(changed: dict[str, str]) -> None:
    assert read(TOKEN, **changed) is None
    assert read(BY_POLICY) is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sv": None}, "sv is mandatory"),
        ({"sv": "2099-01-01"}, "sv is not valid"),
        ({"sv": "latest"}, "sv is not valid"),
        ({"sv": "2024-13-40"}, "sv is not valid"),
        ({"sr": None}, "sr is mandatory"),
        ({"sr": "x"}, "sr is not valid"),
        ({"sr": "C"}, "sr is not valid"),
        ({"sp": None}, "sp is mandatory"),
        ({"sp": "lr"}, "in the order"),
        ({"sp": "rr"}, "given twice"),
        ({"sp": "rz"}, "not known"),
        ({"sp": "r l"}, "not known"),
        ({"se": None}, "Signed expiry must be specified"),
        ({"se": "tomorrow"}, "expiry time [tomorrow]"),
        ({"se": "2027-02-30"}, "expiry time"),
        ({"st": "2027-06-01"}, "must be after signed start"),
        ({"spr": "http"}, "spr is not valid"),
        ({"spr": "http,https"}, "spr is not valid"),
        ({"sip": ""}, "sip is not"),
        ({"sip": "10.0.0.0/8"}, "sip is not"),
        ({"sip": "10.0.0.1-"}, "sip is not"),
        ({"sip": "1.1.1.1-2.2.2.2-3.3.3.3"}, "sip is not"),
        ({"sip": "2001:db8::1"}, "sip is not"),
        ({"sip": "10.0.0.1, 10.0.0.2"}, "sip is not"),
        ({"si": "x" * 65}, "si is not valid"),
    ],
)
def test_a_field_that_azure_does_not_take(changed: dict[str, str | None], said: str) -> None:
    assert said in str(read(TOKEN, **changed))


@given(st.permutations(ORDER).flatmap(lambda letters: st.integers(1, 14).map(lambda n: "".join(letters[:n]))))
def test_the_letters_stand_in_one_order(letters: str) -> None:
    assert (permissions_fault(letters) is None) is (letters == "".join(sorted(letters, key=ORDER.index)))


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1))
)
def test_the_end_is_after_the_start(start: datetime, end: datetime) -> None:
    found = times_fault(f"{start:%Y-%m-%dT%H:%M:%SZ}", f"{end:%Y-%m-%dT%H:%M:%SZ}")
    assert (found is None) is (start.replace(microsecond=0) < end.replace(microsecond=0))


def policies(*each: tuple[str, str, str, str]) -> bytes:
    listed = "".join(
        f"<SignedIdentifier><Id>{id}</Id><AccessPolicy><Start>{start}</Start><Expiry>{end}</Expiry>"
        f"<Permission>{letters}</Permission></AccessPolicy></SignedIdentifier>"
        for id, start, end, letters in each
    )
    return f"<SignedIdentifiers>{listed}</SignedIdentifiers>".encode()


OURS = ("ours", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "rl")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (policies(*[(f"p{number}", *OURS[1:]) for number in range(6)]), "InvalidXmlDocument"),
        (policies(OURS, OURS), "InvalidXmlNodeValue"),
        (policies(("", *OURS[1:])), "InvalidXmlNodeValue"),
        (policies(("x" * 65, *OURS[1:])), "InvalidXmlNodeValue"),
        (policies(("ours", "soon", "2027-01-01T00:00:00Z", "rl")), "InvalidXmlNodeValue"),
        (policies(("ours", "2027-01-01", "2026-01-01", "rl")), "InvalidXmlNodeValue"),
        (policies(("ours", *OURS[1:3], "lr")), "InvalidXmlNodeValue"),
        (policies(("ours", *OURS[1:3], "rz")), "InvalidXmlNodeValue"),
        (b"<Policies/>", "InvalidXmlDocument"),
        (b"<SignedIdentifiers><Other/></SignedIdentifiers>", "InvalidXmlDocument"),
        (b"<SignedIdentifiers>", "InvalidXmlDocument"),
    ],
)
def test_a_list_of_policies_that_azure_does_not_take(body: bytes, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_policies(body)
    assert refused.value.code == code


def test_five_policies_are_taken_and_none_is_too() -> None:
    check_policies(policies(*[(f"p{number}", *OURS[1:]) for number in range(5)]))
    check_policies(policies())
    check_policies(b"")


def test_the_service_says_which_field_it_is(account: StorageAccount) -> None:
    base = f"{account.azure.endpoint}/{account.name}/{CONTAINER}/{secrets.token_hex(4)}"
    for query, said in (("sv=2099-01-01&sr=c", "sv is not valid"), ("sv=2024-11-04&sr=c&sp=lr", "in the order")):
        with urllib3.PoolManager(ca_certs=account.azure.announcement["ca_file"]) as http:
            answer: Any = http.request("GET", f"{base}?{query}&se=2099-01-01&sig=x")
        assert answer.status == 403
        assert said in answer.data.decode()
