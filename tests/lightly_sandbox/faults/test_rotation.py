"""Rotation under faults: there is always a key that Lightly can use."""

import time
from collections.abc import Callable

import pytest

from tests.lightly_sandbox.faults.chain import Chain


@pytest.fixture
def cows(chain: Callable[..., Chain]) -> Chain:
    """Deployed; the next deployment rotates."""
    cows = chain()
    cows.must(cows.up())
    cows.lightly["rotate_now"] = "now"
    return cows


POINTS = [
    ("update", "-lightly", "after"),
    ("delete", "-lightly-access-key", "before"),
    ("delete", "-lightly-access-key", "after"),
]


def test_killed_anywhere_it_leaves_a_key_that_works_and_the_next_run_finishes(cows: Chain) -> None:
    for deed, urn, when in POINTS:
        where = f"{deed} {urn} {when}"
        cows.lightly["rotate_now"] = where
        before = cows.access_keys()
        cows.killed("up", deed, f"::{cows.name}{urn}", when)
        assert all(cows.verify().values()), where
        cows.must(cows.up())
        assert all(cows.verify().values()), where
        assert len(cows.access_keys()) == 1, where
        assert cows.access_keys() != before, where
    assert cows.up().changes["replace"] == 0


def test_a_third_key_is_refused_before_anything_is_changed(cows: Chain) -> None:
    time.sleep(1)  # AWS tells when a key was made to the second, and the state knows ours by it
    cows.customer.iam.create_access_key(UserName=cows.user())
    before = cows.access_keys()
    puts = cows.calls("lightly")["put_datasource"]
    refused = cows.up()
    assert not refused.ok
    (hand_made,) = before - _in_state(cows)
    assert refused.says("AccessKeysPerUser", f"{cows.name}-lightly-access-key", "in use at Lightly")
    assert refused.says(f"aws iam delete-access-key --user-name {cows.user()} --access-key-id {hand_made}")
    assert cows.access_keys() == before
    assert cows.calls("lightly")["put_datasource"] == puts
    assert all(cows.verify().values())
    (old,) = [credential.identity for credential in cows.credentials() if credential.kind == "access key"]
    (stray,) = before - {old}
    cows.customer.iam.delete_access_key(UserName=cows.user(), AccessKeyId=stray)
    cows.must(cows.up())
    assert len(cows.access_keys()) == 1
    assert all(cows.verify().values())


def _in_state(cows: Chain) -> set[str]:
    return {credential.identity for credential in cows.credentials() if credential.kind == "access key"}


def test_a_verification_that_stays_red_keeps_the_old_key_run_after_run(cows: Chain) -> None:
    (old,) = cows.access_keys()
    no = {"canList": False, "canRead": False, "canWrite": False, "canOverwrite": False}
    cows.retry_policy["deadline"] = 1
    for _ in range(2):
        with cows.sandbox.faults(cows.sandbox.lightly, {"call": "verify", "answer": no}):
            assert not cows.up().ok
        assert old in cows.access_keys()
        assert len(cows.access_keys()) == 2
    cows.must(cows.up())
    assert old not in cows.access_keys()


def test_a_registration_that_fails_keeps_the_old_key(cows: Chain) -> None:
    before = cows.access_keys()
    with cows.sandbox.faults(cows.sandbox.lightly, {"call": "put_datasource", "status": 422}):
        assert not cows.up().ok
    assert before < cows.access_keys()
    assert all(cows.verify().values()), "Lightly still has the old one, and it works"
    cows.must(cows.up())
    assert len(cows.access_keys()) == 1
    assert not before & cows.access_keys()
