"""Whoever deploys to Google Cloud, asked of the local one: who it is, and what it may."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lightly_access.doctor.examination import examination
from lightly_access.doctor.finding import Finding, State
from lightly_access.doctor.question import ask_all
from lightly_access.doctor.stack import ClosedSecretError, Stack
from lightly_access.kinds.gcs import deployer_permissions, doctor
from lightly_access.manifest import Manifest
from lightly_core.secret import Secret
from lightly_policies.deployer_needs import GOOGLE

from tests.lightly_sandbox.kinds.gcs.emulator.conftest import google, server
from tests.lightly_sandbox.kinds.gcs.emulator.project import Project

__all__ = ["google", "server"]


def manifest(project: str, bucket: str) -> Manifest:
    made = {
        "kind": "gcs", "bucket": "acme-out-4711", "project": project, "create": True, "location": "EU",
        "force_destroy": True,
    }  # fmt: skip
    stores = {"raw": {"kind": "gcs", "bucket": bucket, "project": project}, "out": made}
    sides = {
        "input": {"store": "raw", "path": "cows/", "access": "service_account"},
        "lightly": {"store": "out", "path": "cows/", "access": "service_account"},
    }
    return Manifest.parse({"stores": stores, "datasets": {"cows": {"type": "images", **sides}}})


def ask(google: Project, token: str, bucket: str) -> Mapping[str, Finding]:
    def closed(key: str) -> Secret:
        raise ClosedSecretError(key)

    environ = {"STORAGE_EMULATOR_HOST": google.endpoint, "GOOGLE_OAUTH_ACCESS_TOKEN": token}
    stack = Stack("prod", "farm", Path(), manifest(google.project, bucket), {}, environ, closed)
    found = examination(ask_all(list(doctor.questions(stack)), 60)).findings
    assert not any(token and token in f"{each.said} {each.fix}" for each in found)
    return {each.name: each for each in found}


def test_an_administrator_is_named_and_may_deploy(google: Project) -> None:
    found = ask(google, google.announcement["token"], google.bucket())
    assert "@" in found["gcp login"].said
    assert {name: each.state for name, each in found.items()} == dict.fromkeys(
        ("gcp login", "gcp permissions", "clock"), State.OK
    ), found


def test_what_a_service_account_may_not_is_named_where_it_is_missed(google: Project) -> None:
    bucket = google.bucket()
    who = google.granted(bucket, "storage.buckets.getIamPolicy", "storage.buckets.setIamPolicy", fresh=True)
    may = ask(google, who.signed(), bucket)["gcp permissions"]
    assert may.state is State.BAD
    assert "it may not iam.serviceAccounts.create, " in may.said
    assert " more" in may.said


def test_a_token_that_google_does_not_take_is_bad(google: Project) -> None:
    found = ask(google, "ya29.wrong-4711", google.bucket())
    assert found["gcp login"].state is State.BAD
    assert "network" not in found


def test_all_that_a_deployment_needs_is_asked_for() -> None:
    whole: Any = manifest("acme-ml", "acme-raw-4711")
    assert set(deployer_permissions.of_project(whole, "acme-ml", None)) == {need.permission for need in GOOGLE}
    on_buckets = deployer_permissions.of_buckets(whole, "acme-ml", None)
    assert set(on_buckets) == {"acme-raw-4711"}
    assert "storage.buckets.setIamPolicy" in on_buckets["acme-raw-4711"]
    assert "iam.roles.create" not in on_buckets["acme-raw-4711"]


def test_without_a_login_the_way_to_one_is_told(google: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent.json")
    login = ask(google, "", google.bucket())["gcp login"]
    assert login.state is State.BAD
    assert "gcloud auth application-default login" in str(login.fix)
