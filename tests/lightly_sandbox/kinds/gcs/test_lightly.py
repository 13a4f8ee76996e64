"""A registered key of a service account is really used: each refusal is its light, in Google's words."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from lightly_sandbox.emulators.server import listening
from lightly_sandbox.kinds.gcs.client import Google
from lightly_sandbox.kinds.gcs.lightly import GcsStorage
from lightly_sandbox.lightly.app import App
from lightly_sandbox.lightly.storage import Storages
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.lightly.caller import NONCE, TOKEN, Api
from tests.lightly_sandbox.lightly.test_verify import FIELDS, red, registered, verified, verified_again

READING = ["storage.objects.get", "storage.objects.list"]
WRITING = [*READING, "storage.objects.create", "storage.objects.delete"]


@dataclass
class Project:
    """The project, seen by its owner, with a bucket of its own for each test."""

    google: Google
    name: str
    bucket: str

    def key(self, permissions: list[str], path: str) -> dict[str, Any]:
        """The key file of a new account that may do this below the path."""
        id = f"sa-{uuid4().hex[:8]}"
        accounts, roles = f"/v1/projects/{self.name}/serviceAccounts", f"/v1/projects/{self.name}/roles"
        email = self.google.ask("POST", accounts, {"accountId": id, "serviceAccount": {}})["email"]
        role = self.google.ask(
            "POST", roles, {"roleId": id.replace("-", "_"), "role": {"title": id, "includedPermissions": permissions}}
        )["name"]
        policy = self.google.ask("GET", f"/storage/v1/b/{self.bucket}/iam", optionsRequestedPolicyVersion=3)
        prefix = f'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("{path}")'
        below = f'resource.name.startsWith("projects/_/buckets/{self.bucket}/objects/{path}")'
        condition = {"title": "below", "expression": f"{prefix} || {below}" if path else "true"}
        binding = {"role": role, "members": [f"serviceAccount:{email}"], "condition": condition}
        policy |= {"version": 3, "bindings": [*policy["bindings"], binding]}
        self.google.ask("PUT", f"/storage/v1/b/{self.bucket}/iam", policy)
        made = self.google.ask("POST", f"{accounts}/{email}/keys", {})["privateKeyData"]
        file: dict[str, Any] = json.loads(base64.b64decode(made))
        return file

    def source(self, purpose: str, path: str, file: dict[str, Any]) -> dict[str, Any]:
        return {
            "purpose": purpose, "type": "GCS", "fullPath": f"gs://{self.bucket}/{path}",
            "gcsProjectId": self.name, "gcsCredentials": json.dumps(file),
        }  # fmt: skip

    def stored(self) -> list[str]:
        return [item["name"] for item in self.google.listed(self.bucket)]


@pytest.fixture(scope="module")
def gcs() -> Iterator[ServerProcess]:
    with start("lightly_sandbox.kinds.gcs.emulator", {}).wait() as server:
        yield server


@pytest.fixture
def project(gcs: ServerProcess) -> Iterator[Project]:
    with Google(gcs.url, gcs.announcement["token"]) as google:
        made = Project(google, gcs.announcement["project"], f"bucket-{uuid4().hex[:12]}")
        uniform = {"uniformBucketLevelAccess": {"enabled": True}}
        google.ask("POST", "/storage/v1/b", {"name": made.bucket, "iamConfiguration": uniform}, project=made.name)
        google.write(made.bucket, "in/a.png", b"a picture")
        google.write(made.bucket, "out/", b"")
        yield made


@pytest.fixture
def api(gcs: ServerProcess) -> Iterator[Api]:
    with listening(App(NONCE, TOKEN, Storages(GcsStorage(gcs.url)))) as url:
        yield Api(url)


def test_least_privilege_on_both_sides_is_green_and_leaves_nothing_behind(api: Api, project: Project) -> None:
    before = project.stored()
    answers, errors = verified(
        api,
        project.source("INPUT", "in/", project.key(READING, "in/")),
        project.source("LIGHTLY", "out/", project.key(WRITING, "out/")),
    )
    assert (red(answers), errors) == ([], {})
    assert project.stored() == before


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("storage.objects.list", ["canList"]),
        ("storage.objects.get", ["canRead"]),
        ("storage.objects.create", ["canWrite", "canOverwrite"]),
        ("storage.objects.delete", ["canOverwrite"]),
    ],
)
def test_a_missing_permission_is_its_own_light(api: Api, project: Project, missing: str, expected: list[str]) -> None:
    file = project.key([entry for entry in WRITING if entry != missing], "out/")
    answers, errors = verified(api, project.source("LIGHTLY", "out/", file))
    assert red(answers) == expected
    for text in errors.values():
        assert text.startswith(f"403 forbidden: {file['client_email']} does not have {missing} access")
        assert f"gs://{project.bucket}/out/" in text


def test_beside_its_path_everything_is_refused(api: Api, project: Project) -> None:
    answers, _ = verified(api, project.source("LIGHTLY", "in/", project.key(WRITING, "out/")))
    assert red(answers) == list(FIELDS)


def test_revoking_is_seen_at_once(api: Api, project: Project) -> None:
    file = project.key(WRITING, "out/")
    dataset = registered(api, project.source("LIGHTLY", "out/", file))
    assert red(verified_again(api, dataset)[0]) == []
    account = f"/v1/projects/{project.name}/serviceAccounts/{file['client_email']}"
    project.google.ask("DELETE", f"{account}/keys/{file['private_key_id']}")
    answers, errors = verified_again(api, dataset)
    assert red(answers) == list(FIELDS)
    assert errors["canList"].startswith("401 authError: Invalid Credentials")
    assert file["client_email"] in errors["canList"]


@pytest.mark.parametrize("changed", [{"private_key": "nonsense"}, {"private_key": None}, {"client_email": None}])
def test_a_file_that_is_no_key_is_refused_without_quoting_it(
    api: Api, project: Project, changed: dict[str, Any]
) -> None:
    file = project.key(WRITING, "out/")
    spoiled = {name: value for name, value in {**file, **changed}.items() if value is not None}
    answers, errors = verified(api, project.source("LIGHTLY", "out/", spoiled))
    assert red(answers) == list(FIELDS)
    assert "InvalidCredentials" in errors["canList"]
    assert "nonsense" not in str(errors)
    assert file["private_key"][40:80] not in str(errors)


def test_no_address_in_the_key_file_is_followed(api: Api, project: Project) -> None:
    elsewhere = dict.fromkeys(("token_uri", "auth_uri", "gcs_base_url"), "http://127.0.0.1:9")
    file = {**project.key(WRITING, "out/"), **elsewhere}
    assert red(verified(api, project.source("LIGHTLY", "out/", file))[0]) == []


def test_a_directory_that_is_not_there_cannot_be_listed(api: Api, project: Project) -> None:
    answers, errors = verified(api, project.source("LIGHTLY", "new/", project.key(WRITING, "new/")))
    assert red(answers) == ["canList", "canRead"]
    assert "not even a placeholder" in errors["canList"]
    assert "404 notFound" in errors["canRead"]


def test_an_empty_bucket_may_be_the_directory(api: Api, project: Project) -> None:
    for name in project.stored():
        project.google.delete(project.bucket, name)
    assert red(verified(api, project.source("LIGHTLY", "", project.key(WRITING, "")))[0]) == []


def test_a_cloud_that_is_gone_is_refused_and_said(project: Project) -> None:
    with listening(App(NONCE, TOKEN, Storages(GcsStorage("http://127.0.0.1:9")))) as url:
        answers, errors = verified(Api(url), project.source("LIGHTLY", "out/", project.key(WRITING, "out/")))
    assert red(answers) == list(FIELDS)
    assert "Unreachable" in errors["canList"]
