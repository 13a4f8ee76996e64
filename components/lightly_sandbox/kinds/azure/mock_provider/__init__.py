"""The mock provider for Pulumi's `azure-native` provider.

Run it with `python -m lightly_sandbox.kinds.azure.mock_provider`, or `serve` it in process.

Read `table.py` for what it knows, `cloud.py` for its settings, and one file a noun for what it does at Azure.
"""

from lightly_sandbox.kinds.azure.mock_provider.cloud import AzureCloud, mock_provider
from lightly_sandbox.mock_providers.server import Serving, serve

__all__ = ["AzureCloud", "Serving", "mock_provider", "serve"]
