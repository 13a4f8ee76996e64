"""Whoever owns the S3-compatible stores: buckets, their data, and the keys of users.

They are the local AWS by another door: an account of its own, and its endpoint. Nothing is made by the deployment.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from lightly_core.capability import Purpose
from lightly_core.secret import Secret

from lightly_sandbox.kinds.estate import Source
from lightly_sandbox.kinds.fixture import Files, Fixture, Listing
from lightly_sandbox.kinds.s3.client import account, listings, make_bucket
from lightly_sandbox.kinds.s3.external import Owner
from lightly_sandbox.sandbox import Sandbox

OWNER = "archive"
"""The account at the local AWS."""
_READING = ("s3:GetObject",)
_WRITING = (*_READING, "s3:PutObject", "s3:DeleteObject")


class ObsFixture(Fixture):
    """The owner of the S3-compatible stores."""

    def names(self, stores: Iterable[Any]) -> frozenset[str]:
        return frozenset(map(self._bucket, stores))

    def _bucket(self, store: Any) -> str:
        """Its name here: at home a bucket of S3 may have the same, and here both are in one cloud."""
        taken = {getattr(other, "bucket", None) for other in self.estate.others}
        return f"{store.bucket[:59]}-obs" if store.bucket in taken else str(store.bucket)

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        """Make the buckets and the keys; the environment of the sandbox names them from then on."""
        found, owner, archive = list(files), Owner(sandbox), account(sandbox, OWNER)
        for bucket, region in self._regions().items():
            make_bucket(archive.client("s3", region), bucket, region)
        for name, store in self.estate.stores.items():
            self.give(sandbox, ("stores", name, "endpoint"), store.endpoint, Secret(sandbox.aws.url))
            if self._bucket(store) != store.bucket:
                self.give(sandbox, ("stores", name, "bucket"), store.bucket, Secret(self._bucket(store)))
        for source in self.estate.sources:
            s3, bucket = archive.client("s3", source.store.region), self._bucket(source.store)
            # Lightly asks for a directory that exists.
            for name, content in found if source.purpose is Purpose.INPUT else [("", b"")]:
                if key := source.table.path + name:
                    s3.put_object(Bucket=bucket, Key=key, Body=content)
            id, secret = owner.key(source, archive, _rights(bucket, source))
            self.give(sandbox, (*source.place, "access_key_id"), source.table.access_key_id, Secret(id))
            self.give(sandbox, (*source.place, "secret"), source.table.secret, secret)

    def _regions(self) -> dict[str, str]:
        return {self._bucket(store): store.region for store in self.estate.stores.values()}

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        return listings(account(sandbox, OWNER), self._regions())


def _rights(name: str, source: Source) -> str:
    """What the owner of the bucket would let a user do below the path."""
    bucket, path = f"arn:aws:s3:::{name}", source.table.path
    prefixes = {"StringLike": {"s3:prefix": [path.rstrip("/"), path, f"{path}*"]}}
    listing = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket}
    actions = list(_READING if source.purpose is Purpose.INPUT else _WRITING)
    objects = {"Effect": "Allow", "Action": actions, "Resource": f"{bucket}/{path}*"}
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{**listing, **({"Condition": prefixes} if path else {})}, objects]}
    )
