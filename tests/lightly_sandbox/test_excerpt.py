"""Which part of a stack is rehearsed when only some kinds of store are."""

from typing import Any

import pytest
from lightly_sandbox.excerpt import DATASETS, STORES, EmptySelectionError, UnknownKindError, excerpt, known
from lightly_sandbox.kinds import registry


def config() -> dict[str, Any]:
    services = {"herd": ("lake", "lake"), "orchard": ("archive", "lake"), "stables": ("disk", "disk")}
    return {
        "aws:region": "eu-central-1",
        STORES: {"lake": {"kind": "s3"}, "archive": {"kind": "obs"}, "disk": {"kind": "local"}},
        DATASETS: {
            name: {"type": "images", "input": {"store": given}, "lightly": {"store": taken}}
            for name, (given, taken) in services.items()
        },
    }


@pytest.mark.parametrize(
    ("kinds", "datasets", "stores"),
    [
        (("s3",), {"herd"}, {"lake"}),
        (("s3", "obs"), {"herd", "orchard"}, {"lake", "archive"}),
        (("local", "obs"), {"stables"}, {"disk"}),
        ((), {"herd", "orchard", "stables"}, {"lake", "archive", "disk"}),
    ],
)
def test_a_dataset_stays_when_all_its_stores_are_of_these_kinds(
    kinds: tuple[str, ...], datasets: set[str], stores: set[str]
) -> None:
    found = excerpt(config(), known(kinds))
    assert found[DATASETS].keys() == datasets
    assert found[STORES].keys() == stores
    assert found["aws:region"] == "eu-central-1"


def test_the_stack_itself_is_not_changed() -> None:
    whole = config()
    excerpt(whole, known(("local",)))
    assert whole == config()


def test_a_kind_that_has_only_mixed_datasets_is_an_error_that_says_which_have_some_alone() -> None:
    with pytest.raises(EmptySelectionError, match=r"got obs, and no dataset.*\nhint: .*alone there are: local, s3"):
        excerpt(config(), known(("obs",)))


def test_an_unknown_kind_is_an_error_that_lists_the_kinds() -> None:
    with pytest.raises(UnknownKindError, match=f"got 'gcp', expected one or more of: {', '.join(registry.names())}"):
        known(("s3", "gcp"))


def test_only_the_servers_that_the_kinds_need_are_started() -> None:
    started = [service.name for service in registry.needed({"local"})]
    assert started == ["local"]
    assert [service.name for service in registry.needed({"obs"})] == ["aws"]
    assert [service.name for service in registry.needed(registry.names())] == ["aws", "azure", "gcs", "local"]
