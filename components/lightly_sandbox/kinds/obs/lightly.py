"""Lightly's access to a bucket of an S3-compatible service: the registered endpoint and key.

Lightly is told no region for it: requests are signed for `us-east-1`, and for another one when the service names it.
"""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, Self

from lightly_sandbox.kinds.s3.lightly import Key, S3Door, S3Place, client, words
from lightly_sandbox.kinds.storage import Storage
from lightly_sandbox.lightly.findings import Findings
from lightly_sandbox.lightly.models import Obs
from lightly_sandbox.lightly.paths import directory
from lightly_sandbox.lightly.probe import look

REGION = "us-east-1"


class ObsStorage(Storage):
    """Within reach wherever the registered endpoint is."""

    types = (Obs,)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        return cls()

    @classmethod
    def check(cls, source: Obs) -> None:
        directory(source.full_path, "obs")

    def look(self, source: Obs, *, writing: bool) -> Findings:
        where = directory(source.full_path, "obs")
        key = Key(source.obs_access_key_id, source.obs_secret_access_key)

        @contextlib.contextmanager
        def entered() -> Iterator[S3Door]:
            with client("s3", source.obs_endpoint, REGION, key, stays=False) as s3:
                yield S3Door(s3, where.bucket, None)

        return look(S3Place(where, f"access key {key.access_key_id}"), entered, words, writing=writing)
