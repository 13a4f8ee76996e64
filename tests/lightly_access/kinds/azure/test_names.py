"""Azure's names: what is accepted is what Azure accepts, and every accepted path can be registered and read back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds import registry
from lightly_access.kinds.azure import names as azure_names
from lightly_access.kinds.azure.registration import SAS
from lightly_core.capability import Purpose

GOOD_TOKEN = "sv=2024-11-04&sr=c&si=lightly-a&spr=https&sig=x%2B"


@pytest.mark.parametrize("name", ["abc", "a1b2c3", "0" * 24])
def test_good_accounts(name: str) -> None:
    assert azure_names.account(name) is None


@pytest.mark.parametrize("name", ["ab", "a" * 25, "Abc", "a-b", "a_b", "abc\n", "äbc", "", "https://abc", "abc.blob"])
def test_bad_accounts(name: str) -> None:
    assert azure_names.account(name)


@pytest.mark.parametrize("name", ["abc", "a-b-c", "0-0", "a" * 63])
def test_good_containers(name: str) -> None:
    assert azure_names.container(name) is None


@pytest.mark.parametrize("name", ["ab", "a" * 64, "-ab", "ab-", "a--b", "Abc", "a_b", "a.b", "$root", "abc\n", "a/b"])
def test_bad_containers(name: str) -> None:
    assert azure_names.container(name)


@given(st.text("az09-A_", max_size=66))
def test_the_pattern_that_editors_use_says_the_same_as_the_rule(name: str) -> None:
    assert (azure_names.container(name) is None) is bool(re.search(azure_names.CONTAINER_PATTERN, name))


@pytest.mark.parametrize("name", ["a", "Acme-Data_1.(x)", "ä" * 90])
def test_good_resource_groups(name: str) -> None:
    assert azure_names.resource_group(name) is None


@pytest.mark.parametrize("name", ["", "a" * 91, "a.", "a/b", "a b", "a\n"])
def test_bad_resource_groups(name: str) -> None:
    assert azure_names.resource_group(name)


@pytest.mark.parametrize("name", azure_names.LOCATIONS)
def test_the_regions_that_we_know_are_accepted_without_a_remark(name: str) -> None:
    assert azure_names.location(name) is None
    assert azure_names.unusual_location(name) is None


def test_a_region_as_the_portal_writes_it_is_told_apart_and_a_new_one_is_only_a_remark() -> None:
    fault = azure_names.location("Germany West Central")
    assert fault
    assert fault.hint == "did you mean 'germanywestcentral'?"
    assert azure_names.location("atlantisnorth") is None
    assert azure_names.unusual_location("atlantisnorth")


_PARTS = st.from_regex(r"[a-zA-Z0-9 äöü+%'()_-]{1,12}", fullmatch=True).map(str.strip).filter(bool)


@given(
    st.from_regex(r"[a-z0-9]{3,24}", fullmatch=True),
    st.from_regex(r"[a-z0-9]{3,20}(-[a-z0-9]{1,9}){0,3}", fullmatch=True),
    st.lists(_PARTS, max_size=4),
)
def test_a_path_that_is_accepted_is_registered_and_read_back_the_same(
    account: str, container: str, parts: list[str]
) -> None:
    path = f"azure://{account}/{container}/" + "".join(f"{part}/" for part in parts)
    assert registry.kind_of("azure").path_fault(path) is None
    body = SAS.written(path)
    assert body["accountName"] == account
    assert not re.match(r"\w+://|/", body["fullPath"])
    for shown in (body, {**body, "fullPath": body["fullPath"].rstrip("/")}):
        assert SAS.read(shown, Purpose.INPUT) == path


@given(st.text(max_size=80))
def test_no_text_breaks_a_rule_and_no_rule_shows_it(text: str) -> None:
    for rule in (azure_names.account, azure_names.container, azure_names.resource_group, azure_names.azure_path):
        rule(text)
