"""The rules of Google Cloud's stores and service accounts, by the sentence that a user reads."""

from copy import deepcopy
from typing import Any

import pytest
from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.manifest import Checked, Manifest

GOOD: dict[str, Any] = {
    "stores": {
        "frames": {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"},
        "results": {
            "kind": "gcs",
            "bucket": "acme-lightly",
            "project": "acme-ml",
            "create": True,
            "location": "EU",
            "versioning": True,
            "noncurrent_days": 30,
            "labels": {"team": "vision"},
        },
    },
    "datasets": {
        "cows": {
            "type": "videos",
            "input": {"store": "frames", "path": "cows/", "access": "service_account"},
            "lightly": {"store": "results", "path": "cows/", "access": "service_account", "rotate_after": 30},
        }
    },
}
INPUT = "datasets.cows.input"


def check(changes: dict[str, Any]) -> Checked:
    config = deepcopy(GOOD)
    for where, value in changes.items():
        *path, last = where.split(".")
        table = config
        for key in path:
            table = table[key]
        table[last] = value
        if value is None:
            del table[last]
    return Manifest.check(config)


def test_a_good_one_is_accepted_and_written_again_the_same() -> None:
    manifest = Manifest.parse(GOOD)
    assert manifest.warnings == ()
    assert Manifest.parse(manifest.to_config()) == manifest
    made = manifest.stores["results"]
    assert isinstance(made, GcsStore)
    assert (made.location, made.noncurrent_days, dict(made.labels)) == ("EU", 30, {"team": "vision"})
    assert manifest.datasets["cows"].lightly.rotate_after == 30


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        ("stores.frames.bucket", "gs://acme-frames/", "expected the bucket's name alone\nhint: no gs:// or URL"),
        ("stores.frames.bucket", "Acme", "expected a Cloud Storage bucket name: 3 to 63 characters"),
        ("stores.frames.bucket", "goog-frames", "hint: Google reserves names that start with goog"),
        ("stores.frames.bucket", "acme-g00gle", "hint: Google refuses names with 'google' or what looks like it"),
        ("stores.frames.bucket", "a" * 64, "hint: each part between periods has at most 63 characters"),
        ("stores.frames.bucket", "10.0.0.1", "hint: no two periods side by side, not like an IP address"),
        ("stores.frames.project", "123456789012", "hint: the id, not the number or the name"),
        ("stores.frames.project", "acme", "expected a project id: 6 to 30 of a-z 0-9 -"),
        ("stores.frames.project", None, "got nothing, expected the id of the bucket's project"),
        ("stores.frames.region", "europe-west3", "got 'region', expected one of the keys kind, bucket, project"),
        ("stores.frames.location", "EU", "expected it only with create: true\nhint: an adopted store is never changed"),
        ("stores.frames.versioning", True, "expected it only with create: true"),
        ("stores.frames.labels", {"a": "b"}, "expected it only with create: true"),
        ("stores.results.location", None, "got nothing, expected where the bucket is made"),
        ("stores.results.location", "europe west3", "such as europe-west3 or EU\nhint: did you mean 'europe-west3'?"),
        ("stores.results.noncurrent_days", 0, "expected a whole number from 1 to 36500"),
        ("stores.results.labels", {"Team": "vision"}, "expected a label key: 1 to 63 lower-case letters"),
        ("stores.results.labels", {"goog-x": "vision"}, "that prefix is Google's own"),
        ("stores.results.labels", {"team": "Vision 1"}, "expected a label value: at most 63 lower-case letters"),
        ("stores.results.labels", {f"k{n}": "" for n in range(60)}, "expected at most 59 labels"),
        ("stores.results.tags", {"a": "b"}, "got 'tags', expected one of the keys"),
        (
            f"{INPUT}.access",
            "user",
            "expected service_account for a store of kind gcs\nhint: Lightly has no",
        ),
        (f"{INPUT}.sas", "stored_policy", "expected it only with access: sas"),
        (f"{INPUT}.rotate_after", 91, "expected a whole number from 1 to 90"),
        (f"{INPUT}.list_prefix_condition", False, "a condition binds the service account to the path"),
        (f"{INPUT}.path", ".well-known/acme-challenge/x/", "Google refuses object names that start with .well-known"),
        ("datasets.cows.lightly.path", "", "Lightly would write to, and delete in, the whole bucket"),
    ],
)
def test_a_rule_that_is_broken_is_said_at_its_place(where: str, value: object, said: str) -> None:
    found = check({where: value})
    assert found.manifest is None
    sentences = [str(problem) for problem in found.problems]
    assert [sentence for sentence in sentences if said in sentence and sentence.startswith(where)], sentences


def test_a_bucket_is_declared_once_and_the_same_name_at_aws_is_another_bucket() -> None:
    found = check({"stores.results.bucket": "acme-frames"})
    assert [problem.where for problem in found.problems] == ["stores.results.bucket"]
    assert check({"stores.lake": {"kind": "s3", "bucket": "acme-frames", "region": "eu-central-1"}}).manifest


def test_nested_paths_of_one_bucket_are_refused_between_datasets() -> None:
    side = {"store": "frames", "access": "service_account"}
    other = {"type": "images", "input": {**side, "path": "in/"}, "lightly": {**side, "path": "cows/out/"}}
    found = check({"datasets.pigs": other})
    assert [problem.where for problem in found.problems] == ["datasets.pigs.lightly.path"]


def test_a_location_that_we_do_not_know_and_a_bucket_with_periods_are_remarks() -> None:
    found = check({"stores.results.location": "europe-west33", "stores.results.bucket": "lightly.acme.example"})
    assert found.manifest
    told = {warning.where: str(warning) for warning in found.warnings}
    assert "hint: did you mean 'europe-west3'?" in told["stores.results.location"]
    assert "verified owner of that domain" in told["stores.results.bucket"]
    assert not check({"stores.results.location": "eur4"}).warnings
