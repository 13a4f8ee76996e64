"""Clients of S3 that stay in their region.

boto3 follows S3 to the region of a bucket and remembers it, which hides a wrong region that HashiCorp's provider,
obstore and many other clients refuse: none of ours may.
"""

from collections.abc import MutableMapping
from typing import Any


def without_redirects(client: Any) -> Any:
    """The client, which takes S3's "it is in another region" for the answer.

    botocore's redirector (utils.py, S3RegionRedirectorv2) asks once per request; here it believes that it has.
    """
    client.meta.events.register_last("before-parameter-build.s3", _stay)
    return client


def _stay(context: MutableMapping[str, Any], **_: Any) -> None:
    context.setdefault("s3_redirect", {})["redirected"] = True
