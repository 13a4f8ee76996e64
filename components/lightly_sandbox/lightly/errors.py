"""What the API answers when it refuses: a status and the client's `ApiErrorResponse`.

Source: lightly 1.5.26, `openapi_generated/swagger_client/models/api_error_response.py` and `api_error_code.py`. Only
the codes that this API uses are listed; a test compares them with the client's enum.
"""

from enum import StrEnum


class Code(StrEnum):
    """Members of the client's `ApiErrorCode`."""

    BAD_REQUEST = "BAD_REQUEST"
    NOT_IMPLEMENTED = "NOT_IMPLEMENTED"
    FORBIDDEN = "FORBIDDEN"
    UNAUTHORIZED = "UNAUTHORIZED"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    MALFORMED_REQUEST = "MALFORMED_REQUEST"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    DATASET_UNKNOWN = "DATASET_UNKNOWN"
    DATASET_NAME_EXISTS = "DATASET_NAME_EXISTS"
    DATASET_DATASOURCE_UNKNOWN = "DATASET_DATASOURCE_UNKNOWN"
    DATASET_DATASOURCE_INVALID = "DATASET_DATASOURCE_INVALID"
    DATASET_DATASOURCE_ACTION_NOT_IMPLEMENTED = "DATASET_DATASOURCE_ACTION_NOT_IMPLEMENTED"
    DOCKER_WORKER_UNKNOWN = "DOCKER_WORKER_UNKNOWN"
    DOCKER_WORKER_CONFIG_UNKNOWN = "DOCKER_WORKER_CONFIG_UNKNOWN"


class ApiError(Exception):
    """A refusal. `text` goes to the caller and into logs, so it never holds a value that was sent as a secret."""

    def __init__(self, status: int, code: Code, text: str) -> None:
        self.status = status
        self.code = code
        self.text = text
        super().__init__(f"{status} {code}: {text}")

    def body(self) -> dict[str, str]:
        """The `ApiErrorResponse`."""
        return {"code": self.code.value, "error": self.text}


_FOR_STATUS = {
    400: Code.BAD_REQUEST,
    401: Code.UNAUTHORIZED,
    403: Code.FORBIDDEN,
    404: Code.NOT_FOUND,
    409: Code.CONFLICT,
    413: Code.PAYLOAD_TOO_LARGE,
    422: Code.MALFORMED_REQUEST,
    501: Code.NOT_IMPLEMENTED,
}


def code_for(status: int) -> Code | None:
    """The code that fits a status; None where the enum has none (429 and 5xx come from what stands before the API)."""
    return _FOR_STATUS.get(status)
