"""Google as one request may use it: its client, and retries in states that pass.

Waiting is for what Google's own provider waits for: another writer of the same policy, a new account that is not known
everywhere yet (`iamPolicyReadModifyWrite` in
https://github.com/hashicorp/terraform-provider-google/blob/main/google/tpgiamresource/iam.go).
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import stamina

from lightly_sandbox.kinds.gcs.mock_provider.clients import GoogleClients
from lightly_sandbox.kinds.gcs.mock_provider.errors import ApiError

T = TypeVar("T")


class Work:
    """The client of one request."""

    def __init__(self, session: GoogleClients, cancelled: threading.Event, seconds: float) -> None:
        self.session = session
        self._cancelled, self._seconds = cancelled, seconds

    def project_of(self, values: Mapping[str, Any]) -> str:
        """The project that the program says, or the provider's."""
        return str(values.get("project") or self.session.project)

    def get(self, path: str, **query: str) -> Any:
        """GET. Raises ApiError."""
        return self.session.ask("GET", path, query=query)

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: str) -> Any:
        """A request with a JSON body. Raises ApiError."""
        return self.session.ask(method, path, body if body is not None else {}, query)

    def patiently(self, call: Callable[[], T], passing: Callable[[ApiError], bool]) -> T:
        """Call, and again with back-off while Google answers a passing state."""

        def again(error: Exception) -> bool:
            return isinstance(error, ApiError) and passing(error) and not self._cancelled.is_set()

        for attempt in stamina.retry_context(
            on=again, attempts=None, timeout=self._seconds, wait_initial=0.05, wait_max=5.0, wait_jitter=0.2
        ):
            with attempt:
                result = call()
        return result
