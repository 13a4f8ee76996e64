"""A careful caller of the local Lightly, and bodies to send."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3
from lightly_sandbox.kinds.s3.lightly import S3Storage
from lightly_sandbox.lightly.storage import Storages

NONCE = "nonce-of-the-test"
TOKEN = "token-of-the-test"
LIGHTLYS_AWS = S3Storage("http://127.0.0.1:9", "eu-central-1", "AKIALIGHTLY", "secret-of-lightly")
NOWHERE = Storages(LIGHTLYS_AWS)


@dataclass
class Api:
    """What a careful caller sees of the server: status, headers, JSON."""

    url: str
    token: str | None = TOKEN

    def __call__(self, method: str, path: str, body: Any = None, /, **query: Any) -> urllib3.BaseHTTPResponse:
        if self.token is not None:
            query["token"] = self.token
        url = f"{self.url}{path}?{urlencode(query, doseq=True)}"
        with urllib3.PoolManager(retries=False) as pool:
            if body is None:
                return pool.request(method, url)
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            return pool.request(method, url, body=text, headers={"Content-Type": "application/json"})

    def control(self, method: str, path: str, body: Any = None, nonce: str = NONCE) -> Any:
        with urllib3.PoolManager(retries=False) as pool:
            answer = pool.request(
                method,
                f"{self.url}/_sandbox{path}",
                body=None if body is None else json.dumps(body),
                headers={"X-Sandbox-Nonce": nonce},
            )
        assert answer.status == 200, answer.data
        return answer.json()

    def faults(self, *faults: dict[str, Any]) -> None:
        self.control("POST", "/faults", list(faults))

    def new_dataset(self, name: str = "farm-animals") -> str:
        answer = self("POST", "/v1/datasets", {"name": name, "type": "Images", "creator": "USER_PIP"})
        assert answer.status == 201, answer.data
        return str(answer.json()["id"])


S3_INPUT = {
    "purpose": "INPUT",
    "type": "S3",
    "thumbSuffix": ".lightly/thumbnails/[filename]_thumb.[extension]",
    "fullPath": "s3://acme-lake/input/",
    "s3Region": "eu-central-1",
    "s3AccessKeyId": "AKIAEXAMPLE",
    "s3SecretAccessKey": "the-secret-key",
}
DELEGATED = {
    "purpose": "LIGHTLY",
    "type": "S3DelegatedAccess",
    "fullPath": "s3://acme-results/lightly/",
    "s3Region": "eu-central-1",
    "s3ExternalId": "the-external-id",
    "s3ARN": "arn:aws:iam::123456789012:role/lightly/farm-animals",
    "s3ServerSideEncryptionKMSKey": "arn:aws:kms:eu-central-1:123456789012:key/0000",
}
