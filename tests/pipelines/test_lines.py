"""Shell lines of the workflows that the scenarios do not come by: a login to Azure, and answers that are none."""

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from lightly_cli.main import app
from typer.testing import CliRunner

from tests.pipelines.workflow_runner import SHELL


def step(folder: Path, workflow: str, job: str, name: str, *words: str) -> str:
    done = CliRunner().invoke(app, ["init", str(folder), "--name", "acme-data", "--ci", "github", *words])
    assert done.exit_code == 0, done.output
    document = yaml.safe_load((folder / ".github" / "workflows" / f"{workflow}.yml").read_text())
    (found,) = [each["run"] for each in document["jobs"][job]["steps"] if each.get("name", "").startswith(name)]
    return str(found)


def run(line: str, folder: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    command = [*SHELL, "-c", line]
    return subprocess.run(command, cwd=folder, env={"PATH": os.environ["PATH"], **env}, capture_output=True, text=True)


@contextlib.contextmanager
def issuer() -> Iterator[str]:
    """Where GitHub signs tokens: for whoever has the bearer of the job."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            ours = self.headers["Authorization"] == "Bearer bearer-canary"
            asked = parse_qs(urlsplit(self.path).query)
            self.send_response(200 if ours else 401)
            self.end_headers()
            self.wfile.write(json.dumps({"value": f"token for {asked['audience'][0]} {asked['v'][0]}"}).encode())

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/token?v=2"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("bearer", ["bearer-canary", "another"])
def test_azure_gets_a_token_that_github_signs_or_the_job_ends(bearer: str, tmp_path: Path) -> None:
    line = step(tmp_path / "project", "deploy", "deploy", "Log in to Azure", "--input", "azure")
    (added := tmp_path / "env").write_text("")
    with issuer() as url:
        told = {"ACTIONS_ID_TOKEN_REQUEST_URL": url, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": bearer}
        done = run(line, tmp_path, RUNNER_TEMP=str(tmp_path), GITHUB_ENV=str(added), **told)
    assert bearer not in done.stdout + done.stderr
    if bearer == "another":
        assert (done.returncode != 0, added.read_text()) == (True, "")
        return
    assert done.returncode == 0, done.stderr
    file = Path(added.read_text().strip().removeprefix("AZURE_FEDERATED_TOKEN_FILE="))
    assert file.read_text() == "token for api://AzureADTokenExchange 2\n"
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("codes", "expected"),
    [({"a": 0, "b": 0}, []), ({"a": 1, "b": 1}, ["a", "b"]), ({"a": 0, "b": 1}, ["b"]), ({"a": 2}, None)],
)
def test_a_state_that_cannot_be_read_is_no_answer_to_whether_something_is_due(
    codes: dict[str, int], expected: list[str] | None, tmp_path: Path
) -> None:
    line = step(tmp_path / "project", "rotation", "due", "Ask each stack")
    (script := tmp_path / ".venv" / "bin" / "lightly-access").parent.mkdir(parents=True)
    answers = "".join(f"{stack}) exit {code} ;; " for stack, code in codes.items())
    script.write_text(
        f'#!/bin/sh\n[ "$*" = "status --stack $3 --fail-on due,stale:30d" ] || exit 9\ncase $3 in {answers}esac\n'
    )
    script.chmod(0o755)
    out = tmp_path / "out"
    done = run(line, tmp_path, STACKS=" ".join(codes), GITHUB_OUTPUT=str(out))
    if expected is None:
        assert (done.returncode, out.exists()) == (2, False)
        return
    found: Any = json.loads(out.read_text().removeprefix("stacks="))
    assert found == expected
