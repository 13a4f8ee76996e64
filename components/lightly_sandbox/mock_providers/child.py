"""A mock provider as a child process; the protocol is in `lightly_sandbox.process`."""

from collections.abc import Callable, Mapping
from typing import Any

from lightly_sandbox.mock_providers.server import Serving
from lightly_sandbox.process import announce, end_with_parent, read_settings


def run(mock_provider: Callable[[Mapping[str, Any]], Serving]) -> None:
    """Serve until the parent is gone."""
    serving = mock_provider(read_settings())
    end_with_parent(serving.stop)
    announce(serving.port)
    serving.server.wait_for_termination()
