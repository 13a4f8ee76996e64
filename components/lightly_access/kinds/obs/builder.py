"""S3-compatible services: a bucket that exists, and a key that somebody else made."""

import os
from collections.abc import Mapping

import pulumi
from lightly_core.capability import Purpose

from lightly_access import secret_refs
from lightly_access.kinds.builder import Builder, referenced_secret
from lightly_access.kinds.obs.components import ObsAccess, ObsBucket
from lightly_access.kinds.obs.store import ObsStore
from lightly_access.tables.datasource import Datasource


class ObsBuilder(Builder):
    """Buckets that exist, and keys that somebody else made."""

    def store(
        self, name: str, store: ObsStore, tags: Mapping[str, str], opts: pulumi.ResourceOptions | None
    ) -> ObsBucket:
        """The bucket, at the endpoint that the manifest gives or names."""
        endpoint = secret_refs.resolved(store.endpoint, f"stores.{name}.endpoint", os.environ)
        return ObsBucket(store.bucket, endpoint, store.region)

    def access(
        self,
        name: str,
        dataset: str,
        purpose: Purpose,
        datasource: Datasource,
        store: ObsBucket,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None,
    ) -> ObsAccess:
        """The external key."""
        where = f"datasets.{dataset}.{purpose.lower()}"
        assert datasource.access_key_id is not None  # the manifest was checked: access `key` has both
        assert datasource.secret is not None
        return ObsAccess(
            name,
            {
                "store": store,
                "path": datasource.path,
                "purpose": purpose,
                "access_key_id": secret_refs.resolved(datasource.access_key_id, f"{where}.access_key_id", os.environ),
                "secret_access_key": referenced_secret(datasource.secret, f"{where}.secret"),
                "whole_bucket": datasource.whole_bucket,
            },
            opts,
        )
