"""Google Cloud: a bucket, and the key of a service account."""

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp
from lightly_core.capability import Purpose

from lightly_access.access import Access
from lightly_access.kinds.builder import Builder, rotation
from lightly_access.kinds.gcs.account import GcpProject
from lightly_access.kinds.gcs.components import GcsBucket, GcsServiceAccountAccess
from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.names import first_name


class GcsBuilder(Builder):
    """Buckets, and service accounts with their keys."""

    def store(
        self, name: str, store: GcsStore, tags: Mapping[str, str], opts: pulumi.ResourceOptions | None
    ) -> GcsBucket:
        """The bucket."""
        return GcsBucket(
            name,
            {
                "bucket": store.bucket,
                "project": store.project,
                "location": store.location,
                "create": store.create,
                "versioning": store.versioning,
                "noncurrent_days": store.noncurrent_days,
                "force_destroy": store.force_destroy,
                "labels": store.labels,
                "first_name": first_name(name, store.aliases),
            },
            opts,
        )

    def access(
        self,
        name: str,
        dataset: str,
        purpose: Purpose,
        datasource: Datasource,
        store: GcsBucket,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None,
    ) -> Access:
        """The service account with its key."""
        return GcsServiceAccountAccess(
            name,
            {
                "store": store,
                "path": datasource.path,
                "purpose": purpose,
                "dataset": dataset,
                **rotation(datasource),
            },
            opts,
        )

    def provider(self, name: str, where: str, account: GcpProject, store: GcsStore) -> gcp.Provider:
        """The project, with the environment's login or as the service account that it may impersonate."""
        return gcp.Provider(name, project=account.project, impersonate_service_account=account.impersonate)
