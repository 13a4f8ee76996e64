"""Faults on demand, the count of calls, and who may ask for them."""

import time
from collections.abc import Callable
from typing import Any

from tests.lightly_sandbox.kinds.azure.emulator.world import ALLOWED, Azure, World, attempt, deleting, listing, reading

Faults = Callable[..., None]


def test_calls_are_counted_by_principal_and_action(azure: Azure, world: World) -> None:
    world.policies(one=world.policy())
    before: dict[str, Any] = azure.control("GET", "/calls")
    attempt(reading(world.guest(world.token(policy_id="one"))))
    attempt(deleting(world.guest(world.token(policy_id="one")), "cows/a.jpg"))
    attempt(reading(world.guest(world.token("r"))))
    attempt(reading(world.guest(world.token("r").replace("sp=r", "sp=rw"))))
    attempt(reading(world.guest(None)))
    azure.made("GET", world.path)
    world.policies()
    after = azure.control("GET", "/calls")

    def more(table: str, name: str) -> int:
        return int(after[table].get(name, 0) - before[table].get(name, 0))

    assert more("by_principal", "sas:lake/one") == 2  # known, and refused one of them
    assert more("by_principal", "sas:lake/no-policy") == 1
    assert more("by_principal", "unauthenticated") == 2
    assert more("by_principal", "deployer") == 2
    assert more("by_action", "GetBlob") == 4
    assert more("by_action", "DeleteBlob") == 1
    assert more("by_action", "Microsoft.Storage/storageAccounts/read") == 1
    assert after["total"] == sum(after["by_principal"].values()) == sum(after["by_action"].values())


def test_a_call_fails_as_often_as_asked(azure: Azure, world: World, faults: Faults) -> None:
    faults(
        {"action": "ListBlobs", "status": 403, "code": "AuthorizationFailure", "times": 1},
        {"action": "Microsoft.Storage/storageAccounts/listKeys/action", "times": 1},
    )
    assert [attempt(listing(world.owner())) for _ in range(2)] == ["AuthorizationFailure", ALLOWED]
    assert [azure.arm("POST", f"{world.path}/listKeys")[0] for _ in range(2)] == [503, 200]


def test_every_call_takes_its_latency(world: World, faults: Faults) -> None:
    faults({"latency_ms": 300})
    start = time.monotonic()
    assert attempt(reading(world.owner())) == ALLOWED
    assert time.monotonic() - start >= 0.3


def test_a_batch_is_decided_part_by_part(azure: Azure, world: World) -> None:
    world.owner().upload_blob("x/one", b"data", overwrite=True)
    guest = world.guest(world.token("d"))
    answers = list(guest.delete_blobs("x/one", "x/none", raise_on_any_failure=False))
    assert [it.status_code for it in answers] == [202, 404]
    world.owner().upload_blob("x/one", b"data")
    refused = world.guest(world.token("rl")).delete_blobs("x/one", raise_on_any_failure=False)
    assert [it.status_code for it in refused] == [403]
    assert world.owner().get_blob_client("x/one").exists()


def test_a_connection_that_rested_still_works(world: World) -> None:
    owner = world.owner()
    assert attempt(reading(owner)) == ALLOWED
    time.sleep(6.5)  # Node closes connections that rested for five seconds
    assert attempt(reading(owner)) == ALLOWED
