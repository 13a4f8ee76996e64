"""The mock provider for Pulumi's `gcp` provider.

Run it with `python -m lightly_sandbox.kinds.gcs.mock_provider`, or `serve` it in process.

Read `table.py` for what it knows, `cloud.py` for its settings, and one file a noun for what it does at Google.
"""

from lightly_sandbox.kinds.gcs.mock_provider.cloud import GoogleCloud, mock_provider
from lightly_sandbox.mock_providers.server import Serving, serve

__all__ = ["GoogleCloud", "Serving", "mock_provider", "serve"]
