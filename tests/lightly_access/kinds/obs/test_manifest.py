"""The rules of S3-compatible stores and external keys, by the sentence that a user reads."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_access.manifest import Manifest
from lightly_access.manifest.stack_file import check_path

GOOD: dict[str, Any] = {
    "stores": {
        "archive": {"kind": "obs", "bucket": "archive", "endpoint": "https://obs.example.com"},
        "lake": {"kind": "s3", "bucket": "archive", "region": "eu-central-1"},
    },
    "datasets": {
        "apples": {
            "type": "images",
            "input": {"store": "archive", "path": "in/", "access": "key", "access_key_id": "K1", "secret": "reader"},
            "lightly": {"store": "lake", "path": "in/", "access": "user"},
        }
    },
}
INPUT = "datasets.apples.input"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def spoiled(where: str, value: Any) -> dict[str, Any]:
    config = deepcopy(GOOD)
    *path, last = where.split(".")
    table = config
    for key in path:
        table = table[key]
    if value is None:
        del table[last]
    else:
        table[last] = value
    return config


def test_a_good_one_is_accepted_and_written_again_the_same() -> None:
    manifest = Manifest.parse(GOOD)
    assert manifest.warnings == ()
    assert Manifest.parse(manifest.to_config()) == manifest


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        ("stores.archive.endpoint", "obs.example.com", "expected the URL of an S3-compatible service"),
        ("stores.archive.endpoint", "http://obs.example.com", "over http everybody on the way reads the data"),
        ("stores.archive.endpoint", "https://obs.example.com/archive", "hint: without a path: the bucket is"),
        ("stores.archive.endpoint", "https://me:pass@obs.example.com", "hint: without user, password"),
        ("stores.archive.endpoint", "env:NOT-A-NAME", "expected env:NAME"),
        ("stores.archive.endpoint", None, "got nothing"),
        ("stores.archive.bucket", "obs://archive/", "expected the bucket's name alone"),
        ("stores.archive.create", True, "got 'create', expected one of the keys kind, bucket, endpoint, region"),
        (f"{INPUT}.access", "delegated", "expected key for a store of kind obs\nhint: Lightly has no role"),
        ("datasets.apples.lightly.access", "key", "expected delegated or user for a store of kind s3"),
        (f"{INPUT}.access_key_id", None, "got nothing, expected the id of the key"),
        (f"{INPUT}.secret", None, "got nothing, expected where the key's secret is"),
        (f"{INPUT}.secret", SECRET, "expected the name of a secret in the stack's configuration"),
        (f"{INPUT}.rotate_after", 30, "expected it only with access: user"),
        (f"{INPUT}.list_prefix_condition", False, "expected it only where we write the policy"),
        ("datasets.apples.lightly.secret", "reader", "expected access_key_id with it"),
        ("datasets.apples.lightly.whole_bucket", True, "expected it only with a secret"),
    ],
)
def test_a_rule_that_is_broken_is_said_at_its_place(where: str, value: object, said: str) -> None:
    found = Manifest.check(spoiled(where, value))
    assert found.manifest is None
    sentences = [str(problem) for problem in found.problems]
    assert [sentence for sentence in sentences if said in sentence and sentence.startswith(where)], sentences
    assert SECRET not in str(sentences)


def test_the_same_name_at_another_service_is_another_bucket() -> None:
    assert Manifest.check(GOOD).problems == (), "acme's archive on S3 and the one at the service share a name only"
    twice = deepcopy(GOOD)
    twice["stores"]["again"] = {**GOOD["stores"]["archive"], "endpoint": "https://obs.example.com/"}
    (problem,) = Manifest.check(twice).problems
    assert problem.where == "stores.again.bucket"


def stack(tmp_path: Path, **config: Any) -> list[str]:
    file = tmp_path / "Pulumi.dev.yaml"
    ours = {f"lightly-access:{table}": value for table, value in GOOD.items()}
    file.write_text(yaml.safe_dump({"config": {**ours, **config}}))
    return [str(problem) for problem in check_path(file).problems]


def test_a_stack_file_must_have_the_secret_that_it_names_and_have_it_encrypted(tmp_path: Path) -> None:
    assert stack(tmp_path, **{"lightly-keys:reader": {"secure": "v1:abc"}}) == []
    (missing,) = stack(tmp_path)
    assert "pulumi config set --secret lightly-keys:<name>" in missing
    (clear,) = stack(tmp_path, **{"lightly-keys:reader": SECRET})
    assert "a value in clear" in clear
    assert SECRET not in clear
    (close,) = stack(tmp_path, **{"lightly-keys:raeder": {"secure": "v1:abc"}})
    assert "did you mean 'raeder'?" in close
