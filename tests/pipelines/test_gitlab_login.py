"""The logins of GitLab's jobs: what the clouds' own libraries make of the environment that the lines leave."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml
from lightly_cli.main import app
from typer.testing import CliRunner

KINDS = [("s3", "s3"), ("azure", "gcs"), ("local", "local"), ("obs", "s3")]
SESSION = """<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAFROMTOKEN</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"""
ASK = "import boto3; print(boto3.Session().get_credentials().get_frozen_credentials().access_key)"


def file(folder: Path, read: str, written: str) -> Path:
    words = ["--name", "acme-data", "--input", read, "--lightly", written, "--ci", "gitlab"]
    done = CliRunner().invoke(app, ["init", str(folder), *words])
    assert done.exit_code == 0, done.output
    return folder / ".gitlab-ci.yml"


def logged_in(folder: Path, read: str, written: str, **given: str) -> dict[str, str]:
    """The environment after the login of a job; what installs is left out."""
    login = yaml.safe_load(file(folder / "project", read, written).read_text())[".login"]
    tokens = {name: f"token for {asked['aud']}" for name, asked in login["id_tokens"].items()}
    lines = [line for line in login["before_script"] if ".venv" not in line]
    (folder / "tmp").mkdir()
    env = {"PATH": os.environ["PATH"], "TMPDIR": str(folder / "tmp"), **tokens, **given}
    script = "\n".join([*lines, "env -0"])
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script], env=env, capture_output=True, text=True, check=True
    )
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder / "tmp").rglob("*"))
    return dict(pair.split("=", 1) for pair in done.stdout.split("\0") if pair)


@pytest.fixture
def sts() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """An STS that answers one question, and what it was asked."""
    asked: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SESSION.encode())

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_aws_gets_the_token_of_the_job_for_its_role(sts: tuple[str, list[Any]], tmp_path: Path) -> None:
    url, asked = sts
    role = "arn:aws:iam::123456789012:role/deploys-prod"
    env = logged_in(tmp_path, "s3", "s3", AWS_ROLE_ARN=role, AWS_ENDPOINT_URL_STS=url, CI_PIPELINE_ID="9")
    done = subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, text=True)
    assert done.stdout == "ASIAFROMTOKEN\n", done.stderr
    (question,) = asked
    assert question["WebIdentityToken"] == ["token for sts.amazonaws.com"]
    assert (question["RoleArn"], question["RoleSessionName"]) == ([role], ["gitlab-9"])


def test_google_and_azure_find_the_token_of_the_job(tmp_path: Path) -> None:
    from google.auth import identity_pool

    provider = "projects/1/locations/global/workloadIdentityPools/ci/providers/gitlab"
    account = "deploys@acme.iam.gserviceaccount.com"
    env = logged_in(
        tmp_path,
        "azure",
        "gcs",
        GCP_WORKLOAD_IDENTITY_PROVIDER=provider,
        GCP_SERVICE_ACCOUNT=account,
        AZURE_CLIENT_ID="c",
    )
    credentials = identity_pool.Credentials.from_file(env["GOOGLE_APPLICATION_CREDENTIALS"])  # type: ignore[no-untyped-call]
    assert credentials.retrieve_subject_token(None).startswith("token for https://iam.googleapis.com/")
    assert credentials.service_account_email == account
    assert json.loads(Path(env["GOOGLE_APPLICATION_CREDENTIALS"]).read_text())["audience"].endswith(provider)
    assert Path(env["AZURE_FEDERATED_TOKEN_FILE"]).read_text() == "token for api://AzureADTokenExchange"
    assert (env["ARM_USE_OIDC"], env["ARM_CLIENT_ID"]) == ("true", "c")


def is_as_the_schema_has_it(schema: str, path: Path) -> None:
    found = shutil.which("check-jsonschema", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not found:
        pytest.skip("check-jsonschema, which brings GitLab's schema, is not here")
    done = subprocess.run([found, "--builtin-schema", schema, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("read", "written"), KINDS)
def test_the_file_is_as_gitlabs_own_schema_has_it(read: str, written: str, tmp_path: Path) -> None:
    path = file(tmp_path / "project", read, written)
    is_as_the_schema_has_it("gitlab-ci", path)
    is_as_the_schema_has_it("renovate", path.with_name("renovate.json"))


@pytest.mark.parametrize(("read", "written"), KINDS)
def test_every_job_that_logs_in_is_closed_to_forks(read: str, written: str, tmp_path: Path) -> None:
    document = yaml.safe_load(file(tmp_path / "project", read, written).read_text())
    jobs = {name: job for name, job in document.items() if isinstance(job, dict) and "rules" in job and "stage" in job}
    assert {name for name, job in jobs.items() if job.get("extends") == ".login"} == {
        "preview",
        "deploy",
        "due",
        "look",
    }
    for name, job in jobs.items():
        merge = [rule["if"] for rule in job["rules"] if "merge_request_event" in rule["if"]]
        if name != "check":
            assert all("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule for rule in merge), name
        if job.get("extends"):
            assert job["environment"]["name"] == ("prod" if name == "deploy" else "prod-read")
        for script in ("before_script", "script", "after_script"):
            lines = "\n".join(job.get(script, []))
            read_ = subprocess.run(["bash", "-n"], input=lines, capture_output=True, text=True)
            assert (read_.returncode, read_.stderr) == (0, ""), name
    assert jobs["deploy"]["resource_group"] == "deploy-$STACK"
    assert document["default"]["interruptible"] is False
