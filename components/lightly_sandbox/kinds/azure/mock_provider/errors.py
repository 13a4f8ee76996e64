"""Azure's errors: their code and message, and the codes that mean that something is gone."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

GONE = ("ResourceNotFound", "ResourceGroupNotFound", "ContainerNotFound", "BlobNotFound")


class ArmError(Exception):
    """Resource Manager refused a call; `code` is its own, such as `StorageAccountAlreadyTaken`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code = status, code
        super().__init__(f"{code}: {message}")


def explain(error: Exception) -> str | None:
    """`<code>: <Azure's words>`, or None when the error is not Azure's."""
    if isinstance(error, ArmError):
        return str(error)
    # The SDK is not imported for this: an error of it can only come from where it was.
    if any(entry.__name__ == "AzureError" for entry in type(error).__mro__):
        code = getattr(error, "error_code", None) or type(error).__name__
        message = (getattr(error, "message", None) or str(error)).splitlines()[0]
        return f"{getattr(code, 'value', code)}: {message}"
    return None


def code_of(error: Exception) -> str:
    """Azure's code for it; empty for an error that is not Azure's."""
    return (explain(error) or "").partition(":")[0]


def found(call: Callable[[], T]) -> T | None:
    """What the call answers, or None when Azure says that it is gone."""
    try:
        return call()
    except Exception as error:
        if code_of(error) in GONE:
            return None
        raise
