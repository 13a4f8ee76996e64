"""The stand-in for Pulumi's `azure-native` provider.

Run it with `python -m lightly_rehearsal.plugins.azure_native`, or `serve` it in process.

Read `table.py` for what it knows, `cloud.py` for its settings, and one file a noun for what it does at Azure.
"""

from lightly_rehearsal.plugins.azure_native.cloud import AzureCloud, stand_in
from lightly_rehearsal.plugins.server import Serving, serve

__all__ = ["AzureCloud", "Serving", "serve", "stand_in"]
