"""A stack with a dataset on each cloud, really deployed, and what somebody else may do to it."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from lightly_cli.main import app
from lightly_sandbox.deployer import Deployer, Outcome
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox
from typer.testing import CliRunner

from tests.deploying import must, seed, stack_of

STACK = "changed"
CONFIG: dict[str, Any] = {
    "aws:region": "eu-central-1",
    "lightly-access:verify": {"deadline": 3, "confirmations": 1},
    "lightly-access:stores": {
        "lake": {"kind": "s3", "bucket": "acme-datalake", "region": "eu-central-1"},
        "results": {
            "kind": "s3",
            "bucket": "acme-lightly-results",
            "region": "eu-central-1",
            "create": True,
            "force_destroy": True,
        },
        "photos": {"kind": "azure", "account": "acmephotos", "container": "photos", "resource_group": "acme-data"},
        "fields": {
            "kind": "azure",
            "account": "acmelightly",
            "container": "results",
            "resource_group": "acme-lightly",
            "location": "westeurope",
            "create": True,
            "create_account": True,
            "force_destroy": True,
        },
        "frames": {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"},
        "hives": {
            "kind": "gcs",
            "bucket": "acme-lightly-hives",
            "project": "acme-ml",
            "location": "europe-west3",
            "create": True,
            "force_destroy": True,
        },
    },
    "lightly-access:datasets": {
        "cows": {
            "type": "images",
            "input": {"store": "lake", "path": "projects/farm-animals/", "access": "delegated"},
            "lightly": {"store": "results", "path": "cows/", "access": "user"},
        },
        "tractors": {
            "type": "images",
            "input": {"store": "photos", "path": "", "access": "sas"},
            "lightly": {"store": "fields", "path": "tractors/", "access": "sas"},
        },
        "bees": {
            "type": "images",
            "input": {"store": "frames", "path": "hives/", "access": "service_account"},
            "lightly": {"store": "hives", "path": "bees/", "access": "service_account"},
        },
    },
}


@dataclass
class Deployment:
    """The stack, and what is seen of it."""

    sandbox: Sandbox
    folder: Path

    @property
    def stack(self) -> Deployer:
        return stack_of(self.sandbox, self.folder, STACK, CONFIG)

    def up(self, *, refresh: bool = True) -> Outcome:
        """Deploy, having looked first."""
        return self.stack.up(refresh=refresh)

    def verify(self, *names: str, **more: str) -> dict[str, Any]:
        """What `lightly-access verify` prints for machines; `code` is its exit code."""
        state = self.folder / "state.json"
        state.touch(mode=0o600)
        state.write_text(json.dumps(self.stack.state(show_secrets=True)))
        with environment({**self.sandbox.environment(), **more}, self.folder / "project"):
            words = ["verify", *names, "--state", str(state), "--json"]
            ended = CliRunner().invoke(app, words, catch_exceptions=False)
        assert ended.exit_code in (0, 1), ended.output
        found: dict[str, Any] = json.loads(ended.stdout)
        return {**found, "code": ended.exit_code}

    def made(self, type_: str, name: str) -> dict[str, Any]:
        """The outputs of a resource of the state."""
        (found,) = (
            each
            for each in self.stack.state()["deployment"]["resources"]
            if each["type"] == type_ and each["urn"].endswith(f"::{name}") and not each.get("delete")
        )
        return {**found["outputs"], "id": found["id"]}

    def ask_lightly(self, method: str, path: str, body: object = None) -> Any:
        """Lightly's answer to a colleague with our token."""
        url = f"{self.sandbox.lightly.url}{path}?token={self.sandbox.token.reveal()}"
        headers = {"Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        answer = urllib3.request(method, url, body=sent, headers=headers, retries=False)
        assert answer.status < 300, answer.data
        return answer.json() if answer.data else None


@contextmanager
def environment(variables: Mapping[str, str], folder: Path) -> Iterator[None]:
    """This process's variables and folder inside of the block."""
    before, here = dict(os.environ), Path.cwd()
    os.environ.update(variables)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def deployed(folder: Path) -> Iterator[Deployment]:
    """All clouds, and the stack on them."""
    with start_sandbox(kinds=("s3", "azure", "gcs")) as sandbox:
        seed(sandbox, CONFIG)
        deployment = Deployment(sandbox, folder)
        must(deployment.up(refresh=False))
        yield deployment
