"""SAS tokens and their stored policies: made, kept, re-signed, rotated, revoked."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from azure.core.credentials import AccessToken
from azure.storage.blob import UserDelegationKey
from lightly_access.kinds.azure.storage_api.errors import AzureError
from lightly_access.kinds.azure.storage_api.policies import Container
from lightly_api.client import LightlyApi
from lightly_api.errors import RequestRefusedError
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, Value, plain
from lightly_policies.sas import token
from lightly_provider.handlers import azure_sas
from lightly_provider.handlers.azure_sas import AzureSasHandler
from lightly_provider.handlers.handler import Call

from tests.lightly_provider.azure_storage import AzureStorage, Kept
from tests.lightly_provider.loopback import loopback

KEY, OTHER_KEY = "dGhlLWtleS1vZi10aGUtYWNjb3VudA==", "YW5vdGhlci1rZXk="
HANDLER = AzureSasHandler()
GIVEN: dict[str, Value] = {
    "accountName": "acmephotos",
    "accountKey": KEY,
    "endpoint": "https://acmephotos.blob.core.windows.net/",
    "container": "lake",
    "directory": "herd/cows/",
    "hierarchical": False,
    "purpose": "INPUT",
    "policy": "acme-cows-input-11111111",
    "method": "stored_policy",
    "start": "2026-11-20T23:00:00Z",
    "expiry": "2036-03-06T00:00:00Z",
}
NEXT: dict[str, Value] = {"policy": "acme-cows-input-22222222", "expiry": "2036-06-04T00:00:00Z"}


def checked(**more: Value) -> Properties:
    result = HANDLER.check({k: v for k, v in {**GIVEN, **more}.items() if v is not None})
    assert not result.failures
    return result.inputs


def faults(**more: Value) -> dict[str, str]:
    result = HANDLER.check({k: v for k, v in {**GIVEN, **more}.items() if v is not None})
    return {failure.property: failure.reason for failure in result.failures}


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> AzureStorage:
    storage = AzureStorage(containers={"lake": Kept()})

    def make(account: str, key: Any, endpoint: str, name: str, pause: Any) -> Container:
        return Container(account, key, endpoint, name, storage.pause, storage.transport)

    monkeypatch.setattr(azure_sas, "Container", make)
    return storage


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def call(told: list[str]) -> Call:
    def no_lightly() -> LightlyApi:
        raise AssertionError("Lightly is not asked")

    return Call(api=no_lightly, tell=told.append)


def test_the_token_names_its_policy_and_the_policy_holds_the_terms(azure: AzureStorage, call: Call) -> None:
    made = HANDLER.create(call, checked())
    policy = str(made.properties["policy"])
    assert policy.startswith("acme-cows-input-11111111-")
    assert made.id == f"acmephotos/lake/{policy}"
    sas = made.properties["sasToken"]
    assert isinstance(sas, SecretValue)
    assert sas.value == token("acmephotos", "lake", policy, KEY)
    assert made.properties["permissions"] == "rl"
    stored = azure.containers["lake"].body
    assert "<Permission>rl</Permission>" in stored
    assert "<Start>2026-11-20T23:00:00Z</Start><Expiry>2036-03-06T00:00:00Z</Expiry>" in stored


@pytest.mark.parametrize(
    ("purpose", "hierarchical", "fields"),
    [
        ("INPUT", True, {"sr": ["d"], "sdd": ["2"]}),
        ("LIGHTLY", True, {"sr": ["d"], "sdd": ["2"]}),
        ("LIGHTLY", False, {"sr": ["c"]}),
    ],
)
def test_where_the_account_can_the_token_ends_at_the_directory(
    azure: AzureStorage, call: Call, purpose: str, hierarchical: bool, fields: dict[str, list[str]]
) -> None:
    made = HANDLER.create(call, checked(purpose=purpose, hierarchical=hierarchical))
    said = parse_qs(str(plain(made.properties["sasToken"])))
    assert {name: said[name] for name in ("sr", "sdd") if name in said} == fields
    assert made.properties["permissions"] == {"INPUT": "rl", "LIGHTLY": "rwdl"}[purpose]


def test_an_equal_second_run_changes_nothing(azure: AzureStorage, call: Call) -> None:
    made = HANDLER.create(call, checked())
    assert not HANDLER.diff(checked(), made.properties, checked()).changes
    assert plain(HANDLER.create(call, checked()).properties["sasToken"]) == plain(made.properties["sasToken"])
    assert azure.writes == 1


def test_the_next_policy_is_a_new_resource_and_both_live_until_the_old_one_is_dropped(
    azure: AzureStorage, call: Call
) -> None:
    first = HANDLER.create(call, checked())
    diff = HANDLER.diff(checked(), first.properties, checked(**NEXT))
    assert diff.replaces == {"policy"}
    HANDLER.create(call, checked(**NEXT))
    assert azure.containers["lake"].body.count("<SignedIdentifier>") == 2
    HANDLER.begin()
    HANDLER.delete(call, first.id, checked(), first.properties)
    left = azure.containers["lake"].body
    assert ("11111111" in left, "22222222" in left) == (False, True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"hierarchical": True, "directory": "herd/"}, {"hierarchical": True, "directory": "herd/cows/"}),
        ({"hierarchical": False}, {"hierarchical": True}),
    ],
    ids=["a narrower directory", "a directory and no more the container"],
)
def test_what_covers_less_has_a_policy_of_its_own_and_the_wider_token_ends(
    azure: AzureStorage, call: Call, before: dict[str, Value], after: dict[str, Value]
) -> None:
    old = HANDLER.create(call, checked(**before))
    HANDLER.begin()
    assert HANDLER.diff(checked(**before), old.properties, checked(**after)).replaces
    new = HANDLER.create(call, checked(**after))
    HANDLER.delete(call, old.id, checked(**before), old.properties)
    left = azure.containers["lake"].body
    assert (str(old.properties["policy"]) in left, str(new.properties["policy"]) in left) == (False, True)


def test_a_policy_that_somebody_changed_is_not_dropped_without_a_word(azure: AzureStorage, told: list[str]) -> None:
    said: list[str] = []
    call = Call(api=lambda: pytest.fail("Lightly is not asked"), tell=told.append, warn=said.append)
    made = HANDLER.create(call, checked())
    body = azure.containers["lake"].body
    azure.containers["lake"].body = body.replace("2036-03-06", "2036-03-07")
    HANDLER.begin()
    HANDLER.delete(call, made.id, checked(), made.properties)
    (warning,) = said
    assert f"changed its stored policy {made.properties['policy']}" in warning
    assert "--account-name acmephotos --name" in warning


@pytest.mark.parametrize("made_again", [True, False], ids=["made in this run", "kept in this run"])
def test_a_policy_that_is_in_use_again_is_not_dropped_in_the_name_of_the_old_one(
    azure: AzureStorage, call: Call, made_again: bool
) -> None:
    old, new = HANDLER.create(call, checked()), HANDLER.create(call, checked(**NEXT))
    HANDLER.begin()
    if made_again:
        assert HANDLER.create(call, checked()).id == old.id
    else:
        assert not HANDLER.diff(checked(), old.properties, checked()).replaces
    HANDLER.delete(call, old.id, checked(), old.properties)
    HANDLER.delete(call, new.id, checked(**NEXT), new.properties)
    left = azure.containers["lake"].body
    assert ("11111111" in left, "22222222" in left) == (True, False)
    HANDLER.begin()
    HANDLER.delete(call, old.id, checked(), old.properties)
    assert "11111111" not in azure.containers["lake"].body, "the next run, which does not need it, ends it"


def test_a_policy_that_version_0_1_0_made_lives_on_under_the_id_that_was_asked_for(
    azure: AzureStorage, call: Call
) -> None:
    """Nothing changes in a stack that is deployed; the next rotation has an id that never comes back."""
    policy = str(GIVEN["policy"])
    HANDLER.create(call, checked())
    azure.containers["lake"].body = re.sub(f"{policy}-[a-z2-7]+", policy, azure.containers["lake"].body)
    state = {**HANDLER.create(call, checked()).properties}
    assert state["policy"] == policy
    assert not HANDLER.diff(checked(), state, checked()).changes
    found = HANDLER.read(call, f"acmephotos/lake/{policy}", checked(), state)
    assert found is not None
    assert not HANDLER.diff(found.inputs, found.properties, checked()).changes
    HANDLER.begin()
    HANDLER.delete(call, f"acmephotos/lake/{policy}", checked(), state)
    assert policy not in azure.containers["lake"].body
    assert HANDLER.create(call, checked()).properties["policy"] != policy


OURS = "acme-prod-cows-input-abcdefghij-11111111"


@pytest.mark.parametrize(
    ("new", "kept"),
    [
        ("acme-prod-calves-input-jihgfedcba-11111111", OURS),  # another key of the dataset
        ("acme-prod-calves-input-jihgfedcba-22222222", None),  # another period, which needs another token
        ("acme-prod-cows-lightly-abcdefghij-11111111", None),
        ("cows-11111111", None),  # what a program of one's own chose
    ],
)
def test_a_token_that_is_not_replaced_keeps_its_policy_whatever_its_dataset_is_called(
    new: str, kept: str | None
) -> None:
    with loopback({}) as provider:
        again, failures = provider.check("AzureSas", {**GIVEN, "policy": new}, {**GIVEN, "policy": OURS})
        assert not failures
        assert again["policy"] == (kept or new)
        assert provider.check("AzureSas", {**GIVEN, "policy": new})[0]["policy"] == new


def test_it_says_when_the_token_was_signed_and_keeps_that_while_the_token_is_the_same(
    azure: AzureStorage, call: Call
) -> None:
    made = HANDLER.create(call, checked())
    signed = datetime.strptime(str(made.properties["created"]), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta() <= datetime.now(UTC) - signed < timedelta(minutes=5)
    before = {**made.properties, "created": "2026-01-01T00:00:00Z"}
    assert HANDLER.update(call, made.id, before, checked())["created"] == "2026-01-01T00:00:00Z"
    assert HANDLER.update(call, made.id, before, checked(accountKey=OTHER_KEY))["created"] != "2026-01-01T00:00:00Z"
    assert not HANDLER.diff(checked(), {k: v for k, v in made.properties.items() if k != "created"}, checked()).changes


@pytest.mark.parametrize("name", ["accountName", "container", "directory", "hierarchical", "purpose", "policy"])
def test_what_the_token_is_for_makes_a_new_one(name: str) -> None:
    other: dict[str, Value] = {
        "accountName": "acmeother", "container": "other", "directory": "other/", "hierarchical": True,
        "purpose": "LIGHTLY", "policy": "other-1",
    }  # fmt: skip
    assert HANDLER.diff(checked(), {}, checked(**{name: other[name]})).replaces == {name}


def test_another_account_key_signs_the_same_policy_anew(azure: AzureStorage, call: Call) -> None:
    made = HANDLER.create(call, checked())
    news = checked(accountKey=OTHER_KEY)
    diff = HANDLER.diff(checked(), made.properties, news)
    assert (set(diff.changes), set(diff.replaces)) == ({"accountKey"}, set())
    after = HANDLER.update(call, made.id, made.properties, news)
    assert plain(after["sasToken"]) == token("acmephotos", "lake", str(made.properties["policy"]), OTHER_KEY)
    assert azure.writes == 1


def test_a_policy_that_was_dropped_is_gone(azure: AzureStorage, call: Call) -> None:
    made = HANDLER.create(call, checked())
    assert HANDLER.read(call, made.id, checked(), made.properties) is not None
    azure.containers["lake"] = Kept()
    assert HANDLER.read(call, made.id, checked(), made.properties) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "change"),
    [
        ("<Permission>rl<", "<Permission>racwdl<", "permissions"),
        ("<Expiry>2036", "<Expiry>2046", "expiry"),
        ("<Start>2026", "<Start>2025", "start"),
    ],
)
def test_a_policy_that_was_changed_is_seen_and_put_back(
    azure: AzureStorage, call: Call, ours: str, theirs: str, change: str
) -> None:
    made = HANDLER.create(call, checked())
    right = azure.containers["lake"].body
    azure.containers["lake"].body = right.replace(ours, theirs)
    found = HANDLER.read(call, made.id, checked(), made.properties)
    assert found is not None
    diff = HANDLER.diff(found.inputs, found.properties, checked())
    assert (set(diff.changes), set(diff.replaces)) == ({change}, set())
    HANDLER.update(call, made.id, found.properties, checked())
    assert azure.containers["lake"].body == right


def test_what_is_gone_already_is_deleted(azure: AzureStorage, call: Call) -> None:
    made = HANDLER.create(call, checked())
    azure.containers.clear()
    HANDLER.begin()
    HANDLER.delete(call, made.id, checked(), made.properties)
    assert HANDLER.read(call, made.id, checked(), made.properties) is None


def test_a_key_that_was_changed_behind_our_back_does_not_wedge_the_run(
    azure: AzureStorage, call: Call, told: list[str]
) -> None:
    made = HANDLER.create(call, checked())
    azure.now, azure.refusal = datetime.now(UTC), (403, "AuthenticationFailed", "Server failed to authenticate.")
    found = HANDLER.read(call, made.id, checked(), made.properties)
    assert found is not None
    assert "signs it anew" in told[0]
    HANDLER.begin()
    HANDLER.delete(call, made.id, checked(), made.properties)
    assert "died with the account key" in told[1]


def test_other_refusals_do_not_pass_for_a_deletion(azure: AzureStorage, call: Call) -> None:
    made = HANDLER.create(call, checked())
    azure.refusal = (403, "AuthorizationFailure", "This request is not authorized.")
    HANDLER.begin()
    with pytest.raises(AzureError, match="network rules"):
        HANDLER.delete(call, made.id, checked(), made.properties)


def test_it_cannot_be_imported(call: Call) -> None:
    with pytest.raises(RequestRefusedError, match="cannot be imported"):
        HANDLER.read(call, "acmephotos/lake/p", {}, {})


def test_a_preview_knows_all_but_the_token() -> None:
    planned = HANDLER.planned(checked(), None)
    assert planned["permissions"] == "rl"
    assert plain(planned["sasToken"]) is UNKNOWN
    assert isinstance(planned["accountKey"], SecretValue)
    assert planned["policy"] is UNKNOWN, "what it is called in Azure"
    assert HANDLER.planned(checked(), {"policy": "as-it-was-made"})["policy"] == "as-it-was-made"
    assert HANDLER.planned(checked(**DELEGATED), None)["policy"] == GIVEN["policy"], "which is in no cloud"


@pytest.mark.parametrize(
    ("spoiled", "where"),
    [
        ({"accountName": "Acme"}, "accountName"),
        ({"accountKey": "no base64!"}, "accountKey"),
        ({"accountKey": None}, "accountKey"),
        ({"endpoint": "http://acmephotos.blob.core.windows.net/"}, "endpoint"),
        ({"endpoint": "ftp://x"}, "endpoint"),
        ({"container": "Lake"}, "container"),
        ({"directory": "cows"}, "directory"),
        ({"directory": "../cows/"}, "directory"),
        ({"hierarchical": "yes"}, "hierarchical"),
        ({"purpose": "OUTPUT"}, "purpose"),
        ({"policy": "x" * 65}, "policy"),
        ({"policy": "a b"}, "policy"),
        ({"method": "account_sas"}, "method"),
        ({"start": "2026-11-20"}, "start"),
        ({"expiry": "2026-01-01T00:00:00Z"}, "expiry"),
        ({"method": "user_delegation"}, "accountKey"),
        ({"method": "user_delegation", "accountKey": None}, "expiry"),
    ],
)
def test_every_fault_is_said_by_its_place(spoiled: dict[str, Value], where: str) -> None:
    found = faults(**spoiled)
    assert where in found
    assert "no base64!" not in str(found)


class Login:
    def __init__(self, **client: object) -> None: ...

    def get_token(self, *scopes: str, **kwargs: object) -> AccessToken:
        return AccessToken("the-token-of-the-deployer", int(datetime.now(UTC).timestamp()) + 3600)


DELEGATED: dict[str, Value] = {
    "method": "user_delegation", "accountKey": None, "start": "2026-11-20T23:00:00Z", "expiry": "2026-11-27T23:00:00Z",
}  # fmt: skip


def test_a_user_delegation_sas_is_signed_with_azures_key_and_says_that_it_cannot_be_revoked(
    monkeypatch: pytest.MonkeyPatch, call: Call, told: list[str], azure: AzureStorage
) -> None:
    asked: list[tuple[datetime, datetime]] = []

    def key_of_azure(self: object, start: datetime, expiry: datetime) -> UserDelegationKey:
        asked.append((start, expiry))
        key = UserDelegationKey()  # type: ignore[no-untyped-call]  # of the SDK
        key.signed_oid, key.signed_tid, key.signed_service, key.signed_version = "o", "t", "b", "2026-04-06"
        key.signed_start, key.signed_expiry, key.value = "2026-11-20T23:00:00Z", "2026-11-27T23:00:00Z", KEY
        return key

    monkeypatch.setattr("azure.storage.blob.BlobServiceClient.get_user_delegation_key", key_of_azure)
    monkeypatch.setattr("azure.identity.DefaultAzureCredential", Login)
    made = HANDLER.create(call, checked(**DELEGATED))
    said = parse_qs(str(plain(made.properties["sasToken"])))
    assert (said["sp"], said["se"], said["spr"]) == (["rl"], ["2026-11-27T23:00:00Z"], ["https"])
    assert "si" not in said
    assert asked[0][1] - asked[0][0] == timedelta(days=7)
    assert azure.seen == []
    HANDLER.begin()
    HANDLER.delete(call, made.id, checked(**DELEGATED), made.properties)
    assert "cannot be revoked alone" in told[0]


def test_a_user_delegation_sas_whose_time_is_over_is_gone(call: Call) -> None:
    lasting = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    state: Properties = {"sasToken": SecretValue("x")}
    begun = (datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    now = checked(**{**DELEGATED, "start": begun, "expiry": lasting})
    past = checked(**{**DELEGATED, "start": "2020-01-01T00:00:00Z", "expiry": "2020-01-02T00:00:00Z"})
    assert HANDLER.read(call, "id", now, state) is not None
    assert HANDLER.read(call, "id", past, state) is None


def test_without_a_login_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    from azure.identity import CredentialUnavailableError

    class NoLoginError:
        def __init__(self, **client: object) -> None: ...

        def get_token(self, *scopes: str, **kwargs: object) -> None:
            raise CredentialUnavailableError("DefaultAzureCredential failed to retrieve a token.\nAttempted: ...")

    monkeypatch.setattr("azure.identity.DefaultAzureCredential", NoLoginError)
    with pytest.raises(AzureError, match=r"failed to retrieve a token\.\nhint: log in") as failed:
        HANDLER.create(call, checked(**DELEGATED))
    assert "Attempted" not in str(failed.value)
