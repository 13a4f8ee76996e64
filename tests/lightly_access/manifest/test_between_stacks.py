"""Two stacks of a project, each right by itself, in one place."""

from typing import Any

import pytest
from lightly_access.manifest import Manifest
from lightly_access.manifest.between_stacks import between_stacks

STORES: dict[str, dict[str, Any]] = {
    "s3": {"kind": "s3", "bucket": "acme", "region": "eu-central-1"},
    "azure": {"kind": "azure", "account": "acme01", "container": "out", "resource_group": "acme"},
    "gcs": {"kind": "gcs", "bucket": "acme", "project": "acme-ml"},
    "obs": {"kind": "obs", "bucket": "acme", "endpoint": "https://obs.example.com", "region": "eu-central-1"},
    "local": {"kind": "local", "input_mount": "/data/in", "lightly_mount": "/data/out"},
}
ACCESS = {"s3": "delegated", "azure": "sas", "gcs": "service_account", "obs": "key", "local": "mount"}
KEY = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret": "a-secret"}


def manifest(kind: str, dataset: str, data: str, results: str, **store: Any) -> Manifest:
    more = {"access": ACCESS[kind], **(KEY if kind == "obs" else {})}
    sources = {"input": {"store": "in", "path": data, **more}, "lightly": {"store": "lake", "path": results, **more}}
    lake, other = {**STORES[kind], **store}, {**STORES[kind]}
    if kind != "local":
        other["container" if kind == "azure" else "bucket"] = f"elsewhere-{dataset}"
    return Manifest.parse({"stores": {"in": other, "lake": lake}, "datasets": {dataset: {"type": "images", **sources}}})


def found(kind: str, one: tuple[str, str], other: tuple[str, str], **store: Any) -> list[tuple[str, str]]:
    stacks = {"a": manifest(kind, "cows", *one, **store), "b": manifest(kind, "hens", *other, **store)}
    return [(stack, str(problem)) for stack, problem in between_stacks(stacks)]


@pytest.mark.parametrize("kind", [kind for kind in STORES if kind != "local"])
def test_two_lightly_paths_in_one_place_are_named_with_both_stacks(kind: str) -> None:
    ((stack, said),) = found(kind, ("x/", "out/"), ("y/", "out/"))
    assert stack == "b"
    assert said.startswith(
        "datasets.hens.lightly.path: got 'out/', expected a directory of its own\nhint: it is the same"
    )
    assert "datasets.cows.lightly.path ('out/') of stack a" in said
    assert "it lies inside" in found(kind, ("x/", "out/"), ("y/", "out/hens/"))[0][1]
    assert "it contains" in found(kind, ("x/", "out/cows/"), ("y/", "out/"))[0][1]
    assert found(kind, ("x/", "out/"), ("y/", "outer/")) == []


def test_what_lightly_writes_is_nobody_elses_data() -> None:
    one = manifest("s3", "cows", "x/", "out/")
    stores = {"lake": STORES["s3"], "own": {**STORES["s3"], "bucket": "own"}}
    reads = {
        "type": "images",
        "input": {"store": "lake", "path": "", "access": "delegated"},
        "lightly": {"store": "own", "path": "out/", "access": "delegated"},
    }
    other = Manifest.parse({"stores": stores, "datasets": {"hens": reads}})
    for order in ({"a": one, "b": other}, {"b": other, "a": one}):
        ((stack, problem),) = between_stacks(order)
        assert stack == "a"
        assert "would be given as data there" in str(problem)
    assert list(between_stacks({"b": other, "c": other})) != []  # they write to one place


def test_places_that_may_be_others_in_each_stack_are_left_out() -> None:
    assert found("local", ("x/", "out/"), ("y/", "out/")) == []
    assert found("obs", ("x/", "out/"), ("y/", "out/"), endpoint="env:OBS") == []


def test_a_store_that_two_stacks_make_is_named() -> None:
    ((stack, said),) = found("s3", ("x/", "one/"), ("y/", "two/"), create=True)
    assert (stack, said.partition("\n")[0]) == ("b", "stores.lake.create: got true, expected create: false")
    assert "hint: stack a makes it, too" in said


def test_the_shards_of_one_manifest_are_not_in_each_others_way_and_other_stacks_are() -> None:
    whole = manifest("s3", "cows", "x/", "out/", create=True)
    shards = {f"prod-shard-{n}": Manifest.parse({**whole.to_config(), "shard": f"{n}/3"}) for n in (1, 2, 3)}
    assert list(between_stacks(shards)) == []
    other = {f"test-shard-{n}": Manifest.parse({**whole.to_config(), "shard": f"{n}/2"}) for n in (1, 2)}
    assert {stack for stack, _ in between_stacks({**shards, **other})} == {"test-shard-1"}
    assert {stack for stack, _ in between_stacks({**shards, "own": whole})} == {"own"}
