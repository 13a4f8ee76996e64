"""One configuration of the mock provider of Google Cloud."""

import threading

from lightly_sandbox.kinds.gcs.mock_provider.clients import GoogleClients
from lightly_sandbox.kinds.gcs.mock_provider.work import Work


class GoogleSession(GoogleClients):
    """Clients, lent to one request after the other."""

    def work(self, cancelled: threading.Event, timeout: float, region: str | None) -> Work:
        return Work(self, cancelled, timeout if timeout > 0 else self._wait_seconds)
