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

from tests.lightly_sandbox.kinds.azure.emulator.world import CONTAINER, Azure, World

HANDLER = AzureSasHandler()
NAME = "0123456789abcdef"


def no_lightly() -> LightlyApi:
    raise AssertionError("Lightly is not asked")


CALL = Call(api=no_lightly)


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def news(world: World, purpose: Purpose, **more: Value) -> Properties:
    hierarchical = bool(world.azure.made("GET", world.path)["properties"].get("isHnsEnabled"))
    now = datetime.now(UTC)
    inputs: dict[str, Value] = {
        "accountName": world.name,
        "accountKey": world.keys[0],
        "endpoint": world.url,
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


def probe_credential(world: World, made: Made) -> Findings:
    token = Secret(str(plain(made.properties["sasToken"])))
    target = SasTarget(world.name, CONTAINER, "cows/", token, world.url)
    return probe({Purpose.INPUT: target}, NAME)[Purpose.INPUT]


def can(found: Findings) -> dict[Capability, bool | None]:
    return {capability: answer.can for capability, answer in found.answers.items()}


def stored(world: World) -> set[str]:
    return {it.id for it in world.owner().get_container_access_policy()["signed_identifiers"]}


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_can_exactly_what_its_purpose_needs_and_the_probe_leaves_nothing_behind(
    world: World, purpose: Purpose
) -> None:
    before = {it.name for it in world.owner().list_blobs()}
    found = probe_credential(world, HANDLER.create(CALL, news(world, purpose)))
    assert (can(found), found.beyond, found.left) == (expected(purpose), (), ())
    assert all(answer.can or answer.refused for answer in found.answers.values())
    assert {it.name for it in world.owner().list_blobs()} == before


def test_a_token_that_reaches_beside_its_directory_is_found_out(azure: Azure) -> None:
    """A token for the parent, registered for a directory in it."""
    world = azure.world(isHnsEnabled=True)
    world.owner().upload_blob("herd/cows/a.jpg", b"data")
    token = Secret(world.directory_token("herd", "rwdl", protocol="https"))
    target = SasTarget(world.name, CONTAINER, "herd/cows/", token, world.url)
    found = probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]
    assert set(found.beyond) == {"list", "read", "write", "delete"}


@pytest.mark.parametrize(
    ("permission", "lost"), [("wdl", {"read"}), ("rwd", {"list"}), ("rdl", {"write", "overwrite"})]
)
def test_what_is_missing_is_found_out(world: World, permission: str, lost: set[str]) -> None:
    target = SasTarget(world.name, CONTAINER, "cows/", Secret(world.token(permission)), world.url)
    found = probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]
    assert {str(it) for it, answer in found.answers.items() if not answer.can} == lost


def test_what_may_not_be_deleted_stays_and_is_named(world: World) -> None:
    target = SasTarget(world.name, CONTAINER, "cows/", Secret(world.token("rwl")), world.url)
    found = probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]
    assert found.left == (f"azure://{world.name}/{CONTAINER}/cows/.lightly/probe-{NAME}",)


def test_create_without_write_cannot_overwrite(world: World) -> None:
    target = SasTarget(world.name, CONTAINER, "cows/", Secret(world.token("rcdl")), world.url)
    found = probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]
    assert found.answers[Capability.OVERWRITE].can is False


def test_an_empty_directory_with_a_space_and_a_percent_can_be_probed(azure: Azure) -> None:
    world = azure.world(isHnsEnabled=True)
    made = HANDLER.create(CALL, news(world, Purpose.LIGHTLY, directory="a b+c/50%25/"))
    token = Secret(str(plain(made.properties["sasToken"])))
    target = SasTarget(world.name, CONTAINER, "a b+c/50%25/", token, world.url)
    found = probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]
    assert (can(found), found.left) == (expected(Purpose.LIGHTLY), ())


def test_no_account_key_of_the_environment_is_used(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", world.keys[0])
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", world.name)
    found = probe_credential(world, HANDLER.create(CALL, news(world, Purpose.INPUT)))
    assert can(found) == expected(Purpose.INPUT)


def test_rotation_keeps_the_old_token_alive_until_it_is_deleted_and_dead_afterwards(world: World) -> None:
    old, new = news(world, Purpose.LIGHTLY), news(world, Purpose.LIGHTLY, policy="cows-lightly-22222222")
    first = HANDLER.create(CALL, old)
    second = HANDLER.create(CALL, new)
    assert all(can(probe_credential(world, made)) == expected(Purpose.LIGHTLY) for made in (first, second))
    HANDLER.delete(CALL, first.id, old, first.properties)
    dead = probe_credential(world, first)
    assert {answer.code for answer in dead.answers.values() if answer.code} == {"AuthenticationFailed"}
    assert not any(can(dead).values())
    assert can(probe_credential(world, second)) == expected(Purpose.LIGHTLY)


def test_a_policy_that_was_dropped_or_changed_behind_our_back_is_seen_and_put_right(world: World) -> None:
    inputs = news(world, Purpose.INPUT)
    made = HANDLER.create(CALL, inputs)
    found = HANDLER.read(CALL, made.id, inputs, made.properties)
    assert found is not None
    assert not HANDLER.diff(found.inputs, found.properties, inputs).changes
    world.owner().set_container_access_policy(
        {"cows-input-11111111": world.policy("racwdl"), "theirs": world.policy("r")}
    )
    found = HANDLER.read(CALL, made.id, inputs, made.properties)
    assert found is not None
    assert HANDLER.diff(found.inputs, found.properties, inputs).changes >= {"permissions", "expiry"}
    HANDLER.update(CALL, made.id, found.properties, inputs)
    assert can(probe_credential(world, made)) == expected(Purpose.INPUT)
    assert stored(world) == {"cows-input-11111111", "theirs"}
    world.policies()
    assert HANDLER.read(CALL, made.id, inputs, made.properties) is None


def test_a_new_account_key_signs_anew_and_the_old_token_is_dead(world: World) -> None:
    inputs = news(world, Purpose.INPUT)
    made = HANDLER.create(CALL, inputs)
    body = {"keyName": "key1"}
    keys = world.azure.made("POST", f"{world.path}/regenerateKey", body)["keys"]
    world.keys = [it["value"] for it in keys]
    told: list[str] = []
    call = Call(api=no_lightly, tell=told.append)
    assert HANDLER.read(call, made.id, inputs, made.properties) is not None
    assert "signs it anew" in told[0]
    anew = news(world, Purpose.INPUT)
    after = Made(made.id, HANDLER.update(CALL, made.id, made.properties, anew))
    assert not any(can(probe_credential(world, made)).values())
    assert can(probe_credential(world, after)) == expected(Purpose.INPUT)


def test_what_is_gone_already_is_deleted(world: World) -> None:
    inputs = news(world, Purpose.INPUT)
    made = HANDLER.create(CALL, inputs)
    world.owner().delete_container()
    assert HANDLER.read(CALL, made.id, inputs, made.properties) is None
    HANDLER.delete(CALL, made.id, inputs, made.properties)


def test_the_sixth_policy_is_refused_by_name(world: World) -> None:
    world.owner().set_container_access_policy({name: world.policy() for name in "abcde"})
    with pytest.raises(RequestRefusedError, match="a, b, c, d, e"):
        HANDLER.create(CALL, news(world, Purpose.INPUT))
    assert stored(world) == set("abcde")


def test_an_account_that_forbids_its_keys_is_explained(azure: Azure) -> None:
    world = azure.world()
    inputs = news(world, Purpose.INPUT)
    azure.made("PATCH", world.path, {"properties": {"allowSharedKeyAccess": False}})
    with pytest.raises(AzureError, match=r"(?s)KeyBasedAuthenticationNotPermitted.*user_delegation") as refused:
        HANDLER.create(CALL, inputs)
    assert world.keys[0] not in str(refused.value)


def test_five_make_their_policies_at_once(azure: Azure) -> None:
    world = azure.world()
    inputs = [news(world, Purpose.INPUT, policy=f"cows-{number}-1") for number in range(5)]
    threads = [threading.Thread(target=HANDLER.create, args=(CALL, it)) for it in inputs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert stored(world) == {f"cows-{number}-1" for number in range(5)}


def test_a_user_delegation_sas_works_without_an_account_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in world.azure.announcement["identity"].items():
        monkeypatch.setenv(name, value)
    start = datetime.now(UTC) - timedelta(hours=1)
    more: dict[str, Any] = {"start": text(start), "expiry": text(start + timedelta(days=7)), "accountKey": None}
    inputs = news(world, Purpose.LIGHTLY, method="user_delegation", **more)
    made = HANDLER.create(CALL, inputs)
    found = probe_credential(world, made)
    assert (can(found), found.beyond) == (expected(Purpose.LIGHTLY), ())
    assert stored(world) == set()


def test_a_container_that_is_not_there_is_named(azure: Azure) -> None:
    world = azure.world()
    with pytest.raises(AzureError, match=r"container .*/nowhere: Azure answered 404 \(ContainerNotFound") as refused:
        Container(world.name, Secret(world.keys[0]), world.url, "nowhere", lambda seconds: None).policy("x")
    assert refused.value.gone
