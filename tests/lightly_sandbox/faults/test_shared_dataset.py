"""Two stacks that adopt one dataset: Lightly has one registration for each purpose, so that one of them loses."""

from collections.abc import Callable, Mapping
from typing import Any

from lightly_sandbox.deployer import Deployer
from lightly_sandbox.lights import red_lights

from tests.deploying import must, stack_of
from tests.lightly_sandbox.faults.chain import Chain


def test_the_second_stack_is_refused_and_where_it_says_so_the_first_is_red_and_names_it(
    chain: Callable[..., Chain],
) -> None:
    first = chain(input_access="user", dataset={"adopt": True})
    colleagues = first.make_dataset(samples=3)
    first.must(first.up())
    ours = _keys(first.stack())

    refused = _second(first).up()
    assert not refused.ok
    said = f"dataset {colleagues}: somebody registered another one"  # the engine stops at the first of the two
    assert any(refused.says(said, key, "replace_registered: true") for key in ours)
    assert all(first.verify().values()), "the first one's registration is as it was"
    assert not first.red()
    assert first.must(first.up()).unchanged

    winner = _second(first, replace_registered=True)
    done = must(winner.up())
    assert all(done.says("took the place of", key) for key in ours)
    theirs = _keys(winner)
    assert not red_lights(winner.state())

    found = first.stack().refresh()
    assert all(
        found.says("somebody registered another one", key, "two stacks cannot share a dataset") for key in theirs
    )
    assert {key for light in first.red() for key in theirs if key in str(light)} == theirs

    must(winner.destroy())
    first.must(first.up(refresh=True))
    assert not first.red()
    first.must(first.stack().destroy())
    (kept,) = first.at_lightly()
    assert (kept["id"], kept["nSamples"]) == (colleagues, 3)


def _second(first: Chain, **more: Any) -> Deployer:
    """Another stack of the project, with the same dataset; the bucket of results is there already."""
    config = first.config()
    stores, datasets = config["lightly-access:stores"], config["lightly-access:datasets"]
    assert isinstance(stores, dict)
    assert isinstance(datasets, dict)
    results = {name: value for name, value in stores["results"].items() if name != "create"}
    asked: Mapping[str, object] = {
        **config,
        "lightly-access:stores": {**stores, "results": results},
        "lightly-access:datasets": {name: {**each, **more} for name, each in datasets.items()},
    }
    return stack_of(first.sandbox, first.folder / f"second-{first.name}", "second", asked)


def _keys(stack: Deployer) -> set[str]:
    """The ids of the keys that a stack has registered."""
    resources = stack.state()["deployment"]["resources"]
    return {str(each["outputs"]["accessKeyId"]) for each in resources if each["type"] == "lightly:index:Datasource"}
