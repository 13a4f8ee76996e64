"""Google Cloud: a bucket, and the key of a service account."""

import pulumi
import pulumi_gcp as gcp
from lightly_core.capability import Purpose

from lightly_access.access import Access
from lightly_access.builders import access_name, adopted, rotation
from lightly_access.kinds.gcs.account import GcpProject
from lightly_access.kinds.gcs.components import GcsBucket, GcsServiceAccountAccess
from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.manifest import Manifest
from lightly_access.tables.datasource import Datasource


def store(name: str, store: GcsStore, manifest: Manifest, opts: pulumi.ResourceOptions | None) -> GcsBucket:
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
        },
        opts,
    )


def access(
    dataset: str,
    purpose: Purpose,
    datasource: Datasource,
    store: GcsBucket,
    manifest: Manifest,
    opts: pulumi.ResourceOptions | None,
) -> Access:
    """The service account with its key; or one that somebody else made."""
    if datasource.made_elsewhere:
        return adopted(dataset, purpose, datasource, store, opts)
    return GcsServiceAccountAccess(
        access_name(dataset, purpose),
        {
            "store": store,
            "path": datasource.path,
            "purpose": purpose,
            "dataset": dataset,
            **rotation(datasource),
        },
        opts,
    )


def provider_name(account: str, store: GcsStore) -> str:
    """One for each project."""
    return account


def provider(name: str, where: str, account: GcpProject, store: GcsStore) -> gcp.Provider:
    """The project, with the environment's login or as the service account that it may impersonate."""
    return gcp.Provider(name, project=account.project, impersonate_service_account=account.impersonate)
