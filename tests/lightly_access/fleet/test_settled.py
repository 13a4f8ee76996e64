"""Each dataset comes to the stack of its shard, by the states alone, and is in some state whenever the machine dies."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lightly_access.fleet.settled import settled
from lightly_access.fleet.stacks import Fleet
from lightly_access.manifest import Manifest
from lightly_access.move.state import deployed_datasets
from lightly_access.tables.shard import shard_of

from tests.lightly_access.fleet.test_elsewhere import KEYS, manifest, stacks
from tests.lightly_access.move.test_state import DATASET, resource, root, state, urn


def deployed(stack: str, keys: set[str]) -> dict[str, Any]:
    """A state with these datasets, each with something that has an id."""
    made = [
        each
        for key in sorted(keys)
        for each in (
            resource(stack, DATASET, key),
            resource(stack, "lightly:index:Dataset", f"{key}-dataset", urn(stack, DATASET, key), id=f"of {key}"),
        )
    ]
    return state(root(stack), *made)


def ids(states: Any) -> set[str]:
    text = json.dumps(states)
    return {key for key in text.split('"') if key.startswith("of ")}


def whole(keys: list[str], shard: str = "1/1") -> Manifest:
    return manifest({key: [] for key in keys}, shard)


@given(KEYS, st.integers(1, 6), st.integers(1, 6), st.integers(0, 20))
def test_every_dataset_comes_to_its_shard_and_none_is_ever_in_no_state(
    keys: list[str], before: int, after: int, writes: int
) -> None:
    fleet = Fleet("prod", after)
    known = {stack: deployed(stack, held) for stack, held in stacks(keys, before).items()}
    known |= {stack: state() for stack in fleet.shards if stack not in known}
    wanted = {
        stack: {key for key in keys if shard_of(key, after) == shard.number} for stack, shard in fleet.shards.items()
    }
    found = settled(whole(keys), fleet, known)
    for stack, text in [*found.added.items(), *found.left.items()][:writes]:  # and then the machine dies
        known[stack] = text
        assert ids(known) == {f"of {key}" for key in keys}
    again = settled(whole(keys), fleet, known)
    known |= {**again.added, **again.left}
    assert {
        stack: set(deployed_datasets(each)) for stack, each in known.items() if each["deployment"]["resources"]
    } == {stack: wanted.get(stack, set()) for stack, each in known.items() if each["deployment"]["resources"]}
    assert settled(whole(keys), fleet, known).moves == ()


def test_what_was_renamed_comes_under_the_key_that_it_is_deployed_under() -> None:
    fleet = Fleet("prod", 2)
    here = f"prod-shard-{3 - shard_of('cows', 2)}"
    known = {stack: deployed(stack, {"calves"} if stack == here else set()) for stack in fleet.shards}
    (move,) = (found := settled(manifest({"cows": ["calves"]}, "1/1"), fleet, known)).moves
    assert (move.dataset, move.source) == ("cows", here)
    assert deployed_datasets(found.added[move.target]) == ["calves"]
    assert deployed_datasets(found.left[here]) == []
