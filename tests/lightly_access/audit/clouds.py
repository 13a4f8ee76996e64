"""A local AWS and a local Lightly for the whole verb, and a dataset that somebody set up by hand."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import urllib3
from lightly_cli.main import app
from typer.testing import CliRunner, Result

from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION, Aws

TOKEN = "token-of-the-test"
NONCE = "nonce-of-the-test"


@dataclass
class Lightly:
    """A local Lightly, as whoever registers datasources by hand."""

    url: str
    token: str = TOKEN

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        text = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"}
        answer = urllib3.request(method, f"{self.url}{path}?token={self.token}", body=text, headers=headers)
        assert answer.status < 300, answer.data
        return answer.json() if answer.data else None

    def dataset(self, name: str, *sources: dict[str, Any]) -> str:
        """A dataset with these datasources."""
        made = self.ask("POST", "/v1/datasets", {"name": name, "type": "Images", "creator": "USER_PIP"})
        for source in sources:
            body = {"thumbSuffix": ".lightly/thumbnails/[filename]_thumb.[extension]", **source}
            self.ask("PUT", f"/v1/datasets/{made['id']}/datasource", body)
        return str(made["id"])


def delegated(purpose: str, path: str, arn: str, external_id: str) -> dict[str, Any]:
    """A datasource of delegated access, as Lightly's client registers it."""
    more = {"s3Region": REGION, "s3ARN": arn, "s3ExternalId": external_id}
    return {"purpose": purpose, "type": "S3DelegatedAccess", "fullPath": path, **more}


def user(purpose: str, path: str, id: str, secret: str) -> dict[str, Any]:
    """Likewise with a user's key."""
    more = {"s3Region": REGION, "s3AccessKeyId": id, "s3SecretAccessKey": secret}
    return {"purpose": purpose, "type": "S3", "fullPath": path, **more}


def environment(lightly: Lightly, aws: Aws, who: str | None = None) -> Iterator[tuple[str, str]]:
    """The variables that the verb reads."""
    admin = aws.admin()
    yield from {
        "LIGHTLY_SERVER_LOCATION": lightly.url,
        "LIGHTLY_TOKEN": TOKEN,
        "AWS_ENDPOINT_URL": str(aws.endpoint),
        "AWS_ACCESS_KEY_ID": who or admin.id,
        "AWS_SECRET_ACCESS_KEY": admin.secret,
        "AWS_SESSION_TOKEN": "",
        "AWS_DEFAULT_REGION": REGION,
    }.items()


def run(*words: str) -> Result:
    """The verb."""
    return CliRunner().invoke(app, ["audit", *words], catch_exceptions=False)
