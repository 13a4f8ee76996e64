"""Lightly's REST API, the calls that the project makes; knows no Pulumi."""

from lightly_core.scrub import Scrubber
from lightly_core.secret import Secret

from lightly_api.connection import Connection
from lightly_api.datasets import Datasets
from lightly_api.datasources import Datasources
from lightly_api.retry import RetryPolicy
from lightly_api.runs import Runs
from lightly_api.server_location import checked_location
from lightly_api.transport import HttpTransport, Transport


class LightlyApi:
    """One server and one token. Every method raises LightlyError with a sentence that can be shown.

    Raises ServerLocationError before anything is sent to where the token must not go.
    """

    def __init__(
        self,
        token: Secret,
        server: str,
        *,
        transport: Transport | None = None,
        retry_policy: RetryPolicy | None = None,
        scrubber: Scrubber | None = None,
    ) -> None:
        connection = Connection(
            token,
            transport or HttpTransport(checked_location(server)),
            retry_policy or RetryPolicy(),
            scrubber or Scrubber(),
        )
        self.datasources = Datasources(connection)
        self.datasets = Datasets(connection, gone=self.datasources.forget)
        self.runs = Runs(connection)
