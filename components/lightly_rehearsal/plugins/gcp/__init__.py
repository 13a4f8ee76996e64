"""The stand-in for Pulumi's `gcp` provider.

Run it with `python -m lightly_rehearsal.plugins.gcp`, or `serve` it in process.

Read `table.py` for what it knows, `cloud.py` for its settings, and one file a noun for what it does at Google.
"""

from lightly_rehearsal.plugins.gcp.cloud import GcpCloud, stand_in
from lightly_rehearsal.plugins.server import Serving, serve

__all__ = ["GcpCloud", "Serving", "serve", "stand_in"]
