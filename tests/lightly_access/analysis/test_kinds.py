"""What each kind of store and access says of itself, and what happens when documents are broken."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from lightly_access.analysis.datasource import Analysis
from lightly_access.analysis.survey import survey
from lightly_access.analysis.terminal import lines
from lightly_access.analysis.view import summary
from lightly_access.kinds.azure import analysis as azure_analysis
from lightly_access.kinds.azure.sas_window import Window
from lightly_access.manifest import Manifest
from lightly_access.rotation import Period
from lightly_access.tables.datasource import Datasource
from lightly_core.capability import Capability, Purpose
from lightly_policies import proof_sas, render_aws, render_gcs
from lightly_policies.case import Place
from lightly_policies.sas import StoredPolicy

from tests.lightly_access.analysis.example import placed, reaches
from tests.lightly_access.manifest.example import KEY

ROLE = ("farm-animals", Purpose.INPUT)
KEYED = ("dashcam", Purpose.LIGHTLY)


def decisions(analysis: Any, capability: Capability) -> list[str]:
    return [analysis.row(capability).cells[place].decision for place in Place]


def test_the_statement_that_decides_is_named_the_key_included() -> None:
    found = reaches({"stores.lake.kms_key": KEY})[ROLE]
    assert found.row(Capability.LIST).statements == ("grant/LightlyListBucket",)
    assert found.row(Capability.READ).statements == ("grant/LightlyReadObjects", "grant/LightlyDecryptThroughS3")
    assert found.row(Capability.WRITE).statements == ()


def test_a_role_is_told_with_its_account_its_external_id_and_its_hours() -> None:
    words = reaches()[ROLE].words
    assert "916419735646" in words.who
    assert "256 random bits" in words.who
    assert "12 hours" in words.long
    assert "placeholder for the external ID, which" in words.notes[0]
    assert "lists and reads everything" in words.leak


def test_a_key_is_told_with_its_period_and_has_no_placeholder_for_an_external_id() -> None:
    found = reaches({"datasets.dashcam.lightly.rotate_after": 7})[KEYED]
    assert found.words.who.startswith("whoever holds the access key")
    assert "7 days (counted from 2026-01-01)" in found.words.long
    assert "writes and deletes" in found.words.leak
    assert not any("external ID" in note for note in found.words.notes)
    assert found.ways_in.tried == 0


def test_a_key_that_will_be_made_is_evaluated_with_a_placeholder_and_an_existing_one_is_not() -> None:
    made = reaches({"stores.results.kms_key": "create"})[KEYED]
    assert any("placeholder for the KMS key" in note for note in made.words.notes)
    given = reaches({"stores.results.kms_key": KEY})[KEYED]
    assert not any("placeholder" in note for note in given.words.notes)


def test_a_whole_bucket_has_nothing_beside_it() -> None:
    found = reaches({"datasets.farm-animals.input.path": ""})[ROLE]
    assert decisions(found, Capability.LIST) == ["allowed", "none", "refused"]
    assert found.ok


def test_an_unbound_list_is_said_and_is_expected() -> None:
    found = reaches({"datasets.farm-animals.input.list_prefix_condition": False})[ROLE]
    assert decisions(found, Capability.LIST) == ["allowed", "allowed", "refused"]
    assert decisions(found, Capability.READ) == ["allowed", "refused", "refused"]
    assert found.ok
    assert any("whole bucket can be listed" in note for note in found.words.notes)


def test_a_boundary_is_named_and_called_unevaluated() -> None:
    boundary = "arn:aws:iam::123456789012:policy/third-party"
    found = reaches({"datasets.farm-animals.input.permissions_boundary": boundary})[ROLE]
    assert any(boundary in note and "not evaluated" in note for note in found.words.notes)


def widened(text: str) -> str:
    return text.replace("/projects/farm-animals/*", "/projects/*")


def narrowed(text: str) -> str:
    return text.replace("s3:GetObject", "s3:GetObjectAcl")


def every_action(text: str) -> str:
    return text.replace('"s3:GetObject"', '"s3:*"')


def unconditional(text: str) -> str:
    return text.replace('"s3:prefix"', '"aws:RequestedRegion"')


@pytest.mark.parametrize(
    ("break_it", "breadth", "statement", "cell"),
    [
        (widened, "wider", "grant/LightlyReadObjects", (Capability.READ, Place.BESIDE, "partly")),
        (every_action, "wider", "grant/LightlyReadObjects", (Capability.WRITE, Place.INSIDE, "allowed")),
        (narrowed, "narrower", "s3:GetObject", (Capability.READ, Place.INSIDE, "refused")),
        (unconditional, "narrower", "s3:ListBucket", (Capability.LIST, Place.INSIDE, "refused")),
    ],
)
def test_a_broken_grant_is_seen_and_its_statement_named(
    break_it: Callable[[str], str],
    breadth: str,
    statement: str,
    cell: tuple[Capability, Place, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws_grant = render_aws.aws_grant
    monkeypatch.setattr(render_aws, "aws_grant", lambda *words, **more: break_it(aws_grant(*words, **more)))
    found = reaches()[ROLE]
    assert not found.ok
    assert any(item.startswith(f"{breadth}: ") and statement in item for item in found.unexpected)
    capability, place, decision = cell
    seen = found.row(capability).cells[place]
    assert (seen.decision, seen.ok) == (decision, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [("StringEquals", "StringLike"), ("StringEquals", "StringNotEquals"), (":root", ":user/anyone")],
)
def test_a_broken_trust_policy_is_seen(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    aws_trust = render_aws.aws_trust
    monkeypatch.setattr(render_aws, "aws_trust", lambda *words: aws_trust(*words).replace(old, new))
    found = reaches()[ROLE]
    assert not found.ok
    assert any("who: NOT as intended, see below" in line for line in lines(placed(found)))
    assert reaches()[("dashcam", Purpose.INPUT)].ok, "a user has no trust policy"


def test_a_document_that_the_cloud_would_refuse_is_red_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_aws, "aws_grant", lambda *_, **__: '{"Statement": 7}')
    found = reaches()[ROLE]
    assert (found.ok, found.evaluated) == (False, False)
    assert "nothing can be deployed: grant" in found.unexpected[0]


LOCAL_AND_OBS = {
    "stores": {
        "disk": {"kind": "local", "input_mount": "env:CAMERAS", "lightly_mount": "/srv/lightly"},
        "archive": {"kind": "obs", "bucket": "acme-archive", "endpoint": "env:ENDPOINT"},
    },
    "datasets": {
        "conveyor": {
            "type": "videos",
            "input": {"store": "disk", "path": "conveyor/", "access": "mount"},
            "lightly": {"store": "disk", "path": "conveyor/", "access": "mount"},
        },
        "apples": {
            "type": "images",
            "input": {
                "store": "archive",
                "path": "apples/",
                "access": "key",
                "access_key_id": "env:ID",
                "secret": "env:SECRET",
                "whole_bucket": True,
            },
            "lightly": {"store": "disk", "path": "apples/", "access": "mount"},
        },
    },
}


def test_a_mount_reaches_the_whole_folder_and_an_input_is_read_only() -> None:
    source, lightly, *_ = survey(Manifest.parse(LOCAL_AND_OBS))
    assert decisions(source, Capability.READ) == ["allowed", "allowed", "refused"]
    assert decisions(source, Capability.DELETE) == ["refused", "refused", "refused"]
    assert source.row(Capability.DELETE).statements == ("worker/input_mount:ro",)
    assert decisions(lightly, Capability.DELETE) == ["allowed", "allowed", "refused"]
    assert source.ok
    assert lightly.ok
    assert any("whole folder" in note for note in source.words.notes)


def test_a_mount_that_is_not_read_only_is_wider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lightly_access.worker_command.mount_option", lambda _, folder: f"{folder}:/input_mount")
    found = survey(Manifest.parse(LOCAL_AND_OBS))[0]
    assert not found.ok
    assert "wider: write in the path: the mount is writable (worker/input_mount)" in found.unexpected


CLOUDS = {
    "stores": {
        "photos": {"kind": "azure", "account": "acmephotos", "container": "lake", "resource_group": "acme"},
        "deep": {
            "kind": "azure",
            "account": "acmedeep",
            "container": "lake",
            "resource_group": "acme",
            "hierarchical": True,
        },
        "frames": {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"},
    },
    "datasets": {
        name: {
            "type": "images",
            "input": {"store": store, "path": "cows/", "access": access},
            "lightly": {"store": store, "path": "out/", "access": access, **more},
        }
        for name, store, access, more in (
            ("photos", "photos", "sas", {}),
            ("deep", "deep", "sas", {"sas": "user_delegation"}),
            ("frames", "frames", "service_account", {"rotate_after": 7}),
        )
    },
}


@pytest.fixture(name="clouds")
def _clouds() -> dict[tuple[str, str], Analysis]:
    warned = Manifest.check(CLOUDS)
    assert warned.problems == ()
    assert warned.manifest
    return {(analysis.dataset, str(analysis.purpose)): analysis for analysis in survey(warned.manifest)}


def test_a_sas_of_a_plain_account_covers_the_container_and_that_is_said(
    clouds: dict[tuple[str, str], Analysis],
) -> None:
    found = clouds["photos", "INPUT"]
    assert decisions(found, Capability.READ) == ["allowed", "allowed", "refused"]
    assert found.ok
    assert "in the whole container" in found.words.leak
    assert any("whole container, not only the path" in note for note in found.words.notes)
    assert "1 of 1 datasource as expected; 1 of them beyond the path" in summary(placed(found))


def test_a_sas_of_a_hierarchical_account_is_bound_to_the_path(clouds: dict[tuple[str, str], Analysis]) -> None:
    for purpose in Purpose:
        found = clouds["deep", purpose]
        assert decisions(found, Capability.READ) == ["allowed", "refused", "refused"]
        assert found.ok
        assert "inside the path" in found.words.leak
    assert clouds["deep", "LIGHTLY"].words.long.startswith("7 days; the first deployment in every 3 days")
    assert "cannot be revoked alone" in clouds["deep", "LIGHTLY"].words.leak
    assert clouds["photos", "INPUT"].words.long.startswith("105 days, until its stored access policy ends")


@pytest.mark.parametrize("days", [1, 5, 90])
def test_a_sas_lives_as_long_as_a_deployment_makes_it(days: int) -> None:
    period = Period.of({"rotate_after": days}, date(2026, 1, 1))
    for method, expected in (("stored_policy", Window.stored(period)), ("user_delegation", Window.delegated(period))):
        more = {"sas": method, "rotate_after": min(days, 5) if method == "user_delegation" else days}
        source = Datasource.model_validate({"store": "photos", "path": "cows/", "access": "sas", **more})
        assert azure_analysis.window(source) == (expected.start, expected.expiry)


def test_a_service_account_is_bound_by_its_condition(clouds: dict[tuple[str, str], Analysis]) -> None:
    found = clouds["frames", "LIGHTLY"]
    assert decisions(found, Capability.OVERWRITE) == ["allowed", "refused", "refused"]
    assert found.row(Capability.READ).statements == ("binding/Lightly LIGHTLY",)
    assert "every 7 days" in found.words.long
    assert found.ok


def test_a_binding_without_its_condition_is_wider(monkeypatch: pytest.MonkeyPatch) -> None:
    binding = render_gcs.gcs_binding
    monkeypatch.setattr(render_gcs, "gcs_binding", lambda bucket, _, **more: binding(bucket, "", **more))
    found = next(
        analysis for analysis in survey(Manifest.parse(CLOUDS), ["frames"]) if analysis.purpose is Purpose.INPUT
    )
    assert not found.ok
    assert decisions(found, Capability.READ) == ["allowed", "allowed", "refused"]
    assert any("wider" in item and "projects/acme-ml/roles/lightly" in item for item in found.unexpected)


def test_a_role_with_one_right_more_is_wider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        render_gcs,
        "gcs_role",
        lambda _: json.dumps(
            {"includedPermissions": ["storage.objects.get", "storage.objects.list", "storage.buckets.delete"]}
        ),
    )
    found = next(
        analysis for analysis in survey(Manifest.parse(CLOUDS), ["frames"]) if analysis.purpose is Purpose.INPUT
    )
    assert any("storage.buckets.delete" in item for item in found.unexpected)


@pytest.mark.parametrize("letters", ["rld", "l"])
def test_a_sas_with_other_letters_is_seen(letters: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = proof_sas.planned

    def broken(*words: Any, **more: Any) -> tuple[str, StoredPolicy | None]:
        token, policy = planned(*words, **more)
        return token, policy and replace(policy, permissions=letters)

    monkeypatch.setattr(proof_sas, "planned", broken)
    found = next(
        analysis for analysis in survey(Manifest.parse(CLOUDS), ["photos"]) if analysis.purpose is Purpose.INPUT
    )
    assert not found.ok
    assert any(item.startswith("wider" if "d" in letters else "narrower") for item in found.unexpected)


ADOPTED = {
    "stores": {
        "lake": {"kind": "s3", "bucket": "lake", "region": "eu-central-1"},
        "photos": {"kind": "azure", "account": "acmephotos", "container": "lake", "resource_group": "acme"},
        "frames": {"kind": "gcs", "bucket": "frames", "project": "acme-ml"},
    },
    "datasets": {
        "cows": {
            "type": "images",
            "input": {"store": "lake", "path": "in/", "access": "delegated", "external_id": "x",
                      "role_arn": "arn:aws:iam::123456789012:role/cows"},
            "lightly": {"store": "lake", "path": "out/", "access": "user", "secret": "x", "whole_bucket": True,
                        "access_key_id": "AKIAIOSFODNN7EXAMPLE"},
        },
        "sheep": {
            "type": "images",
            "input": {"store": "photos", "path": "in/", "access": "sas", "secret": "x"},
            "lightly": {"store": "frames", "path": "out/", "access": "service_account", "secret": "x"},
        },
    },
}  # fmt: skip


def test_what_somebody_else_made_is_neither_good_nor_bad() -> None:
    found = survey(Manifest.parse(ADOPTED))
    assert [analysis.path for analysis in found] == [
        "s3://lake/in/",
        "s3://lake/out/",
        "azure://acmephotos/lake/in/",
        "gs://frames/out/",
    ]
    assert all((analysis.evaluated, analysis.ok, analysis.cases) == (False, True, ()) for analysis in found)
    assert all("that somebody else made" in analysis.words.way and analysis.words.notes for analysis in found)
    assert "rotate_now" not in str(found)
    assert "lightly-access audit" in found[0].words.notes[0]
    assert "reaches beyond the path" in found[1].words.leak


def test_an_external_key_is_neither_good_nor_bad() -> None:
    found = survey(Manifest.parse(LOCAL_AND_OBS))[2]
    assert (found.kind, found.evaluated, found.ok) == ("obs", False, True)
    assert "reaches beyond the path" in found.words.leak
