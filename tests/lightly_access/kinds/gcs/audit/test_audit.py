"""`lightly-access audit` whole, over a local Lightly and the local Google Cloud."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lightly_policies.render_gcs import gcs_binding, gcs_role
from lightly_sandbox.emulators.server import listening
from lightly_sandbox.lightly.app import App

from tests.lightly_access.audit.clouds import NONCE, TOKEN, Lightly, run
from tests.lightly_sandbox.kinds.gcs.emulator.conftest import google, server
from tests.lightly_sandbox.kinds.gcs.emulator.project import Project
from tests.lightly_sandbox.lightly.caller import NOWHERE

__all__ = ["google", "server"]


@pytest.fixture
def lightly(google: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Lightly]:
    monkeypatch.chdir(tmp_path)
    with listening(App(NONCE, TOKEN, NOWHERE)) as url:
        for name, value in {
            "LIGHTLY_SERVER_LOCATION": url,
            "LIGHTLY_TOKEN": TOKEN,
            "STORAGE_EMULATOR_HOST": google.endpoint,
            "GOOGLE_OAUTH_ACCESS_TOKEN": google.announcement["token"],
        }.items():
            monkeypatch.setenv(name, value)
        yield Lightly(url)


def source(purpose: str, bucket: str, path: str, file: Any, project: str) -> dict[str, Any]:
    more = {"gcsProjectId": project, "gcsCredentials": json.dumps(dict(file))}
    return {"purpose": purpose, "type": "GCS", "fullPath": f"gs://{bucket}/{path}", **more}


def test_what_was_made_by_hand_is_evaluated_and_the_key_is_not_shown(google: Project, lightly: Lightly) -> None:
    bucket = google.bucket()
    permissions = json.loads(gcs_role("LIGHTLY"))["includedPermissions"]
    reader = google.granted(bucket, *permissions, fresh=True)
    writer = google.key(google.account())
    role = google.role(*permissions)
    condition = json.loads(gcs_binding(bucket, "out/", role=role, member=writer.member))["condition"]
    assert google.bind(bucket, role, writer.member, condition["expression"]).status == 200
    name = google.name("herd")
    made = (
        source("INPUT", bucket, "in/", reader.file, google.project),
        source("LIGHTLY", bucket, "out/", writer.file, google.project),
    )
    lightly.dataset(name, *made)
    ended = run(name, "--json")
    document = json.loads(ended.output)
    assert ended.exit_code == 1
    found = {(finding["purpose"], finding["rule"]) for finding in document["findings"]}
    assert {("INPUT", "input-writes"), ("INPUT", "whole-bucket")} <= found
    assert {rule for purpose, rule in found if purpose == "LIGHTLY"} <= {"public-possible"}
    assert document["unread"] == []
    assert "PRIVATE KEY" not in ended.output
    ids = {resource["type"]: resource.get("id", "") for resource in document["import"]["resources"]}
    assert ids["gcp:serviceaccount/account:Account"].startswith(f"projects/{google.project}/serviceAccounts/")
    assert ids["gcp:storage/bucketIAMMember:BucketIAMMember"].startswith(f"b/{bucket} {role.partition('roles/')[0]}")


def test_what_may_not_be_read_is_named_with_its_right(
    google: Project, lightly: Lightly, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = google.bucket()
    who = google.granted(bucket, "storage.objects.get", fresh=True)
    name = google.name("herd")
    lightly.dataset(name, source("INPUT", bucket, "in/", who.file, google.project))
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", who.signed())
    ended = run(name, "--json")
    document = json.loads(ended.output)
    needs = {item["needs"] for item in document["unread"]}
    assert {"storage.buckets.getIamPolicy", "iam.serviceAccounts.get", "iam.serviceAccountKeys.list"} <= needs
    assert not [finding for finding in document["findings"] if finding["rule"].startswith("missing")]
    assert ended.exit_code == 1


def test_without_a_login_it_says_how_to_get_one(
    google: Project, lightly: Lightly, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent.json")
    bucket = google.bucket()
    who = google.granted(bucket, "storage.objects.get")
    name = google.name("herd")
    lightly.dataset(name, source("INPUT", bucket, "in/", who.file, google.project))
    reasons = {
        item["reason"] for item in json.loads(run(name, "--json").output)["unread"] if item["needs"] == "a login"
    }
    assert any("gcloud auth application-default login" in reason for reason in reasons)
