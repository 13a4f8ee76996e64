"""AWS errors: their code and message, and the codes that mean that something is gone."""

from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

T = TypeVar("T")

# HeadBucket and HeadObject answer without a body, so that botocore has only the HTTP status as a code.
GONE = ("NoSuchEntity", "NoSuchBucket", "NotFoundException", "404")


def code_of(error: ClientError) -> str:
    """The error code that AWS gave, such as `NoSuchEntity`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def message_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", ""))


def explain(error: Exception) -> str | None:
    """`<code>: <AWS's words>`, or None when the error is not AWS's."""
    if isinstance(error, ClientError):
        return f"{code_of(error)}: {message_of(error)} (operation {error.operation_name})"
    if isinstance(error, BotoCoreError):
        return " ".join(str(error).split())
    return None


def found(call: Callable[[], T], *codes: str) -> T | None:
    """What the call answers, or None when AWS says that it is gone, or says one of these codes."""
    try:
        return call()
    except ClientError as error:
        if code_of(error) in GONE or code_of(error) in codes:
            return None
        raise
