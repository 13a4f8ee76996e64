"""What a manifest would take away from what is deployed, because a key is gone."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.deployed.gone import gone
from lightly_access.deployed.stack import DeployedStack, deployed
from lightly_access.manifest import Manifest

RECORDED = Path(__file__).parents[2] / "stacks" / "recorded" / "state.json"
STORES: dict[str, dict[str, Any]] = {
    "lake": {"kind": "s3", "bucket": "acme-lake", "region": "eu-central-1"},
    "results": {"kind": "s3", "bucket": "acme-results", "region": "eu-central-1", "create": True},
    "frames": {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml", "location": "eu", "create": True},
    "photos": {
        "kind": "azure",
        "account": "acmephotos",
        "container": "pictures",
        "resource_group": "r",
        "create": True,
    },
}
TYPES = {
    "s3": ("aws:S3Bucket", "bucket"),
    "gcs": ("gcp:GcsBucket", "bucket"),
    "azure": ("azure:AzureContainer", "container"),
}
HOLDERS = {
    "s3": "aws:s3/bucket:Bucket",
    "gcs": "gcp:storage/bucket:Bucket",
    "azure": "azure-native:storage:BlobContainer",
}
STACK = "urn:pulumi:prod::acme::"


def dataset(store: str, **more: Any) -> dict[str, Any]:
    access = {"s3": "delegated", "gcs": "service_account", "azure": "sas"}[str(STORES[store]["kind"])]
    sides = {side: {"store": store, "path": f"{side}/{store}/", "access": access} for side in ("input", "lightly")}
    return {"type": "images", **sides, **more}


def manifest(stores: dict[str, Any], datasets: dict[str, Any]) -> Manifest:
    return Manifest.parse({"stores": stores, "datasets": datasets, "empty": not (stores or datasets) or None})


def state(stores: dict[str, Any], datasets: dict[str, Any]) -> DeployedStack:
    """As the program deploys them, in the form of `pulumi stack export`."""
    resources: list[dict[str, Any]] = []
    for key, store in stores.items():
        kind, word = TYPES[store["kind"]]
        urn = f"{STACK}lightly-access:{kind}::{key}"
        there = {"endpoint": f"https://{store['account']}.blob.core.windows.net/"} if store["kind"] == "azure" else {}
        resources.append({"urn": urn, "type": f"lightly-access:{kind}", "outputs": {word: store[word], **there}})
        if store.get("create"):
            holds = {**store, "name": store[word], "forceDestroy": store.get("force_destroy", False)}
            holder = {"type": HOLDERS[store["kind"]], "outputs": holds, "custom": True}
            resources.append({"urn": f"{urn}-{word}", "parent": urn, **holder})
    for key, each in datasets.items():
        urn = f"{STACK}lightly-access:index:LightlyDataset::{key}"
        resources.append({"urn": urn, "type": "lightly-access:index:LightlyDataset"})
        goes = {"onRemove": each.get("on_remove"), "forceDestroy": each.get("force_destroy", False)}
        made = {"type": "lightly:index:Dataset", "parent": urn, "custom": True, "id": f"id-of-{key}", "outputs": goes}
        resources.append({"urn": f"{urn}-dataset", **made})
        for side in ("input", "lightly"):
            where = paths(stores, each[side])
            outputs = {"purpose": side.upper(), "path": where}
            source = {"type": "lightly:index:Datasource", "parent": urn, "custom": True, "outputs": outputs}
            resources.append({"urn": f"{urn}-{side}", **source})
    return deployed({"version": 3, "deployment": {"resources": resources}})


def paths(stores: dict[str, Any], source: dict[str, Any]) -> str:
    store = stores[source["store"]]
    word = {"s3": "s3://{bucket}", "gcs": "gs://{bucket}", "azure": "azure://{account}/{container}"}[store["kind"]]
    return f"{word.format(**store)}/{source['path']}"


DATASETS = {f"cows-{store}": dataset(store) for store in STORES}
DEPLOYED = state(STORES, DATASETS)


def test_what_is_still_there_is_no_word_about() -> None:
    assert gone(manifest(STORES, DATASETS), DEPLOYED) == ([], [])


@pytest.mark.parametrize("key", [*STORES, *DATASETS])
def test_a_key_that_was_renamed_without_a_word_is_an_error_that_says_the_word(key: str) -> None:
    problems, warnings = gone(renamed(key), DEPLOYED)
    assert [(found.where, found.expected) for found in problems] == [
        (f"{'stores' if key in STORES else 'datasets'}.the-new-one", f"aliases: [{key}]")
    ]
    assert not warnings
    assert gone(renamed(key, aliases=[key]), DEPLOYED) == ([], [])


def renamed(key: str, **more: Any) -> Manifest:
    """The key is another one, wherever it is named."""
    text = json.loads(json.dumps({"stores": STORES, "datasets": DATASETS}).replace(f'"{key}"', '"the-new-one"'))
    text["stores" if key in STORES else "datasets"]["the-new-one"].update(more)
    return manifest(text["stores"], text["datasets"])


MOVES: list[tuple[str, dict[str, Any]]] = [
    ("results", {"bucket": "acme-other"}),
    ("results", {"region": "us-east-1"}),
    ("frames", {"bucket": "acme-other"}),
    ("frames", {"location": "us"}),
    ("frames", {"project": "acme-ml-2"}),
    ("photos", {"container": "others"}),
    ("photos", {"account": "acmeothers"}),
]


@pytest.mark.parametrize(("key", "moved"), MOVES, ids=lambda each: str(each))
@pytest.mark.parametrize("forced", [False, True])
def test_a_store_that_another_one_would_take_the_place_of_is_an_error(
    key: str, moved: dict[str, Any], forced: bool
) -> None:
    (word,) = moved
    deployed = state({**STORES, key: {**STORES[key], "force_destroy": forced}}, DATASETS)
    problems, warnings = gone(manifest({**STORES, key: {**STORES[key], **moved}}, DATASETS), deployed)
    (found,) = warnings if forced else problems
    assert not (problems if forced else warnings)
    assert (found.where, found.got) == (f"stores.{key}.{word}", moved[word])
    assert found.expected == f"{STORES[key][word]}, which is deployed"
    assert ("with all that it holds" if forced else "a store of its own beside it") in str(found.hint)


@given(st.sets(st.sampled_from(sorted(DATASETS))), st.sets(st.sampled_from(sorted(STORES))))
def test_every_key_that_is_gone_is_named_once_and_no_other(datasets: set[str], stores: set[str]) -> None:
    left = {key: each for key, each in DATASETS.items() if key not in datasets}
    used = {source["store"] for each in left.values() for source in (each["input"], each["lightly"])}
    kept = {key: store for key, store in STORES.items() if key in used or key not in stores}
    problems, warnings = gone(manifest(kept, left), DEPLOYED)
    made = {key for key in STORES if key not in kept and STORES[key].get("create")}
    assert sorted(found.where for found in warnings) == sorted(
        [*(f"stores.{key}" for key in made), *(f"datasets.{key}" for key in datasets)]
    )
    assert bool(problems) is (not left), "a manifest of nothing is no plan for a stack that has something"


@pytest.mark.parametrize(
    ("more", "becomes"),
    [({}, "leaves it at Lightly"), ({"on_remove": "delete"}, "deletes it"), ({"force_destroy": True}, "deletes it")],
)
def test_it_says_what_becomes_of_the_dataset_at_lightly(more: dict[str, Any], becomes: str) -> None:
    with_calves = state(STORES, {**DATASETS, "calves": {**DATASETS["cows-lake"], **more}})
    (warning,) = gone(manifest(STORES, DATASETS), with_calves)[1]
    assert "id-of-calves" in warning.expected
    assert becomes in str(warning.hint)
    assert "ends Lightly's access" in str(warning.hint)
    assert "`aliases: [calves]`" in str(warning.hint)
    assert "`revoked: true`" in str(warning.hint)


def test_a_state_of_a_real_deployment_is_read() -> None:
    found = deployed(json.loads(RECORDED.read_text()))
    datasets = {dataset.name: dataset for dataset in found.datasets}
    assert {"farm-animals", "beehives", "tractors", "plums"} <= datasets.keys()
    assert {"lake", "results", "fields", "hives"} <= found.stores.keys()
    assert found.stores["results"].outputs["bucket"] == "acme-lightly-results"
    assert datasets["beehives"].paths["INPUT"] == "gs://acme-frames/hives/"
    assert datasets["barn-cameras"].goes
    assert not datasets["beehives"].goes
