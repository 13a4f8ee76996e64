"""What a deployed stack is granted, read from its state: the same as its manifest asks for, or it says what differs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_access.analysis.datasource import Analysis
from lightly_access.analysis.granted import survey
from lightly_access.analysis.survey import survey as survey_of_manifest
from lightly_access.deployed.exported import exported
from lightly_access.deployed.granted import Granted
from lightly_access.deployed.stack import Credential, DeployedDatasource, deployed_in
from lightly_access.kinds import registry
from lightly_access.manifest import Manifest
from lightly_core.capability import Capability, Purpose
from lightly_policies import render_aws
from lightly_policies.network import Network

ROOT = Path(__file__).parents[3]
RECORDED = (ROOT / "tests" / "stacks" / "recorded" / "state.json").read_text()


def found(change: Callable[[dict[str, Any]], None] = lambda _: None) -> dict[tuple[str, str], Analysis]:
    """Of the recorded deployment, after `change` was made to each of its resources."""
    document = json.loads(RECORDED)
    for resource in document["deployment"]["resources"]:
        change(resource)
    export = exported(document)
    return {(each.dataset, each.purpose): each for each in survey(export, deployed_in(export))}


@pytest.fixture(scope="module")
def as_deployed() -> dict[tuple[str, str], Analysis]:
    return found()


def test_what_is_deployed_decides_as_what_the_manifest_would_deploy(
    as_deployed: dict[tuple[str, str], Analysis],
) -> None:
    """Every kind of store, every case; only who may become the role is secret in a state."""
    config = yaml.safe_load((ROOT / "stacks" / "Pulumi.rehearsal.yaml").read_text())["config"]
    tables = {key.partition(":")[2]: value for key, value in config.items() if key.startswith("lightly-access:")}
    planned = survey_of_manifest(Manifest.parse(tables))
    assert {each.kind for each in planned} == registry.kinds().keys()
    assert as_deployed.keys() == {(each.dataset, each.purpose) for each in planned}
    for each in planned:
        now = as_deployed[each.dataset, each.purpose]
        assert (now.evaluated, now.ok, now.path) == (each.evaluated, each.ok, each.path), each.dataset
        assert [now.row(capability) for capability in Capability] == [each.row(capability) for capability in Capability]
        tried = [(case.subject, case.allowed) for case in each.others if not case.subject.startswith("Lightly calls")]
        assert [(case.subject, case.allowed) for case in now.others] == tried
        assert (now.words.way, now.words.who) == (each.words.way, each.words.who)


def test_a_hardened_grant_is_as_expected_for_the_network_that_it_names() -> None:
    network = Network(("vpc-0a1b2c3d",), ("203.0.113.0/24",))
    grant = render_aws.aws_grant("LIGHTLY", "lake", "cows/", region="eu-central-1", network=network)
    where = DeployedDatasource(Purpose.LIGHTLY, "s3", "user", "s3://lake/cows/", Credential("access key"))
    parts = {"aws:iam/groupPolicy:GroupPolicy": {"policy": grant}}
    told = {"region": "eu-central-1"}
    hardened = registry.kind_of("s3").granted(Granted("cows", where, told, expected={"read": False}, parts=parts))
    assert hardened
    assert hardened.ok
    assert "from your network" in {cell.decision for cell in hardened.row(Capability.READ).cells.values()}
    assert any("vpc-0a1b2c3d or 203.0.113.0/24" in note for note in hardened.words.notes)
    open_ = registry.kind_of("s3").granted(Granted("cows", where, told, parts=parts))
    assert open_
    assert not open_.ok


DRIFTS = {
    "a grant on all of the bucket": ("apples", "aws:iam/groupPolicy:GroupPolicy", "policy", "/apples/*", "/*"),
    "a right more": ("farm-animals", "aws:iam/rolePolicy:RolePolicy", "policy", '"s3:GetObject"', '"s3:*"'),
    "no grant that can be read": ("apples", "aws:iam/groupPolicy:GroupPolicy", "policy", "Statement", "Sentence"),
    "a permission more": ("beehives", "gcp:projects/iAMCustomRole:IAMCustomRole", "permissions", [], ["storage.x.y"]),
    "no condition": ("beehives", "gcp:storage/bucketIAMMember:BucketIAMMember", "condition", {}, None),
    "a letter more": ("tractors", "lightly:index:AzureSas", "permissions", "rl", "rwdl"),
}


@pytest.mark.parametrize(("dataset", "type_", "output", "old", "new"), DRIFTS.values(), ids=DRIFTS)
def test_what_a_refresh_found_to_be_another_document_is_not_as_expected(
    dataset: str, type_: str, output: str, old: Any, new: Any
) -> None:
    def drifted(resource: dict[str, Any]) -> None:
        said = resource.get("outputs", {})
        if resource["type"] == type_ and output in said:
            before = said[output]
            said[output] = before.replace(old, new) if isinstance(old, str) else before + new if new else new

    wrong = [each for each in found(drifted).values() if not each.ok]
    assert dataset in {each.dataset for each in wrong}
    assert all(each.unexpected for each in wrong)


def test_an_access_whose_documents_are_gone_is_not_evaluated_and_says_so() -> None:
    def without(resource: dict[str, Any]) -> None:
        if resource["type"] in ("aws:iam/groupPolicy:GroupPolicy", "lightly:index:AzureSas"):
            resource["delete"] = True

    gone = found(without)
    for each in (gone["apples", "LIGHTLY"], gone["tractors", "INPUT"]):
        assert not each.evaluated
        assert "no document of this access" in each.words.notes[0]


def test_listing_without_the_condition_is_what_a_manifest_may_ask_for_and_is_said() -> None:
    def free(resource: dict[str, Any]) -> None:
        if resource["type"] == "aws:iam/groupPolicy:GroupPolicy" and "::dashcam-input" in resource["urn"]:
            document = json.loads(resource["outputs"]["policy"])
            del document["Statement"][0]["Condition"]
            resource["outputs"]["policy"] = json.dumps(document)

    analysis = found(free)["dashcam", "INPUT"]
    assert analysis.ok
    assert any("list_prefix_condition is off" in note for note in analysis.words.notes)
