"""What Azure's roles give: actions and patterns, scopes, and what several roles give together."""

import pytest
from lightly_policies.evaluator.azure_roles import Assignment, Permissions, Role, decide, within

GROUP = "/subscriptions/s/resourceGroups/acme-data"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acme01"
READ, KEYS = "Microsoft.Storage/storageAccounts/read", "Microsoft.Storage/storageAccounts/listKeys/action"
BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"


def given(
    *actions: str, at: str = GROUP, but: tuple[str, ...] = (), assignable: str = "/subscriptions/s"
) -> Assignment:
    return Assignment(Role((Permissions(actions, but),), (assignable,)), at)


@pytest.mark.parametrize(
    ("pattern", "gives"),
    [
        (READ, True),
        (READ.upper(), True),
        ("*", True),
        ("*/read", True),
        ("Microsoft.Storage/*/read", True),
        ("Microsoft.Storage/storageAccounts/*", True),
        ("Microsoft.Storage/storageAccounts", False),
        ("Microsoft.Storage/storageAccounts/blobServices/*", False),
        ("Microsoft.Storage/storageAccounts/write", False),
    ],
)
def test_an_action_is_named_or_fits_a_pattern_in_any_case(pattern: str, gives: bool) -> None:
    assert decide([given(pattern)], READ, ACCOUNT) is gives


def test_what_a_role_leaves_out_another_one_gives() -> None:
    most = given("*", but=("*/listKeys/action",))
    assert decide([most], READ, ACCOUNT)
    assert not decide([most], KEYS, ACCOUNT)
    assert decide([most, given(KEYS)], KEYS, ACCOUNT)


@pytest.mark.parametrize(
    ("scope", "at", "holds"),
    [
        (ACCOUNT, ACCOUNT.lower(), True),
        (f"{ACCOUNT}/blobServices/default/containers/raw", ACCOUNT, True),
        (ACCOUNT, "/subscriptions/s", True),
        (ACCOUNT, "/", True),
        (GROUP, ACCOUNT, False),
        (f"{ACCOUNT}2", ACCOUNT, False),
        (ACCOUNT, "/subscriptions/other", False),
    ],
)
def test_a_role_holds_at_its_scope_and_below_it(scope: str, at: str, holds: bool) -> None:
    assert within(scope, at) is holds
    assert decide([given(READ, at=at, assignable="/")], READ, scope) is holds


def test_a_custom_role_holds_only_where_it_is_assignable() -> None:
    assert not decide([given(READ, assignable=f"{GROUP}2")], READ, ACCOUNT)


def test_actions_and_those_on_data_are_two_things() -> None:
    owner = Assignment(Role((Permissions(("*",)),)), "/")
    reader = Assignment(Role((Permissions((), (), (f"{BLOBS}/*",), (f"{BLOBS}/delete",)),)), "/")
    assert not decide([owner], f"{BLOBS}/read", ACCOUNT, data=True)
    assert decide([reader], f"{BLOBS}/read", ACCOUNT, data=True)
    assert not decide([reader], f"{BLOBS}/delete", ACCOUNT, data=True)
    assert not decide([reader], f"{BLOBS}/read", ACCOUNT)


def test_what_is_no_text_gives_nothing() -> None:
    assert not Permissions.parse({"actions": [None, 7], "notActions": None}).gives(READ)
