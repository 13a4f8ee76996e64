"""The body of a request: its declared hash, aws-chunked framing, chunk signatures, trailing and leading checksums.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
"""

import base64
import hashlib
import hmac
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.signature import UNSIGNED, SignatureInfo, matches, signing_key

STREAMING = {
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
}
_HEX = re.compile(r"[0-9a-f]{64}")
_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Payload:
    """The body without its framing, and the checksum headers that came behind it."""

    body: bytes
    trailers: dict[str, str]


def declared_hash(call: Call, claimed: SignatureInfo) -> str:
    """What the signature covers in place of the body. Raises RefusedError when the body is not what it says."""
    declared = call.headers.get("x-amz-content-sha256")
    if claimed.expires is not None and declared is None:
        return UNSIGNED if claimed.service == "s3" else hashlib.sha256(call.body).hexdigest()
    actual = hashlib.sha256(call.body).hexdigest()
    if claimed.service != "s3":
        return actual
    if declared is None:
        raise RefusedError("InvalidRequest", "Missing required header for this request: x-amz-content-sha256", 400)
    if declared in STREAMING or declared == UNSIGNED:
        return declared
    if not _HEX.fullmatch(declared):
        message = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-..., or a valid sha256 value."
        raise RefusedError("InvalidArgument", message, 400)
    if declared != actual:
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        raise RefusedError("XAmzContentSHA256Mismatch", message, 400)
    return declared


def decode(call: Call, claimed: SignatureInfo | None, secret: str) -> Payload:
    """The body without aws-chunked framing, every chunk signature and checksum verified."""
    mode = call.headers.get("x-amz-content-sha256", "")
    payload = Payload(call.body, {})
    if mode in STREAMING:
        payload = _Chunks(call, claimed, secret, signed="HMAC" in mode).read()
        if str(len(payload.body)) != call.headers.get("x-amz-decoded-content-length"):
            raise RefusedError("IncompleteBody", "The request body terminated unexpectedly", 400)
    elif "aws-chunked" in call.headers.get("content-encoding", ""):
        raise RefusedError("InvalidRequest", "aws-chunked needs x-amz-content-sha256: STREAMING-...", 400)
    _verify_checksums(call, payload)
    return payload


class _Chunks:
    """Reads `size[;chunk-signature=...]` frames; each signature is chained to the one before."""

    def __init__(self, call: Call, claimed: SignatureInfo | None, secret: str, *, signed: bool) -> None:
        self.rest = call.body
        self.claimed = claimed
        self.signed = signed
        if signed and claimed is None:
            raise RefusedError("AccessDenied", "Access Denied")
        self.key = signing_key(claimed, secret) if claimed else b""
        self.previous = claimed.signature if claimed else ""

    def read(self) -> Payload:
        body = bytearray()
        while True:
            size, _, extension = self._line().partition(";")
            try:
                length = int(size, 16)
            except ValueError as error:
                raise RefusedError("IncompleteBody", "The request body terminated unexpectedly", 400) from error
            data, self.rest = self.rest[:length], self.rest[length:]
            if len(data) != length:
                raise RefusedError("IncompleteBody", "The request body terminated unexpectedly", 400)
            if self.signed:
                scope = f"{_EMPTY}\n{hashlib.sha256(data).hexdigest()}"
                self._check("PAYLOAD", scope, extension.partition("chunk-signature=")[2])
            if not length:
                return Payload(bytes(body), self._trailers())
            body += data
            self._line()

    def _line(self) -> str:
        line, _, self.rest = self.rest.partition(b"\r\n")
        return line.decode("latin-1")

    def _trailers(self) -> dict[str, str]:
        trailers: dict[str, str] = {}
        signature = None
        while line := self._line().strip():
            name, _, value = line.partition(":")
            if name.lower() == "x-amz-trailer-signature":
                signature = value.strip()
            else:
                trailers[name.lower()] = value.strip()
        if self.signed and trailers:
            text = "".join(f"{name}:{value}\n" for name, value in sorted(trailers.items()))
            self._check("TRAILER", hashlib.sha256(text.encode()).hexdigest(), signature or "")
        return trailers

    def _check(self, kind: str, scope: str, signature: str) -> None:
        assert self.claimed is not None
        where = f"{self.claimed.date}/{self.claimed.region}/{self.claimed.service}/aws4_request"
        text = f"AWS4-HMAC-SHA256-{kind}\n{self.claimed.timestamp}\n{where}\n{self.previous}\n{scope}"
        right = hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()
        if not matches(right, signature.strip()):
            message = "The request signature we calculated does not match the signature you provided."
            raise RefusedError("SignatureDoesNotMatch", message, 403)
        self.previous = right


_CHECKSUMS: dict[str, Callable[[bytes], bytes]] = {
    "x-amz-checksum-crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "x-amz-checksum-sha1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "x-amz-checksum-sha256": lambda body: hashlib.sha256(body).digest(),
    "content-md5": lambda body: hashlib.md5(body, usedforsecurity=False).digest(),
}


def _verify_checksums(call: Call, payload: Payload) -> None:
    """The checksums that the standard library can compute; CRC32C and CRC64NVME are taken as given."""
    if "uploadId" in call.query and call.method == "POST":
        return  # the checksum of a completed multipart upload is that of the whole object, not of this body
    for name, value in {**call.headers, **payload.trailers}.items():
        compute = _CHECKSUMS.get(name)
        if compute and base64.b64encode(compute(payload.body)).decode() != value:
            what = name.removeprefix("x-amz-checksum-").upper()
            raise RefusedError("BadDigest", f"The {what} you specified did not match the calculated checksum.", 400)
