"""Handler and probe over the local Azure: tokens that do what they are for, policies that revoke them."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lightly_access.kinds.azure.probe import SasTarget
from lightly_access.kinds.azure.storage_api.errors import AzureError
from lightly_access.kinds.azure.storage_api.policies import Container
from lightly_api.client import LightlyApi
from lightly_api.errors import RequestRefusedError
from lightly_core.capability import Capability, Purpose, expected
from lightly_core.pulumi_values import Properties, Value, plain
from lightly_core.secret import Secret
from lightly_provider.handlers.azure_sas import AzureSasHandler
from lightly_provider.handlers.handler import Call, Made
from lightly_provider.verification.probe import Findings, probe

from tests.lightly_sandbox.kinds.azure.emulator.azure import CONTAINER, Azure, StorageAccount

HANDLER = AzureSasHandler()
NAME = "0123456789abcdef"


def no_lightly() -> LightlyApi:
    raise AssertionError("Lightly is not asked")


CALL = Call(api=no_lightly)


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def news(account: StorageAccount, purpose: Purpose, **more: Value) -> Properties:
    hierarchical = bool(account.azure.made("GET", account.path)["properties"].get("isHnsEnabled"))
    now = datetime.now(UTC)
    inputs: dict[str, Value] = {
        "accountName": account.name,
        "accountKey": account.keys[0],
        "endpoint": account.url,
        "container": CONTAINER,
        "directory": "cows/",
        "hierarchical": hierarchical,
        "purpose": str(purpose),
        "policy": f"cows-{purpose.lower()}-11111111",
        "method": "stored_policy",
        "start": text(now - timedelta(hours=1)),
        "expiry": text(now + timedelta(days=90)),
    }
    checked = HANDLER.check({k: v for k, v in {**inputs, **more}.items() if v is not None})
    assert not checked.failures, checked.failures
    return checked.inputs


def probe_credential(account: StorageAccount, made: Made) -> Findings:
    token = Secret(str(plain(made.properties["sasToken"])))
    target = SasTarget(account.name, CONTAINER, "cows/", token, account.url)
    return probe({Purpose.INPUT: target}, NAME)[Purpose.INPUT]


def can(found: Findings) -> dict[Capability, bool | None]:
    return {capability: answer.can for capability, answer in found.answers.items()}


def stored(account: StorageAccount) -> set[str]:
    return {
        signed_identifier.id
        for signed_identifier in account.owner().get_container_access_policy()["signed_identifiers"]
    }


def policy_of(made: Made) -> str:
    return str(made.properties["policy"])


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_can_exactly_what_its_purpose_needs_and_the_probe_leaves_nothing_behind(
    account: StorageAccount, purpose: Purpose
) -> None:
    before = {blob.name for blob in account.owner().list_blobs()}
    found = probe_credential(account, HANDLER.create(CALL, news(account, purpose)))
    assert (can(found), found.beyond, found.left) == (expected(purpose), (), ())
    assert all(answer.can or answer.refused for answer in found.answers.values())
    assert {blob.name for blob in account.owner().list_blobs()} == before


def test_a_token_that_reaches_beside_its_directory_is_found_out(azure: Azure) -> None:
    """A token for the parent, registered for a directory in it."""
    account = azure.storage_account(isHnsEnabled=True)
    account.owner().upload_blob("herd/cows/a.jpg", b"data")
    token = Secret(account.directory_token("herd", "rwdl", protocol="https"))
    target = SasTarget(account.name, CONTAINER, "herd/cows/", token, account.url)
    found = probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]
    assert set(found.beyond) == {"list", "read", "write", "delete"}


@pytest.mark.parametrize(
    ("permission", "lost"), [("wdl", {"read"}), ("rwd", {"list"}), ("rdl", {"write", "overwrite"})]
)
def test_what_is_missing_is_found_out(account: StorageAccount, permission: str, lost: set[str]) -> None:
    target = SasTarget(account.name, CONTAINER, "cows/", Secret(account.token(permission)), account.url)
    found = probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]
    assert {str(capability) for capability, answer in found.answers.items() if not answer.can} == lost


def test_what_may_not_be_deleted_stays_and_is_named(account: StorageAccount) -> None:
    target = SasTarget(account.name, CONTAINER, "cows/", Secret(account.token("rwl")), account.url)
    found = probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]
    assert found.left == (f"azure://{account.name}/{CONTAINER}/cows/.lightly/probe-{NAME}",)


def test_create_without_write_cannot_overwrite(account: StorageAccount) -> None:
    target = SasTarget(account.name, CONTAINER, "cows/", Secret(account.token("rcdl")), account.url)
    found = probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]
    assert found.answers[Capability.OVERWRITE].can is False


def test_an_empty_directory_with_a_space_and_a_percent_can_be_probed(azure: Azure) -> None:
    account = azure.storage_account(isHnsEnabled=True)
    made = HANDLER.create(CALL, news(account, Purpose.LIGHTLY, directory="a b+c/50%25/"))
    token = Secret(str(plain(made.properties["sasToken"])))
    target = SasTarget(account.name, CONTAINER, "a b+c/50%25/", token, account.url)
    found = probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]
    assert (can(found), found.left) == (expected(Purpose.LIGHTLY), ())


def test_no_account_key_of_the_environment_is_used(account: StorageAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", account.keys[0])
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", account.name)
    found = probe_credential(account, HANDLER.create(CALL, news(account, Purpose.INPUT)))
    assert can(found) == expected(Purpose.INPUT)


def test_rotation_keeps_the_old_token_alive_until_it_is_deleted_and_dead_afterwards(account: StorageAccount) -> None:
    old, new = news(account, Purpose.LIGHTLY), news(account, Purpose.LIGHTLY, policy="cows-lightly-22222222")
    first = HANDLER.create(CALL, old)
    second = HANDLER.create(CALL, new)
    assert all(can(probe_credential(account, made)) == expected(Purpose.LIGHTLY) for made in (first, second))
    HANDLER.begin()
    HANDLER.delete(CALL, first.id, old, first.properties)
    dead = probe_credential(account, first)
    assert {answer.code for answer in dead.answers.values() if answer.code} == {"AuthenticationFailed"}
    assert not any(can(dead).values())
    assert can(probe_credential(account, second)) == expected(Purpose.LIGHTLY)


def test_a_token_that_was_ended_stays_dead_when_the_same_is_asked_for_again(account: StorageAccount) -> None:
    """Its signature would be the same under the same id: `rotate_now` taken out, a dataset removed and added again."""
    inputs = news(account, Purpose.INPUT)
    leaked = HANDLER.create(CALL, inputs)
    HANDLER.begin()
    HANDLER.delete(CALL, leaked.id, inputs, leaked.properties)
    again = HANDLER.create(CALL, inputs)
    assert can(probe_credential(account, again)) == expected(Purpose.INPUT)
    assert not any(can(probe_credential(account, leaked)).values())


def test_a_policy_that_was_dropped_or_changed_behind_our_back_is_seen_and_put_right(account: StorageAccount) -> None:
    inputs = news(account, Purpose.INPUT)
    made = HANDLER.create(CALL, inputs)
    found = HANDLER.read(CALL, made.id, inputs, made.properties)
    assert found is not None
    assert not HANDLER.diff(found.inputs, found.properties, inputs).changes
    account.owner().set_container_access_policy(
        {policy_of(made): account.policy("racwdl"), "theirs": account.policy("r")}
    )
    found = HANDLER.read(CALL, made.id, inputs, made.properties)
    assert found is not None
    assert HANDLER.diff(found.inputs, found.properties, inputs).changes >= {"permissions", "expiry"}
    HANDLER.update(CALL, made.id, found.properties, inputs)
    assert can(probe_credential(account, made)) == expected(Purpose.INPUT)
    assert stored(account) == {policy_of(made), "theirs"}
    account.policies()
    assert HANDLER.read(CALL, made.id, inputs, made.properties) is None


def test_a_new_account_key_signs_anew_and_the_old_token_is_dead(account: StorageAccount) -> None:
    inputs = news(account, Purpose.INPUT)
    made = HANDLER.create(CALL, inputs)
    body = {"keyName": "key1"}
    keys = account.azure.made("POST", f"{account.path}/regenerateKey", body)["keys"]
    account.keys = [key["value"] for key in keys]
    told: list[str] = []
    call = Call(api=no_lightly, tell=told.append)
    assert HANDLER.read(call, made.id, inputs, made.properties) is not None
    assert "signs it anew" in told[0]
    anew = news(account, Purpose.INPUT)
    after = Made(made.id, HANDLER.update(CALL, made.id, made.properties, anew))
    assert not any(can(probe_credential(account, made)).values())
    assert can(probe_credential(account, after)) == expected(Purpose.INPUT)


def test_what_is_gone_already_is_deleted(account: StorageAccount) -> None:
    inputs = news(account, Purpose.INPUT)
    made = HANDLER.create(CALL, inputs)
    account.owner().delete_container()
    assert HANDLER.read(CALL, made.id, inputs, made.properties) is None
    HANDLER.begin()
    HANDLER.delete(CALL, made.id, inputs, made.properties)


def test_the_sixth_policy_is_refused_by_name(account: StorageAccount) -> None:
    account.owner().set_container_access_policy({name: account.policy() for name in "abcde"})
    with pytest.raises(RequestRefusedError, match="a, b, c, d, e"):
        HANDLER.create(CALL, news(account, Purpose.INPUT))
    assert stored(account) == set("abcde")


def test_an_account_that_forbids_its_keys_is_explained(azure: Azure) -> None:
    account = azure.storage_account()
    inputs = news(account, Purpose.INPUT)
    azure.made("PATCH", account.path, {"properties": {"allowSharedKeyAccess": False}})
    with pytest.raises(AzureError, match=r"(?s)KeyBasedAuthenticationNotPermitted.*user_delegation") as refused:
        HANDLER.create(CALL, inputs)
    assert account.keys[0] not in str(refused.value)


def test_five_make_their_policies_at_once(azure: Azure) -> None:
    account = azure.storage_account()
    inputs = [news(account, Purpose.INPUT, policy=f"cows-{number}-1") for number in range(5)]
    threads = [threading.Thread(target=HANDLER.create, args=(CALL, item)) for item in inputs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {name.rpartition("-")[0] for name in stored(account)} == {f"cows-{number}-1" for number in range(5)}


def test_a_user_delegation_sas_works_without_an_account_key(
    account: StorageAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in account.azure.announcement["identity"].items():
        monkeypatch.setenv(name, value)
    start = datetime.now(UTC) - timedelta(hours=1)
    more: dict[str, Any] = {"start": text(start), "expiry": text(start + timedelta(days=7)), "accountKey": None}
    inputs = news(account, Purpose.LIGHTLY, method="user_delegation", **more)
    made = HANDLER.create(CALL, inputs)
    found = probe_credential(account, made)
    assert (can(found), found.beyond) == (expected(Purpose.LIGHTLY), ())
    assert stored(account) == set()


def test_a_container_that_is_not_there_is_named(azure: Azure) -> None:
    account = azure.storage_account()
    with pytest.raises(AzureError, match=r"container .*/nowhere: Azure answered 404 \(ContainerNotFound") as refused:
        Container(account.name, Secret(account.keys[0]), account.url, "nowhere", lambda seconds: None).policy("x")
    assert refused.value.gone
