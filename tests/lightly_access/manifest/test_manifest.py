"""Each rule of the manifest, by the sentence that a user reads."""

import json
from dataclasses import FrozenInstanceError
from datetime import date
from typing import Any

import pytest
from lightly_access.kinds.s3 import rules
from lightly_access.kinds.s3.store import S3Store
from lightly_access.manifest import Manifest
from lightly_access.tables.problem import ManifestError
from pydantic import ValidationError

from tests.lightly_access.manifest.example import GOOD, KEY, Remove, check, spoiled

INPUT, LIGHTLY = "datasets.farm-animals.input", "datasets.farm-animals.lightly"


def test_a_good_manifest_becomes_values() -> None:
    manifest = Manifest.parse(GOOD)
    assert manifest.warnings == ()
    results = manifest.stores["results"]
    assert isinstance(results, S3Store)
    assert results.create
    assert manifest.datasets["farm-animals"].input.path == "projects/farm-animals/"
    assert manifest.datasets["dashcam"].lightly.rotate_after == 90
    assert (manifest.verify.deadline, manifest.verify.confirmations) == (120, 2)


def test_the_values_cannot_be_changed() -> None:
    manifest = Manifest.parse(GOOD)
    with pytest.raises(FrozenInstanceError):
        manifest.tags = {}  # type: ignore[misc]  # that is the test
    with pytest.raises(TypeError):
        manifest.stores["other"] = manifest.stores["lake"]  # type: ignore[index]  # that is the test
    with pytest.raises(ValidationError, match="frozen"):
        manifest.stores["lake"].kind = "obs"


LAKE = {"kind": "s3", "bucket": "acme-datalake", "region": "eu-central-1"}
RULES: list[tuple[str, Any, str]] = [
    ("stores.lake.kind", "aws", "got 'aws', expected s3, azure, gcs, obs or local\nhint: did you mean 's3'?"),
    ("stores.lake.kind", "S3", "got 'S3', expected s3, azure, gcs, obs or local\nhint: did you mean 's3'?"),
    ("stores.lake.bucket", "s3://acme-datalake/", "expected the bucket's name alone\nhint: no s3://, ARN or URL"),
    ("stores.lake.region", "eu-centrall-1", "expected a region that Lightly's API lists"),
    ("stores.lake.region", "us-gov-east-1", "expected a region that both AWS and Lightly know"),
    ("stores.lake.create", "true", "got 'true', expected true or false\nhint: without quotes"),
    ("stores.lake.kms_key", "create", "expected the ARN of the key that its objects use"),
    ("stores.lake.kms_key", KEY.replace("eu-", "us-"), "expected a KMS key in eu-central-1"),
    ("stores.lake.kms_key", "alias/mine", "give the key, not its alias"),
    ("stores.lake.old_kms_keys", ["create"], "expected the ARN of the key that its objects use"),
    ("stores.lake.old_kms_keys", [KEY.replace("eu-", "us-")], "expected a KMS key in eu-central-1"),
    ("stores.lake.old_kms_keys", [KEY, KEY], "expected at most 10 keys, each once"),
    ("stores.lake", {**LAKE, "kms_key": KEY, "old_kms_keys": [KEY]}, "got a list, expected the keys of before"),
    ("stores.lake.versioning", True, "expected it only with create: true"),
    ("stores.lake.force_destroy", True, "expected it only with create: true\nhint: an adopted store is never changed"),
    ("stores.lake.tags", {"a": "b"}, "expected it only with create: true"),
    ("stores.results.noncurrent_days", 30, "expected it only with versioning: true"),
    ("stores.results.noncurrent_days", 0, "expected a whole number from 1 to 36500"),
    ("stores.results.tags", {"aws:x": "b"}, "expected a tag key that does not start with aws:"),
    ("stores.results.tags", {"a": 1}, "got 1, expected text\nhint: put it in quotes"),
    ("stores.results.tags", {str(n): "" for n in range(60)}, "expected at most 45 tags"),
    ("stores.results", None, "got nothing, expected a table"),
    ("datasets.farm-animals.type", "Images", "expected images or videos\nhint: did you mean 'images'?"),
    ("datasets.farm-animals.type", "crops", "hint: Lightly makes crops itself"),
    ("datasets.farm-animals.type", 1, "got 1, expected images or videos"),
    ("datasets.farm-animals.type", Remove, "got nothing, expected what the dataset holds: images or videos"),
    ("datasets.farm-animals.inputs", {}, "got 'inputs', expected one of the keys"),
    ("datasets.farm-animals.output", {}, "got 'output', expected one of the keys"),
    (f"{INPUT}.store", "laek", "expected one of the stores: lake, results\nhint: did you mean 'lake'?"),
    (f"{INPUT}.path", "/a/", "hint: no / at the start"),
    (f"{INPUT}.path", "a/../b/", "hint: no . or .. as a directory"),
    (f"{INPUT}.path", "a//b/", "hint: no // inside"),
    (f"{INPUT}.path", "s3://acme-datalake/a/", "hint: the path alone"),
    (f"{INPUT}.path", "a/*", "hint: * ? and $ are wildcards"),
    (f"{INPUT}.path", "a\\b", "hint: directories are separated by /"),
    (f"{INPUT}.path", Remove, "got nothing, expected the directory inside the store"),
    (f"{INPUT}.access", "role", "got 'role', expected delegated, user, sas, service_account, key or mount"),
    (f"{INPUT}.access", "delgated", "hint: did you mean 'delegated'?"),
    (f"{INPUT}.rotate_after", 30, "expected it only with access: user, sas or service_account\nhint: a role has no"),
    (f"{INPUT}.rotate_now", "today", "expected it only with access: user"),
    (f"{INPUT}.permissions_boundary", "my-boundary", "expected the ARN of a managed policy"),
    (f"{INPUT}.permissions_boundary", "arn:aws-cn:iam::123456789012:policy/x", "expected the ARN of a policy where"),
    (f"{LIGHTLY}.path", "", "got '', expected a directory\nhint: Lightly would write to, and delete in, the whole"),
    ("datasets.dashcam.input.rotate_after", 91, "got 91, expected a whole number from 1 to 90"),
    ("datasets.dashcam.input.rotate_after", True, "got true, expected a whole number"),
    ("datasets.dashcam.input.rotate_anchor", "1 January", "expected a date such as 2026-01-01"),
    ("verify.deadline", 0, "expected a whole number from 1 to 3600"),
    ("verify.confirmations", "2", "got '2', expected a whole number"),
    ("verify.dedline", 1, "hint: did you mean 'deadline'?"),
    ("tags.AWS:x", "1", "expected a tag key that does not start with aws:"),
    ("stores", [], "got a list, expected a table of stores by name"),
    ("datasets", {"secure": "v1:xyz"}, "got an encrypted value, expected the datasets in clear"),
    ("dataset", {}, "hint: did you mean 'datasets'?"),
    ("manifest", 3, "got 3, expected a folder of YAML files"),
]


@pytest.mark.parametrize(("where", "value", "said"), RULES, ids=[f"{rule[0]}={rule[1]!r:.25}" for rule in RULES])
def test_a_rule_that_is_broken_is_said_at_its_place(where: str, value: object, said: str) -> None:
    found = check({where: value})
    assert found.manifest is None
    sentences = [str(problem) for problem in found.problems if ".".join(problem.path).startswith(where)]
    assert [sentence for sentence in sentences if said in sentence], [str(problem) for problem in found.problems]


def test_all_problems_come_in_one_go_and_one_does_not_hide_another() -> None:
    found = check(
        {
            "stores.lake.region": "nowhere",
            "stores.results.kind": "gsc",
            "datasets.farm-animals.type": "Images",
            f"{LIGHTLY}.access": "role",
            f"{LIGHTLY}.path": "dashcam/brown/",
            "datasets.dashcam.input.store": "reslts",
            "verify.deadline": 0,
        }
    )
    assert [problem.where for problem in found.problems] == [
        "stores.lake.region",
        "stores.results.kind",
        "datasets.farm-animals.type",
        "datasets.farm-animals.lightly.access",
        "datasets.dashcam.input.store",
        "verify.deadline",
    ]
    again = check({f"{LIGHTLY}.access": "role", f"{LIGHTLY}.path": "dashcam/brown/"})
    assert [problem.where for problem in again.problems] == [f"{LIGHTLY}.access", f"{LIGHTLY}.path"]


@pytest.mark.parametrize("name", ["ab", "-cows", "cows/brown", "cows.brown", "kühe", "cows\n", "c" * 256, ""])
def test_a_name_that_lightly_refuses_is_refused(name: str) -> None:
    config = spoiled({})
    config["lightly-access:datasets"][name] = config["lightly-access:datasets"].pop("dashcam")
    assert [problem.path for problem in Manifest.check(config).problems] == [("datasets", name)]


def test_the_exception_tells_every_problem_and_no_traceback_of_pydantic() -> None:
    with pytest.raises(ManifestError) as caught:
        Manifest.parse(spoiled({"stores.lake.bucket": "A", f"{INPUT}.path": "/"}))
    assert str(caught.value).splitlines()[0] == "the manifest has 2 problems:"
    assert len(caught.value.problems) == 2
    assert caught.value.__cause__ is None


def test_a_missing_slash_is_added() -> None:
    manifest = Manifest.parse(spoiled({f"{INPUT}.path": "a/b"}))
    assert manifest.datasets["farm-animals"].input.path == "a/b/"


def test_keys_may_be_short_tables_may_be_json_text_and_none_is_nothing() -> None:
    short = {key.removeprefix("lightly-access:"): json.dumps(value) for key, value in GOOD.items()}
    assert Manifest.parse({**short, "verify": None, "aws:region": "eu-central-1"}) == Manifest.parse(GOOD)


def test_a_table_given_twice_under_both_spellings_is_refused() -> None:
    found = Manifest.check({**GOOD, "stores": {}})
    assert [problem.where for problem in found.problems] == ["stores"]


@pytest.mark.parametrize("written", ["2026-02-03", "2026-02-03 00:00:00 +0000 UTC", date(2026, 2, 3)])
def test_a_date_is_read_as_yaml_json_and_pulumi_write_it(written: object) -> None:
    manifest = Manifest.parse(spoiled({"datasets.dashcam.input.rotate_anchor": written}))
    assert manifest.datasets["dashcam"].input.rotate_anchor == date(2026, 2, 3)


def test_the_value_of_an_unknown_key_is_not_shown_because_it_may_be_a_secret() -> None:
    found = check({f"{INPUT}.secret_access_key": "wJalrXUtnFEMI/K7MDENG"})
    assert "wJalr" not in "".join(str(problem) for problem in found.problems)
    assert found.problems[0].where == f"{INPUT}.secret_access_key"


def test_a_store_is_evaluated_by_the_rules_of_its_own_kind() -> None:
    found = check({"stores.lake": {"kind": "azure", "account": "acme", "container": "lake", "resource_group": "acme"}})
    assert [problem.where for problem in found.problems] == [f"{INPUT}.access"]
    assert "expected sas for a store of kind azure" in str(found.problems[0])


def test_in_china_user_keys_are_accepted_and_keys_of_kms_are_not() -> None:
    china = {"stores.lake.region": "cn-northwest-1", f"{INPUT}.access": "user"}
    assert check(china).manifest
    assert [str(problem) for problem in check({"stores.lake.region": "cn-northwest-1"}).problems] == [
        f"{INPUT}.access: got 'delegated', expected user in cn-northwest-1\nhint: {rules.PARTITION_HINT}"
    ]
    found = check({**china, "stores.lake.kms_key": "arn:aws-cn:kms:cn-northwest-1:123456789012:key/1"})
    assert [str(problem) for problem in found.problems if "no KMS key in cn-northwest-1" in str(problem)]


def test_an_adopted_dataset_cannot_be_destroyed_with_its_samples() -> None:
    found = check({"datasets.dashcam.adopt": True, "datasets.dashcam.force_destroy": True})
    assert [problem.where for problem in found.problems] == ["datasets.dashcam.force_destroy"]
    assert "kept on destroy" in str(found.problems[0])
