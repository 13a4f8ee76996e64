"""Whatever the manifest's check accepts can be decided, and comes out as its purpose needs it."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given
from lightly_access.analysis.datasource import Analysis
from lightly_access.analysis.document import as_json, written
from lightly_access.analysis.markdown import markdown
from lightly_access.analysis.survey import survey
from lightly_access.analysis.terminal import lines
from lightly_access.deployment import deploy
from lightly_access.kinds.s3 import placeholders
from lightly_access.manifest import Manifest
from lightly_access.manifest.stack_file import check_path, stack_files
from lightly_core.capability import Capability, Purpose, expected
from lightly_policies import proof_aws, proof_gcs
from lightly_policies.case import Place
from lightly_policies.proof import Proof

from tests.examples import examples
from tests.lightly_access.analysis.example import placed
from tests.lightly_access.manifest.example import manifests
from tests.lightly_access.recording import record

STACKS = stack_files(Path(__file__).parents[3])


def is_least_privilege(analysis: Analysis, *, hardened: bool = False) -> None:
    assert analysis.ok, analysis.unexpected
    assert [case for case in analysis.cases if not case.ok] == []
    for capability, wanted in expected(analysis.purpose).items():
        cells = analysis.row(capability).cells
        allowed = "from your network" if hardened and capability != "list" else "allowed"
        assert cells[Place.INSIDE].decision == (allowed if wanted else "refused")
        assert cells[Place.ELSEWHERE].decision == "refused"


@examples(0.3)
@given(manifests())
def test_an_accepted_manifest_is_decided_as_its_purposes_need_it_and_can_be_shown(config: dict[str, Any]) -> None:
    manifest = Manifest.parse(config)
    found = survey(manifest)
    assert [(item.dataset, str(item.purpose)) for item in found] == [
        (name, purpose) for name in manifest.datasets for purpose in ("INPUT", "LIGHTLY")
    ]
    for analysis in found:
        dataset = manifest.datasets[analysis.dataset]
        source = dataset.input if analysis.purpose is Purpose.INPUT else dataset.lightly
        assert analysis.evaluated is not source.made_elsewhere, (
            "of what somebody else made there is no document of ours"
        )
        if analysis.evaluated:
            is_least_privilege(analysis, hardened=source.hardened is not None)
    shown = placed(*found)
    assert all(line.isprintable() for line in lines(shown))
    assert json.loads(json.dumps(as_json(shown)))["ok"] is True
    assert all(analysis.dataset in markdown(shown) for analysis in found)


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_of_this_project_is_as_expected(stack: str) -> None:
    manifest = check_path(STACKS[stack]).manifest
    assert manifest
    found = survey(manifest)
    assert len(found) == 2 * len(manifest.datasets)
    for analysis in found:
        if analysis.evaluated:
            side = manifest.datasets[analysis.dataset]
            source = side.input if analysis.purpose is Purpose.INPUT else side.lightly
            is_least_privilege(analysis, hardened=source.hardened is not None)
        else:
            assert analysis.kind == "obs" or "somebody else made" in analysis.words.way


def test_only_the_named_datasets_are_looked_at() -> None:
    manifest = check_path(STACKS["rehearsal"]).manifest
    assert manifest
    assert [(analysis.dataset, str(analysis.purpose)) for analysis in survey(manifest, ["pears"])] == [
        ("pears", "INPUT"),
        ("pears", "LIGHTLY"),
    ]


@pytest.mark.parametrize("stack", ["datalake", "gitops", "starter", "user-keys"])
def test_what_is_evaluated_is_what_a_deployment_would_deploy(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = check_path(STACKS[stack]).manifest
    assert manifest
    recording = record()
    monkeypatch.setattr(placeholders, "kms_key_arn", lambda region: f"arn:aws:kms:{region}:123456789012:key/1")
    evaluated: list[tuple[str, str | None]] = []
    prove = proof_aws.prove_aws

    def spied(*words: Any, **more: Any) -> Proof:
        evaluated.append((more["grant"], more["trust"]))
        return prove(*words, **more)

    with monkeypatch.context() as patched:
        patched.setattr(proof_aws, "prove_aws", spied)
        survey(manifest)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return pulumi.Output.from_input(deploy(manifest))

    program()
    kinds = ("aws:iam/rolePolicy:RolePolicy", "aws:iam/groupPolicy:GroupPolicy")
    deployed = [inputs["policy"] for kind in kinds for inputs in recording.found.get(kind, {}).values()]
    assert sorted(grant for grant, _ in evaluated) == sorted(deployed)
    trusts = [role["assumeRolePolicy"]["value"] for role in recording.found.get("aws:iam/role:Role", {}).values()]
    external_id = "an-external-id-of-43-characters-000000000000"
    assert sorted(trust for _, trust in evaluated if trust) == sorted(
        trust.replace(external_id, placeholders.EXTERNAL_ID) for trust in trusts
    )


def test_what_is_evaluated_of_a_service_account_is_what_a_deployment_would_deploy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    manifest = Manifest.parse(
        {
            "stores": {"frames": {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"}},
            "datasets": {
                "herd": {
                    "type": "images",
                    "input": {"store": "frames", "path": "herd/", "access": "service_account"},
                    "lightly": {"store": "frames", "path": "out/", "access": "service_account"},
                }
            },
        }
    )
    evaluated: list[tuple[Any, Any]] = []
    prove = proof_gcs.prove_gcs

    def spied(*words: Any, role: str, binding: str) -> Proof:
        evaluated.append((json.loads(role)["includedPermissions"], json.loads(binding)["condition"]))
        return prove(*words, role=role, binding=binding)

    with monkeypatch.context() as patched:
        patched.setattr(proof_gcs, "prove_gcs", spied)
        survey(manifest)
    recording = record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return pulumi.Output.from_input(deploy(manifest))

    program()
    roles = [item["permissions"] for item in recording.found["gcp:projects/iAMCustomRole:IAMCustomRole"].values()]
    bindings = recording.found["gcp:storage/bucketIAMMember:BucketIAMMember"].values()
    by_text = json.JSONEncoder(sort_keys=True).encode
    assert sorted(permissions for permissions, _ in evaluated) == sorted(roles)
    assert sorted((c for _, c in evaluated), key=by_text) == sorted(
        (binding["condition"] for binding in bindings), key=by_text
    )


def test_capabilities_are_all_there_in_their_order() -> None:
    manifest = check_path(STACKS["starter"]).manifest
    assert manifest
    for datasource in as_json(placed(*survey(manifest)))["datasources"]:
        assert list(datasource["capabilities"]) == [str(capability) for capability in Capability]


@pytest.mark.parametrize("kind", ["s3", "azure", "gcs"])
def test_datasources_that_differ_in_their_path_alone_are_decided_once_for_each_purpose(kind: str) -> None:
    kinds: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "s3": ({"bucket": "acme-frames", "region": "eu-central-1"}, {"access": "user"}),
        "gcs": ({"bucket": "acme-frames", "project": "acme-ml"}, {"access": "service_account"}),
        "azure": (
            {"account": "acmedata", "container": "frames", "resource_group": "ml", "hierarchical": True},
            {"access": "sas", "sas": "user_delegation"},
        ),
    }
    store, access = kinds[kind]
    datasets = {
        f"herd-{number}": {
            "type": "images",
            "input": {"store": "frames", "path": f"herds/{number}/", **access},
            "lightly": {"store": "frames", "path": f"results/{number}/", **access},
        }
        for number in range(4)
    }
    found = survey(Manifest.parse({"stores": {"frames": {"kind": kind, **store}}, "datasets": datasets}))
    for purpose in Purpose:
        assert len({id(each.tally) for each in found if each.purpose is purpose}) == 1
    for each in found:
        assert any(repr(each.path.partition("frames/")[2]) in case.subject for case in each.cases), (
            "named by its own path"
        )


def test_what_is_written_is_the_document() -> None:
    manifest = check_path(STACKS["rehearsal"]).manifest
    assert manifest
    for found in (placed(*survey(manifest)), []):
        assert "".join(written(found)) == json.dumps(as_json(found), indent=2)
