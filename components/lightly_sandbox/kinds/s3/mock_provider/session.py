"""One configuration of the mock provider of AWS."""

import threading

from lightly_sandbox.kinds.s3.mock_provider.clients import AwsClients
from lightly_sandbox.kinds.s3.mock_provider.work import Work


class AwsSession(AwsClients):
    """Clients, lent to one request after the other."""

    def work(self, cancelled: threading.Event, timeout: float, region: str | None) -> Work:
        return Work(self, region or self.region, cancelled, timeout if timeout > 0 else self._wait_seconds)
