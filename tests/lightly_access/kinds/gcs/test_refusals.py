"""Google's refusals are recognised in the output of a deployment, and explained once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.explain import explain
from lightly_cli.main import app
from lightly_sandbox.process import ServerProcess, start
from typer.testing import CliRunner

# As the provider of Google Cloud prints it, indented by Pulumi's engine.
KEYS = """
  gcp:serviceaccount:Key (cows-INPUT-key):
    error: 1 error occurred:
        * Error creating service account key: googleapi: Error 400: Key creation is not allowed on this service account.
    Details:
    [
      {
        "@type": "type.googleapis.com/google.rpc.PreconditionFailure",
        "violations": [
          {
            "description": "Key creation is not allowed on this service account.",
            "subject": "projects/acme-ml/serviceAccounts/a@acme-ml.iam.gserviceaccount.com",
            "type": "constraints/iam.disableServiceAccountKeyCreation"
          }
        ]
      }
    ]
    , failedPrecondition
"""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (KEYS, ["iam.disableServiceAccountKeyCreation"]),
        ("Error 400: Key creation is not allowed on this service account.", ["iam.disableServiceAccountKeyCreation"]),
        (
            'violates "constraints/iam.managed.disableServiceAccountKeyCreation"',
            ["iam.disableServiceAccountKeyCreation"],
        ),
        ("Service account creation is not allowed on this project.", ["iam.disableServiceAccountCreation"]),
        ("'type': 'constraints/iam.disableServiceAccountCreation'", ["iam.disableServiceAccountCreation"]),
        (
            "One or more users named in the policy do not belong to a permitted customer.",
            ["iam.allowedPolicyMemberDomains"],
        ),
        ("Error 412: 'us' violates constraint 'constraints/gcp.resourceLocations'", ["gcp.resourceLocations"]),
        (
            "Request violates constraint 'constraints/storage.softDeletePolicySeconds'",
            ["storage.softDeletePolicySeconds"],
        ),
        (
            "Error 400: You can't create a role_id (acme_frames_input_x) which has been marked for deletion., failed",
            ["role marked for deletion"],
        ),
        (
            "x constraints/gcp.resourceLocations\n" + KEYS,
            ["gcp.resourceLocations", "iam.disableServiceAccountKeyCreation"],
        ),
        ("error: a@b does not have storage.objects.get access", ["Google Cloud"]),
        ("", []),
    ],
)
def test_each_refusal_is_recognised_once_and_in_order(text: str, names: list[str]) -> None:
    found = explain(text)
    assert [explanation.name for explanation in found] == names
    assert all(explanation.cause and explanation.hint for explanation in found)


def test_the_way_out_of_forbidden_keys_names_who_can_open_it_and_what() -> None:
    (found,) = explain(KEYS)
    assert "roles/orgpolicy.policyAdmin" in found.hint
    assert "iam.managed.disableServiceAccountKeyCreation" in found.hint, "both constraints count"


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(explain(text), tuple)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    log: Path = tmp_path_factory.mktemp("gcs") / "log.txt"
    with start("lightly_sandbox.kinds.gcs.emulator", {}, log).wait() as running:
        yield running


def test_the_answer_of_a_cloud_whose_organisation_forbids_keys_is_explained(cloud: ServerProcess) -> None:
    project = cloud.announcement["project"]
    accounts = f"{cloud.url}/v1/projects/{project}/serviceAccounts"

    def post(url: str, body: object, **headers: str) -> urllib3.BaseHTTPResponse:
        head = {"authorization": f"Bearer {cloud.announcement['token']}", **headers}
        return urllib3.request("POST", url, body=json.dumps(body).encode(), headers=head, retries=False)

    email = post(accounts, {"accountId": "forbidden"}).json()["email"]
    policy = [{"org_policy": "iam.disableServiceAccountKeyCreation"}]
    assert post(f"{cloud.url}/_sandbox/faults", policy, **{"x-sandbox-nonce": cloud.nonce}).status == 200
    refused = post(f"{accounts}/{email}/keys", {})
    assert refused.status == 400
    assert [explanation.name for explanation in explain(refused.data.decode())] == [
        "iam.disableServiceAccountKeyCreation"
    ]


def test_the_verb_reads_a_file_or_its_input(tmp_path: Path) -> None:
    log = tmp_path / "up.log"
    log.write_text(KEYS)
    for arguments, given_text in ((["explain", str(log)], None), (["explain"], KEYS)):
        ended = CliRunner().invoke(app, arguments, input=given_text)
        assert ended.exit_code == 0
        assert ended.stdout.startswith("iam.disableServiceAccountKeyCreation: the organisation forbids keys")
        assert "\nhint: " in ended.stdout
    assert CliRunner().invoke(app, ["explain"], input="all is well").exit_code == 1
    assert CliRunner().invoke(app, ["explain", str(tmp_path / "none")]).exit_code == 2
