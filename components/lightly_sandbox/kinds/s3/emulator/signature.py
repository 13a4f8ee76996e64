"""Signature version 4: what a request claims, and what botocore's own signer computes for it.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
"""

import hashlib
import hmac
import re
from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import strptime
from typing import Any

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from lightly_sandbox.kinds.s3.emulator.call import Call, canonical_path, canonical_query

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
_HEADER = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<credential>[^,\s]+),\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)


class MalformedSignatureError(ValueError):
    """The claim cannot be read."""


@dataclass(frozen=True, slots=True)
class SignatureInfo:
    """What a request says about its own signature. `expires` is None in headers, seconds in a presigned URL."""

    access_key_id: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    timestamp: str
    expires: int | None
    token: str | None

    @property
    def signed_at(self) -> float:
        """When it was signed, seconds since the epoch."""
        return timegm(strptime(self.timestamp, "%Y%m%dT%H%M%SZ"))


def signature_info(call: Call) -> SignatureInfo | None:
    """The claim of a request, None when it makes none (anonymous). Raises Malformed."""
    if "authorization" in call.headers:
        if "X-Amz-Signature" in call.query:
            raise MalformedSignatureError("Only one auth mechanism allowed")
        return _from_header(call)
    if "X-Amz-Algorithm" in call.query or "X-Amz-Signature" in call.query:
        return _from_query(call)
    return None


def _from_header(call: Call) -> SignatureInfo:
    match = _HEADER.fullmatch(call.headers["authorization"].strip())
    if not match:
        raise MalformedSignatureError("expected AWS4-HMAC-SHA256 with Credential, SignedHeaders and Signature")
    timestamp = call.headers.get("x-amz-date") or _from_date(call.headers.get("date", ""))
    token = call.headers.get("x-amz-security-token")
    return _claim(match["credential"], match["headers"], match["signature"], timestamp, None, token)


def _from_query(call: Call) -> SignatureInfo:
    try:
        credential, headers, signature = (
            call.query[f"X-Amz-{name}"] for name in ("Credential", "SignedHeaders", "Signature")
        )
        timestamp, expires = call.query["X-Amz-Date"], int(call.query["X-Amz-Expires"])
    except (KeyError, ValueError) as error:
        raise MalformedSignatureError(
            "Query-string authentication requires X-Amz-Credential, -Date, -Expires, ..."
        ) from error
    if call.query.get("X-Amz-Algorithm") != ALGORITHM or not 1 <= expires <= 604800:
        raise MalformedSignatureError("X-Amz-Algorithm must be AWS4-HMAC-SHA256, X-Amz-Expires between 1 and 604800")
    return _claim(credential, headers, signature, timestamp, expires, call.query.get("X-Amz-Security-Token"))


def _from_date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).strftime("%Y%m%dT%H%M%SZ")
    except ValueError as error:
        raise MalformedSignatureError("expected an x-amz-date or Date header") from error


def _claim(
    credential: str, headers: str, signature: str, timestamp: str, expires: int | None, token: str | None
) -> SignatureInfo:
    parts = credential.split("/")
    if len(parts) != 5 or parts[4] != "aws4_request":
        raise MalformedSignatureError(
            "the credential is mal-formed; expecting <key>/YYYYMMDD/REGION/SERVICE/aws4_request"
        )
    if not re.fullmatch(r"\d{8}T\d{6}Z", timestamp) or not timestamp.startswith(parts[1]):
        raise MalformedSignatureError("the date of the credential is not the date of the request")
    names = tuple(headers.lower().split(";"))
    if "host" not in names:
        raise MalformedSignatureError("the host header must be signed")
    return SignatureInfo(parts[0], parts[1], parts[2], parts[3], names, signature, timestamp, expires, token)


class _Signer(SigV4Auth):
    """botocore's signer, made to sign exactly the headers that the request says it signed."""

    def headers_to_sign(self, request: Any) -> Any:
        return request.headers

    def canonical_query_string(self, request: Any) -> str:
        query: str = request.context["query"]
        return query


class _S3Signer(_Signer, S3SigV4Auth):
    """The same without normalising the path, as S3 has it."""


def expected(call: Call, claimed: SignatureInfo, secret: str, payload_hash: str) -> str:
    """The signature that the holder of `secret` would have made for this request."""
    headers = {name: call.headers.get(name, "") for name in claimed.signed_headers}
    request = AWSRequest(
        method=call.method, url=f"http://{call.headers.get('host', '')}{_path(call, claimed)}", headers=headers
    )
    request.headers = _Headers(headers)  # type: ignore[assignment]  # botocore's own class would fold repeated headers
    request.context["timestamp"] = claimed.timestamp
    request.context["query"] = canonical_query(call.query, ("X-Amz-Signature",))
    kind = _S3Signer if claimed.service == "s3" else _Signer
    signer = kind(Credentials(claimed.access_key_id, secret), claimed.service, claimed.region)
    lines = signer.canonical_request(request).split("\n")
    lines[-1] = payload_hash
    signature: str = signer.signature(signer.string_to_sign(request, "\n".join(lines)), request)
    return signature


def _path(call: Call, claimed: SignatureInfo) -> str:
    return canonical_path(call.path) if claimed.service == "s3" else call.raw_path


def matches(signature: str, other: str) -> bool:
    """Compare without telling where they differ."""
    return hmac.compare_digest(signature.encode(), other.encode())


def signing_key(claimed: SignatureInfo, secret: str) -> bytes:
    """The key derived from the secret for one day, region and service; chunks of a body are signed with it."""
    key = f"AWS4{secret}".encode()
    for part in (claimed.date, claimed.region, claimed.service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


class _Headers(dict[str, str]):
    """Just what the signer reads of a header map."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]]

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
