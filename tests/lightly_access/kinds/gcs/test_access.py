import json
import re
from datetime import date
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.access import LeastPrivilegeError
from lightly_access.kinds.gcs import names as gcs_names
from lightly_access.kinds.gcs.components import (
    GcsBucket,
    GcsBucketArgs,
    GcsServiceAccountAccess,
    GcsServiceAccountAccessArgs,
)
from lightly_access.kinds.gcs.components import grant as grant_module
from lightly_core.capability import Purpose, expected
from lightly_policies.render_gcs import gcs_binding, gcs_role

from tests.lightly_access import recording as recording_module
from tests.lightly_access.recording import GOOGLE_KEY, Recording, record

HERE: GcsBucketArgs = {"bucket": "acme-frames", "project": "acme-ml", "location": "europe-west3"}
BINDING, ROLE = "gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:projects/iAMCustomRole:IAMCustomRole"
ACCOUNT, KEY = "gcp:serviceaccount/account:Account", "gcp:serviceaccount/key:Key"
BUCKET, OBJECT = "gcp:storage/bucket:Bucket", "gcp:storage/bucketObject:BucketObject"


def access(
    purpose: Purpose, path: str = "herd/", *, create: bool = True, **more: Any
) -> tuple[Recording, dict[str, Any]]:
    recording = record()
    seen: dict[str, Any] = {}

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        store = GcsBucket("frames", {**HERE, "create": create})
        args: GcsServiceAccountAccessArgs = {"store": store, "path": path, "purpose": purpose, "dataset": "herd"}
        made = GcsServiceAccountAccess("herd-access", {**args, **more})  # type: ignore[typeddict-item]  # spread of a test
        seen["component"] = made
        everything = {name: getattr(made, name) for name in ("identity", "proof", "fingerprint", "credential")}
        sealed = made.registration["credentials"]
        secrecy = [pulumi.Output.from_input(value.is_secret()) for value in [*everything.values(), sealed]]
        return pulumi.Output.all(pulumi.Output.from_input(everything), pulumi.Output.all(*secrecy), sealed).apply(
            lambda found: seen.update(found[0], secrecy=found[1], credentials=found[2])
        )

    program()
    return recording, seen


@pytest.mark.parametrize("path", ["herd/", ""])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_deployed_documents_prove_the_lights_of_the_purpose(purpose: Purpose, path: str) -> None:
    _, seen = access(purpose, path)
    assert seen["proof"] == {str(capability): value for capability, value in expected(purpose).items()}


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_binding_gives_one_member_one_role_on_one_bucket_under_our_condition(purpose: Purpose) -> None:
    recording, _ = access(purpose)
    binding, role = recording.only(BINDING), recording.only(ROLE)
    name = f"projects/acme-ml/roles/{role['roleId']}"
    member = f"serviceAccount:{recording.only(ACCOUNT)['accountId']}@acme-ml.iam.gserviceaccount.com"
    assert binding == json.loads(gcs_binding("acme-frames", "herd/", role=name, member=member))
    assert role["permissions"] == json.loads(gcs_role(purpose))["includedPermissions"]


def test_of_a_whole_bucket_the_binding_has_no_condition() -> None:
    recording, _ = access(Purpose.INPUT, "")
    assert "condition" not in recording.only(BINDING)


def test_nothing_is_bound_to_the_project() -> None:
    recording, _ = access(Purpose.LIGHTLY)
    assert set(recording.found) == {
        *("lightly-access:gcp:GcsBucket", "lightly-access:gcp:GcsServiceAccountAccess"),
        *(BINDING, ROLE, ACCOUNT, KEY, BUCKET, OBJECT, "lightly:index:BucketGuard"),
    }


def test_a_created_bucket_is_hardened() -> None:
    recording = record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> None:
        GcsBucket("frames", {**HERE, "create": True, "versioning": True, "noncurrent_days": 30, "labels": {"a": "b"}})

    program()
    assert recording.only(BUCKET) == {
        "name": "acme-frames",
        "project": "acme-ml",
        "location": "europe-west3",
        "uniformBucketLevelAccess": True,
        "publicAccessPrevention": "enforced",
        "versioning": {"enabled": True},
        "lifecycleRules": [
            {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}},
            {"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 30}},
        ],
        "forceDestroy": False,
        "labels": {"a": "b"},
    }


@pytest.mark.parametrize(
    ("purpose", "create", "placed"),
    [(Purpose.INPUT, True, True), (Purpose.INPUT, False, False), (Purpose.LIGHTLY, False, True)],
)
def test_an_adopted_bucket_is_not_touched_and_only_our_own_directory_is_made(
    purpose: Purpose, create: bool, placed: bool
) -> None:
    recording, seen = access(purpose, create=create)
    assert (BUCKET in recording.found) is create
    assert (OBJECT in recording.found) is placed
    if placed:
        assert recording.only(OBJECT)["name"] == "herd/"
        assert recording.only(OBJECT)["content"]["value"] == " ", "the provider takes no empty content"
    assert seen["component"].prerequisites


def test_the_key_file_is_registered_as_a_secret_and_stands_nowhere_else() -> None:
    recording, seen = access(Purpose.INPUT)
    assert seen["secrecy"] == [False] * 4 + [True]
    assert gcs_names.credentials(seen["credentials"]) is None
    assert json.loads(seen["credentials"])["private_key"] == GOOGLE_KEY
    component = seen["component"]
    assert component.registration["credentials"] is component.probe_credential["credentials"]
    shown = json.dumps([seen["identity"], seen["proof"], seen["fingerprint"], seen["credential"]])
    assert GOOGLE_KEY not in shown
    assert GOOGLE_KEY not in str(recording.found)
    plain = {name: value for name, value in component.registration.items() if name != "credentials"}
    assert plain == {
        "kind": "gcs",
        "access": "service_account",
        "path": "gs://acme-frames/herd/",
        "project_id": "acme-ml",
    }
    assert seen["identity"] == f"{recording.only(ACCOUNT)['accountId']}@acme-ml.iam.gserviceaccount.com"


def test_a_key_says_when_its_time_is_over() -> None:
    _, seen = access(Purpose.INPUT, rotate_after=10, rotate_anchor=date(2026, 1, 1))
    assert (seen["credential"]["kind"], seen["credential"]["created"]) == (
        "service account key",
        "2026-11-20T00:00:00Z",
    )
    due = date.fromisoformat(seen["credential"]["rotates"])
    assert (due - date(2026, 1, 1)).days % 10 == 0


def test_documents_that_are_not_least_privilege_are_not_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = gcs_binding
    monkeypatch.setattr(grant_module, "gcs_binding", lambda *a, **k: honest(*a, **k).replace("herd/", "herd"))
    with pytest.raises(LeastPrivilegeError, match="wider") as refused:
        access(Purpose.INPUT)
    assert refused.value.access == "herd-access"


def test_a_binding_that_the_cloud_made_wider_turns_the_lights_of_the_proof() -> None:
    role = grant_module.role_text("projects/p/roles/r_1", json.loads(gcs_role("LIGHTLY"))["includedPermissions"])
    binding = grant_module.binding_text("b/acme-frames", "projects/p/roles/r_1", "serviceAccount:a@p.x", None)

    class Store:
        bucket, project, created = "acme-frames", "acme-ml", False

    args: Any = {"store": Store(), "path": "herd/", "purpose": Purpose.INPUT, "dataset": "herd"}
    grant = grant_module.Grant(args)
    proof = grant.prove(role, binding, "serviceAccount:a@p.x")
    assert proof.capabilities["delete"]
    assert any("has no condition" in sentence for sentence in proof.unexpected)


def test_datasources_of_a_store_share_the_role_of_their_purpose_and_nothing_else() -> None:
    recording = record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> None:
        store = GcsBucket("frames", HERE)
        for dataset in ("cows", "sheep"):
            for purpose in Purpose:
                GcsServiceAccountAccess(
                    f"{dataset}-{purpose}",
                    {"store": store, "path": f"{dataset}/", "purpose": purpose, "dataset": dataset},
                )

    program()
    assert len(recording.found[ROLE]) == 2
    assert len({account["accountId"] for account in recording.found[ACCOUNT].values()}) == 4
    assert len({binding["member"] for binding in recording.found[BINDING].values()}) == 4


@given(st.text(max_size=80), st.sampled_from(list(Purpose)))
def test_every_name_is_one_that_google_takes(name: str, purpose: Purpose) -> None:
    class Store:
        _name = name

    pulumi.runtime.set_mocks(Recording(), project="3d-herd", stack=name or "s", preview=False)
    grant = grant_module.Grant({"store": Store(), "path": "", "purpose": purpose, "dataset": name})  # type: ignore[typeddict-item]  # only names are asked
    assert re.fullmatch("[a-z]([-a-z0-9]*[a-z0-9])", grant.account_id)
    assert 6 <= len(grant.account_id) <= 30
    role_id = GcsBucket.role_id(Store(), purpose)  # type: ignore[arg-type]  # only its name is asked
    assert re.fullmatch(r"[a-zA-Z0-9_.]{3,64}", role_id)


def test_a_role_that_somebody_deleted_is_named_with_the_way_back(monkeypatch: pytest.MonkeyPatch) -> None:
    google = recording_module.google

    def deleted(kind: str, inputs: dict[str, Any]) -> dict[str, Any]:
        return {**google(kind, inputs), **({"deleted": True} if kind == ROLE else {})}

    monkeypatch.setattr(recording_module, "google", deleted)
    way_back = r"was deleted(.|\n)*hint: `gcloud iam roles undelete acme_test_frames_input\w* --project acme-ml`"
    with pytest.raises(pulumi.RunError, match=way_back):
        access(Purpose.INPUT)
