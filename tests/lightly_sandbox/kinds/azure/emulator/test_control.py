"""Faults on demand, the count of calls, and who may ask for them."""

import time
from collections.abc import Callable
from typing import Any

from tests.lightly_sandbox.kinds.azure.emulator.azure import (
    ALLOWED,
    Azure,
    StorageAccount,
    attempt,
    deleting,
    listing,
    reading,
)

Faults = Callable[..., None]


def test_calls_are_counted_by_principal_and_action(azure: Azure, account: StorageAccount) -> None:
    account.policies(one=account.policy())
    before: dict[str, Any] = azure.control("GET", "/calls")
    attempt(reading(account.guest(account.token(policy_id="one"))))
    attempt(deleting(account.guest(account.token(policy_id="one")), "cows/a.jpg"))
    attempt(reading(account.guest(account.token("r"))))
    attempt(reading(account.guest(account.token("r").replace("sp=r", "sp=rw"))))
    attempt(reading(account.guest(None)))
    azure.made("GET", account.path)
    account.policies()
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


def test_a_call_fails_as_often_as_asked(azure: Azure, account: StorageAccount, faults: Faults) -> None:
    faults(
        {"action": "ListBlobs", "status": 403, "code": "AuthorizationFailure", "times": 1},
        {"action": "Microsoft.Storage/storageAccounts/listKeys/action", "times": 1},
    )
    assert [attempt(listing(account.owner())) for _ in range(2)] == ["AuthorizationFailure", ALLOWED]
    assert [azure.arm("POST", f"{account.path}/listKeys")[0] for _ in range(2)] == [503, 200]


def test_every_call_takes_its_latency(account: StorageAccount, faults: Faults) -> None:
    faults({"latency_ms": 300})
    start = time.monotonic()
    assert attempt(reading(account.owner())) == ALLOWED
    assert time.monotonic() - start >= 0.3


def test_a_batch_is_decided_part_by_part(azure: Azure, account: StorageAccount) -> None:
    account.owner().upload_blob("x/one", b"data", overwrite=True)
    guest = account.guest(account.token("d"))
    answers = list(guest.delete_blobs("x/one", "x/none", raise_on_any_failure=False))
    assert [answer.status_code for answer in answers] == [202, 404]
    account.owner().upload_blob("x/one", b"data")
    refused = account.guest(account.token("rl")).delete_blobs("x/one", raise_on_any_failure=False)
    assert [entry.status_code for entry in refused] == [403]
    assert account.owner().get_blob_client("x/one").exists()


def test_a_connection_that_rested_still_works(account: StorageAccount) -> None:
    owner = account.owner()
    assert attempt(reading(owner)) == ALLOWED
    time.sleep(6.5)  # Node closes connections that rested for five seconds
    assert attempt(reading(owner)) == ALLOWED
