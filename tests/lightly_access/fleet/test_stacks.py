"""The stacks of a fleet by the files of a project: which is meant, and what is no whole fleet."""

from typing import Any

import pytest
from lightly_access.fleet.ran import UNREADABLE, Ran, document, exit_code, summary
from lightly_access.fleet.stacks import Fleet, FleetError, fleet


def configs(*shards: str, **more: Any) -> dict[str, dict[str, object]]:
    return {
        f"{name}-shard-{shard.partition('/')[0]}": {"lightly-access:shard": shard, "lightly-access:manifest": "m"}
        | more
        for name, _, shard in (each.partition(" ") for each in shards)
    }


def test_the_only_fleet_is_meant_or_the_one_that_is_named_by_itself_or_one_of_its_stacks() -> None:
    prod, both = configs("prod 1/2", "prod 2/2"), configs("prod 1/2", "prod 2/2", "test 1/1")
    assert fleet({**prod, "other": {}}, None) == Fleet("prod", 2)
    assert [fleet(both, name) for name in ("prod", "prod-shard-2", "test")] == [Fleet("prod", 2)] * 2 + [
        Fleet("test", 1)
    ]
    assert list(fleet(prod, None).shards) == ["prod-shard-1", "prod-shard-2"]
    assert Fleet("prod", 2).before(["prod-shard-1", "prod-shard-3", "prod", "a-prod-shard-3", "prod-shard-x"]) == [
        "prod-shard-3"
    ]


@pytest.mark.parametrize(("config", "before"), [({"lightly-access:manifest": "n"}, []), ({}, ["prod-shard-9"])])
def test_a_stack_with_a_manifest_of_its_own_was_no_shard_whatever_its_name(
    config: dict[str, Any], before: list[str]
) -> None:
    found = fleet({**configs("prod 1/1"), "prod-shard-9": config}, None)
    assert found.before(["prod-shard-1", "prod-shard-9"]) == before


@pytest.mark.parametrize(
    ("found", "name", "said"),
    [
        ({"prod": {}}, None, "no stack here has a shard"),
        (configs("prod 1/1", "test 1/1"), None, "more than one fleet: prod, test"),
        (configs("prod 1/1"), "prdo", "got 'prdo', expected a fleet that is here: prod"),
        (configs("prod 1/3", "prod 3/3"), None, "has 2 of 3 shards: there is no file of prod-shard-2"),
        ({**configs("prod 1/2"), "prod-shard-2": {}}, None, "the file of prod-shard-2 says of no shard"),
        (configs("prod 1/2", "prod 2/4"), None, "prod-shard-1 is 1/2, prod-shard-2 is 2/4"),
        (
            {**configs("prod 1/2"), **configs("prod 2/2", **{"lightly-access:tags": {"a": "b"}})},
            None,
            "lightly-access:tags",
        ),
        (
            {**configs("prod 2/2"), **configs("prod 1/2", **{"lightly-access:tags": {"a": "b"}})},
            None,
            "lightly-access:tags",
        ),
    ],
)
def test_what_is_no_whole_fleet_is_said(found: dict[str, Any], name: str | None, said: str) -> None:
    with pytest.raises(FleetError, match=said):
        fleet(found, name)


def test_a_fleet_is_well_when_all_of_it_is() -> None:
    well, red, left = Ran("a", True, "no change"), Ran("b", False, "1 create", ("it broke",)), Ran("c", None, "why")
    assert [exit_code(runs) for runs in ([well], [well, red], [well, left], [well, Ran("d", False, UNREADABLE)])] == [
        0,
        1,
        1,
        2,
    ]
    assert summary([well, red, left])[-1] == ("1 of 3 shards ok, 1 failed, 1 not run", "red")
    assert ("b:\nit broke", "red") in summary([well, red, left])
    told = document("prod", "up", [well, red, left])
    assert (told["ok"], [shard["ok"] for shard in told["shards"]]) == (False, [True, False, None])
    assert red.line == ("b  FAILED  1 create", "red")
