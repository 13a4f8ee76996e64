"""Refusals, worded and wrapped as AWS does it in each of its three protocols."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from xml.sax.saxutils import escape

from lightly_sandbox.emulators.messages import Answer


class Protocol(StrEnum):
    """How a service writes requests and errors."""

    REST_XML = "rest-xml"
    QUERY = "query"
    JSON = "json"


_NAMESPACES = {"iam": "https://iam.amazonaws.com/doc/2010-05-08/", "sts": "https://sts.amazonaws.com/doc/2011-06-15/"}


@dataclass
class RefusedError(Exception):
    """The answer is an error: its code, its sentence, its status; `more` are extra elements of S3's error body."""

    code: str
    message: str
    status: int = 403
    more: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


_INVALID_TOKEN = "The security token included in the request is invalid."  # noqa: S105 - AWS's sentence, no secret
_WRONG_SIGNATURE = "The request signature we calculated does not match the signature you provided. "
_WRONG_SECRET = (
    _WRONG_SIGNATURE
    + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)

# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
# https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
_AUTHENTICATION: dict[str, dict[Protocol, tuple[str, int, str]]] = {
    "unknown key": {
        Protocol.REST_XML: (
            "InvalidAccessKeyId",
            403,
            "The AWS Access Key Id you provided does not exist in our records.",
        ),
        Protocol.QUERY: ("InvalidClientTokenId", 403, _INVALID_TOKEN),
        Protocol.JSON: ("UnrecognizedClientException", 400, _INVALID_TOKEN),
    },
    "wrong token": {
        Protocol.REST_XML: ("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
        Protocol.QUERY: ("InvalidClientTokenId", 403, _INVALID_TOKEN),
        Protocol.JSON: ("UnrecognizedClientException", 400, _INVALID_TOKEN),
    },
    "wrong signature": {
        Protocol.REST_XML: ("SignatureDoesNotMatch", 403, _WRONG_SIGNATURE + "Check your key and signing method."),
        Protocol.QUERY: ("SignatureDoesNotMatch", 403, _WRONG_SECRET),
        Protocol.JSON: ("InvalidSignatureException", 400, _WRONG_SECRET),
    },
    "expired token": {
        Protocol.REST_XML: ("ExpiredToken", 400, "The provided token has expired."),
        Protocol.QUERY: ("ExpiredToken", 403, "The security token included in the request is expired"),
        Protocol.JSON: ("ExpiredTokenException", 400, "The security token included in the request is expired"),
    },
    "wrong clock": {
        Protocol.REST_XML: (
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
        ),
        Protocol.QUERY: ("SignatureDoesNotMatch", 403, "Signature expired: the request is not within 15 min. of now"),
        Protocol.JSON: ("InvalidSignatureException", 400, "Signature expired: not within 15 min. of now"),
    },
    "no credentials": {
        Protocol.REST_XML: ("AccessDenied", 403, "Access Denied"),
        Protocol.QUERY: ("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
        Protocol.JSON: ("MissingAuthenticationTokenException", 400, "Request is missing Authentication Token"),
    },
    "malformed": {
        Protocol.REST_XML: ("AuthorizationHeaderMalformed", 400, "The authorization header is malformed"),
        Protocol.QUERY: ("IncompleteSignature", 400, "The request signature does not conform to AWS standards"),
        Protocol.JSON: ("IncompleteSignatureException", 400, "The request signature does not conform to AWS standards"),
    },
}


def unauthenticated(fault: str, protocol: Protocol, detail: str = "") -> RefusedError:
    """The refusal that this protocol has for a fault of authentication; `detail` follows its sentence."""
    code, status, message = _AUTHENTICATION[fault][protocol]
    return RefusedError(code, f"{message}; {detail}" if detail else message, status)


def denied(message: str, protocol: Protocol) -> RefusedError:
    """The refusal to a caller that is known and may not: KMS answers 400 where the others answer 403."""
    if protocol is Protocol.JSON:
        return RefusedError("AccessDeniedException", message, 400)
    return RefusedError("AccessDenied", message, 403)


def not_implemented(what: str) -> RefusedError:
    """The local AWS does not know this: refused by name, never let through."""
    return RefusedError("NotImplemented", f"{what} is not part of the local AWS", 501)


def answer(refused: RefusedError, protocol: Protocol, service: str, path: str = "", *, head: bool = False) -> Answer:
    """The refusal on the wire. A HEAD has no body: the client sees the status only, as with AWS."""
    request_id = secrets.token_hex(8).upper()
    if protocol is Protocol.JSON:
        body = json.dumps({"__type": refused.code, "message": refused.message}).encode()
        return Answer(refused.status, {"Content-Type": "application/x-amz-json-1.1"}, body)
    if protocol is Protocol.QUERY:
        text = (
            f'<ErrorResponse xmlns="{_NAMESPACES.get(service, "")}"><Error><Type>Sender</Type>'
            f"<Code>{escape(refused.code)}</Code><Message>{escape(refused.message)}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        return Answer(refused.status, {"Content-Type": "text/xml"}, text.encode())
    headers = {"Content-Type": "application/xml", "x-amz-request-id": request_id}
    if region := refused.more.get("Region"):
        headers["x-amz-bucket-region"] = region
    more = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in refused.more.items())
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{escape(refused.code)}</Code>'
        f"<Message>{escape(refused.message)}</Message>{more}<Resource>{escape(path)}</Resource>"
        f"<RequestId>{request_id}</RequestId></Error>"
    )
    return Answer(refused.status, headers, b"" if head else text.encode())
