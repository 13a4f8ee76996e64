"""The mock provider for Pulumi's `aws` provider.

Run it with `python -m lightly_sandbox.kinds.s3.mock_provider`, or `serve` it in process.

Read `table.py` for what it knows, `cloud.py` for its settings, and one file a noun for what it does at AWS.
"""

from lightly_sandbox.kinds.s3.mock_provider.cloud import AwsCloud, mock_provider
from lightly_sandbox.mock_providers.server import Serving, serve

__all__ = ["AwsCloud", "Serving", "mock_provider", "serve"]
