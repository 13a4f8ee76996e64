"""Refusals, worded and wrapped as Google does it: Cloud Storage's JSON and XML, IAM's JSON, OAuth's.

Sources: https://cloud.google.com/storage/docs/json_api/v1/status-codes, https://cloud.google.com/storage/docs/xml-api/reference-status,
https://cloud.google.com/apis/design/errors. Sentences that these pages do not print are those in public bug reports of
terraform-provider-google and of Google's own clients.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from xml.sax.saxutils import escape

from lightly_sandbox.emulators.messages import Answer, json_answer


class Dialect(StrEnum):
    """How an API writes its errors."""

    STORAGE = "storage-json"
    XML = "storage-xml"
    IAM = "iam"
    OAUTH = "oauth"


PRECONDITION = "At least one of the pre-conditions you specified did not hold."
_XML_MESSAGES = {
    "AccessDenied": "Access denied.",
    "AuthenticationRequired": "Authentication required.",
    "NoSuchBucket": "The specified bucket does not exist.",
    "NoSuchKey": "The specified key does not exist.",
    "NoSuchUpload": "The requested upload was not found.",
    "PreconditionFailed": PRECONDITION,
    "InvalidRange": "The requested range cannot be satisfied.",
    "NotImplemented": "A header or query you provided requested a function that is not implemented.",
}
_RPC_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


@dataclass
class RefusedError(Exception):
    """The answer is an error.

    `reason` is the JSON API's word (OAuth's error for the token endpoint), `code` the XML API's, `rpc` IAM's when the
    HTTP status does not say it, `details` IAM's list of typed objects.
    """

    status: int
    reason: str
    message: str
    code: str = ""
    rpc: str = ""
    details: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def __str__(self) -> str:
        return f"{self.status} {self.reason}: {self.message}"


def invalid(message: str) -> RefusedError:
    """400: the request says something that cannot be."""
    return RefusedError(400, "invalid", message, "InvalidArgument")


def no_bucket() -> RefusedError:
    """404 for a bucket."""
    return RefusedError(404, "notFound", "The specified bucket does not exist.", "NoSuchBucket")


def no_object(bucket: str, name: str) -> RefusedError:
    """404 for an object."""
    return RefusedError(404, "notFound", f"No such object: {bucket}/{name}", "NoSuchKey")


def precondition() -> RefusedError:
    """412: a generation or an etag is not the one that the caller expects."""
    return RefusedError(412, "conditionNotMet", PRECONDITION, "PreconditionFailed")


def not_implemented(what: str) -> RefusedError:
    """The local cloud does not know this: refused by name, never let through."""
    return RefusedError(501, "notImplemented", f"{what} is not part of the local Google Cloud", "NotImplemented")


def failed_precondition(message: str, *details: Mapping[str, Any]) -> RefusedError:
    """IAM's 400 for a state that forbids the call."""
    return RefusedError(400, "failedPrecondition", message, rpc="FAILED_PRECONDITION", details=details)


def not_found(message: str) -> RefusedError:
    """IAM's 404."""
    return RefusedError(404, "notFound", message)


def already_exists(message: str) -> RefusedError:
    """IAM's 409."""
    return RefusedError(409, "alreadyExists", message)


def wrong_credentials() -> RefusedError:
    """401: a token that this cloud does not know, or that is over."""
    return RefusedError(401, "authError", "Invalid Credentials", "AuthenticationRequired")


def answer(refused: RefusedError, dialect: Dialect) -> Answer:
    match dialect:
        case Dialect.OAUTH:
            return json_answer(refused.status, {"error": refused.reason, "error_description": refused.message})
        case Dialect.IAM:
            listed = [{"message": refused.message, "domain": "global", "reason": refused.reason}]
            error: dict[str, Any] = {"code": refused.status, "message": refused.message, "errors": listed}
            error["status"] = refused.rpc or _RPC_STATUS.get(refused.status, "UNKNOWN")
            if refused.details:
                error["details"] = list(refused.details)
            return _challenged(json_answer(refused.status, {"error": error}))
        case Dialect.STORAGE:
            one = {"message": refused.message, "domain": "global", "reason": refused.reason}
            body = {"error": {"code": refused.status, "message": refused.message, "errors": [one]}}
            return _challenged(json_answer(refused.status, body))
    # to an anonymous caller without the right, the JSON API answers 401 and the XML API 403
    status = 403 if refused.code == "AccessDenied" else refused.status
    return _challenged(xml_answer(status, _xml(refused)))


def _challenged(response: Answer) -> Answer:
    if response.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/"'
    return response


def _xml(refused: RefusedError) -> str:
    code = refused.code or "InvalidArgument"
    message = _XML_MESSAGES.get(code, refused.message)
    details = "" if message == refused.message else f"<Details>{escape(refused.message)}</Details>"
    return f"<Error><Code>{code}</Code><Message>{escape(message)}</Message>{details}</Error>"


def xml_answer(status: int, text: str) -> Answer:
    body = f"<?xml version='1.0' encoding='UTF-8'?>{text}".encode()
    return Answer(status, {"Content-Type": "application/xml; charset=utf-8"}, body)
