"""Raw requests, signed by botocore at any time, then spoilt on purpose."""

import datetime
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from unittest import mock

import botocore.auth
import urllib3
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION, Keys


@dataclass
class Signed:
    """A request ready to be sent; every part may be changed first."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def send(self) -> tuple[int, str, bytes]:
        """Status, AWS's error code ("" when there is none), body."""
        answered = urllib3.request(self.method, self.url, headers=self.headers, body=self.body, retries=False)
        code = re.search(rb'<Code>([^<]+)</Code>|"__type": "([^"]+)"', answered.data)
        return answered.status, (code[1] or code[2]).decode() if code else "", answered.data


def _payload(signer: SigV4Auth, payload: str | None) -> AbstractContextManager[object]:
    return mock.patch.object(signer, "payload", return_value=payload) if payload else nullcontext()


def _at(seconds: float) -> AbstractContextManager[object]:
    now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    return mock.patch.object(botocore.auth, "get_current_datetime", return_value=now.replace(tzinfo=None))


def signed(
    keys: Keys,
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    shift: float = 0,
    service: str = "s3",
    region: str = REGION,
    payload: str | None = None,
) -> Signed:
    """A request with its signature in a header, signed `shift` seconds from now; `payload` replaces the body's hash."""
    request = AWSRequest(method=method, url=url, data=body, headers=dict(headers or {}))
    signer = (S3SigV4Auth if service == "s3" else SigV4Auth)(
        Credentials(keys.id, keys.secret, keys.token), service, region
    )
    with _at(shift), _payload(signer, payload):
        signer.add_auth(request)
    prepared = request.prepare()
    sent = {name: str(value) for name, value in prepared.headers.items() if name.lower() != "content-length"}
    return Signed(method, prepared.url, sent, body)


def presigned(keys: Keys, method: str, url: str, *, expires: int = 60, shift: float = 0) -> Signed:
    """A URL with its signature in the query."""
    request = AWSRequest(method=method, url=url)
    with _at(shift):
        S3SigV4QueryAuth(Credentials(keys.id, keys.secret, keys.token), "s3", REGION, expires=expires).add_auth(request)
    return Signed(method, request.prepare().url)
