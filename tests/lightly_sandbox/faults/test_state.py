"""What the state has of a dataset: each secret once where it may be, and what an earlier version wrote is no change."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from lightly_sandbox.deployer import State

from tests.bench.state_size import ciphertexts
from tests.lightly_sandbox.faults.chain import Chain

OURS = "lightly:index:"


def resources(state: State) -> Iterator[dict[str, Any]]:
    yield from state["deployment"]["resources"]


def as_before(state: State) -> State:
    """As version 0.1 wrote it: every input that is no key is an output, and every light has a cause, if only null."""
    for each in resources(state):
        if each["type"].startswith(OURS):
            each["outputs"] = {**each.get("inputs", {}), **each["outputs"]}
        if each["type"] == f"{OURS}Datasource":
            each["additionalSecretOutputs"] = ["externalId", "secretAccessKey", "sasToken", "credentials"]
        if each["type"] == f"{OURS}Verification":
            del each["outputs"]["credentials"]
            for light in (light for row in each["outputs"]["lights"].values() for light in row.values()):
                light.update(cause=None, fix=None, runbook=None)
    return state


def secrets(state: State) -> Counter[str]:
    """Type -> ciphertexts."""
    found = Counter[str]()
    for each in resources(state):
        found[each["type"]] += ciphertexts(each)
    return +found


def test_a_dataset_has_as_few_secrets_as_its_resources_need(chain: Callable[..., Chain]) -> None:
    cows = chain()
    cows.must(cows.up())
    assert secrets(cows.stack().state()) == {
        "aws:iam/role:Role": 2,  # its trust policy, which the provider puts out again
        "aws:iam/accessKey:AccessKey": 2,
        f"{OURS}ExternalId": 1,
        f"{OURS}Datasource": 2,  # of its two, the one that each is registered with
        f"{OURS}Verification": 1,
    }
    cows.must(cows.stack().destroy())


def test_what_an_earlier_version_wrote_is_refreshed_deployed_and_destroyed_as_if_it_were_ours(
    chain: Callable[..., Chain],
) -> None:
    cows = chain()
    cows.must(cows.up())
    ours, usual = secrets(cows.stack().state()), cows.must(cows.stack().refresh()).changes
    cows.stack().take(as_before(cows.stack().state()))
    assert secrets(cows.stack().state()) == {**ours, f"{OURS}Datasource": 4}
    assert cows.must(cows.up()).unchanged
    assert cows.must(cows.stack().refresh()).changes == usual
    assert secrets(cows.stack().state()) == ours
    assert cows.must(cows.up()).unchanged
    cows.stack().take(as_before(cows.stack().state()))
    cows.lightly["rotate_now"] = "now"
    rotated = cows.must(cows.up())
    assert (rotated.replaced, rotated.created) == (1, 0)
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left()
