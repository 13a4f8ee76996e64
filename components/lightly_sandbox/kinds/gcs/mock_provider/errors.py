"""Google's errors, in the words in which its own Go client prints them, because that is what a deployment shows.

Source: `Error` in https://github.com/googleapis/google-api-go-client/blob/main/googleapi/googleapi.go.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import urllib3

T = TypeVar("T")


class ApiError(Exception):
    """An answer that is an error: its status, Google's word for the reason, its sentence and its details."""

    def __init__(self, status: int, reason: str, message: str, details: list[Any]) -> None:
        self.status, self.reason, self.message, self.details = status, reason, message, details
        super().__init__(f"{status} {reason}: {message}")

    @classmethod
    def of(cls, status: int, body: bytes) -> "ApiError":
        """From an answer; one that is no JSON has no reason."""
        try:
            error = json.loads(body)["error"]
            reasons = [str(entry.get("reason", "")) for entry in error.get("errors", ())] or [""]
            return cls(status, reasons[0], str(error["message"]), list(error.get("details", ())))
        except (ValueError, LookupError, TypeError, AttributeError):
            return cls(status, "", f"got HTTP response code {status}", [])


def explain(error: Exception) -> str | None:
    """`googleapi: Error <status>: <words>, <reason>`, or None when the error is not Google's."""
    if isinstance(error, ApiError):
        details = f"\nDetails:\n{json.dumps(error.details, indent=2)}\n" if error.details else ""
        reason = f", {error.reason}" if error.reason else ""
        return f"googleapi: Error {error.status}: {error.message}{details}{reason}"
    if isinstance(error, urllib3.exceptions.HTTPError):
        return f"Google could not be reached ({type(error).__name__})"
    return None


def found(call: Callable[[], T]) -> T | None:
    """What the call answers, or None when Google says that it is not there."""
    try:
        return call()
    except ApiError as error:
        if error.status == 404:
            return None
        raise
