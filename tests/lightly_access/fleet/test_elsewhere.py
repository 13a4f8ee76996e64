"""A dataset that another stack has: no run of any shard ends its access, or makes it a second time."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.deployed.gone import gone
from lightly_access.deployed.stack import DeployedDataset, DeployedStack
from lightly_access.fleet.elsewhere import deployed_keys, misplaced
from lightly_access.manifest import Manifest
from lightly_access.tables.shard import Shard, shard_of

LAKE = {"kind": "s3", "bucket": "acme-lake", "region": "eu-central-1"}


def manifest(keys: Mapping[str, list[str]], shard: str) -> Manifest:
    """Datasets, by their keys and those of before."""
    datasets = {
        key: {
            "type": "images",
            "aliases": aliases,
            "input": {"store": "lake", "path": f"{key}/", "access": "delegated"},
            "lightly": {"store": "lake", "path": f"lightly/{key}/", "access": "delegated"},
        }
        for key, aliases in keys.items()
    }
    return Manifest.parse({"stores": {"lake": LAKE}, "datasets": datasets, "shard": shard})


KEYS = st.lists(st.from_regex("[a-z]{3,6}", fullmatch=True), min_size=1, max_size=8, unique=True)
COUNTS = st.tuples(st.integers(1, 6), st.integers(1, 6)) | st.integers(1, 6).map(lambda count: (count, 2 * count))


def stacks(keys: list[str], count: int) -> dict[str, set[str]]:
    """What each stack has; of no shards there is one."""
    if count == 0:
        return {"prod": set(keys)}
    return {
        Shard(number, count).stack("prod"): {key for key in keys if shard_of(key, count) == number}
        for number in range(1, count + 1)
    }


def outputs(deployed: Mapping[str, set[str]]) -> Any:
    return lambda stack: {"details": {key: {} for key in deployed[stack]}} if stack in deployed else {}


@given(KEYS, COUNTS)
def test_with_another_number_of_shards_no_stack_lets_go_of_what_it_has(
    keys: list[str], counts: tuple[int, int]
) -> None:
    before, after = counts
    deployed = stacks(keys, before)
    for number in range(1, after + 1):
        shard = Shard(number, after)
        here = deployed.get(shard.stack("prod"), set())
        found = {
            p.path[1] for p in misplaced(manifest({key: [] for key in keys}, str(shard)), shard.stack("prod"), here)
        }
        assert found == {key for key in here if not shard.holds(key)}
        assert bool(found) is (here != {key for key in here if shard.holds(key)})


@given(KEYS, st.integers(0, 6), st.integers(1, 6))
def test_with_another_number_of_shards_nothing_is_made_a_second_time(keys: list[str], before: int, after: int) -> None:
    deployed = stacks(keys, before)
    for number in range(1, after + 1):
        shard = Shard(number, after)
        stack, mine = shard.stack("prod"), {key for key in keys if shard.holds(key)}
        wanted = manifest({key: [] for key in keys}, str(shard))
        wrong = {each.path[1] for each in misplaced(wanted, stack, deployed.get(stack, ()), outputs(deployed))}
        assert wrong == mine ^ deployed.get(stack, set()), "what another stack has is not made, and what is here stays"


@given(st.from_regex("[a-z]{3,6}", fullmatch=True), st.from_regex("[A-Z]{3,6}", fullmatch=True), st.integers(1, 6))
def test_a_key_whose_hash_is_another_one_is_moved_first(old: str, new: str, count: int) -> None:
    deployed = stacks([old], count)
    before, after = Shard(shard_of(old, count), count), Shard(shard_of(new, count), count)
    for shard in {before, after}:
        stack = shard.stack("prod")
        found = list(misplaced(manifest({new: [old]}, str(shard)), stack, deployed[stack], outputs(deployed)))
        assert bool(found) is (before != after)
        for problem in found:
            assert (
                f"deployed in stack {before.stack('prod')}, expected it in {after.stack('prod')}, by its hash"
                in str(problem)
            )
            assert "hint: lightly-access fleet settle prod" in str(problem)


def test_what_is_new_is_made_and_nobody_is_asked_of_what_is_here() -> None:
    cows = manifest({"cows": []}, f"{shard_of('cows', 4)}/4")
    stack = Shard(shard_of("cows", 4), 4).stack("prod")
    assert not list(misplaced(cows, stack, (), lambda other: {}))
    assert not list(misplaced(cows, stack, ["cows"], lambda other: pytest.fail("nobody need ask")))
    assert not list(misplaced(Manifest.parse({**cows.to_config(), "lightly-access:shard": None}), "prod", (), None))


def test_it_is_read_of_the_resources_also_after_a_run_that_failed() -> None:
    urn = "urn:pulumi:prod-shard-1::acme::lightly-access:index:LightlyDataset$lightly:index:Dataset::my cows-dataset"
    other = {"urn:pulumi:p::a::aws:s3/bucket:Bucket::x-dataset": {"type": "aws:s3/bucket:Bucket", "outputs": {}}}
    assert deployed_keys({urn: {"type": "lightly:index:Dataset", "outputs": {}}, **other}) == {"my cows"}


def test_a_check_against_what_is_deployed_says_it_offline() -> None:
    other = Shard(3 - shard_of("cows", 2), 2)
    stack = DeployedStack("acme", other.stack("prod"), None, (DeployedDataset("cows", "1", None, ()),))
    problems, _ = gone(manifest({"cows": []}, str(other)), stack)
    assert [problem.where for problem in problems] == ["datasets.cows"]
