"""Amazon S3: a bucket, and a role or a user's key."""

from lightly_access.capability import Purpose
from lightly_access.declaring import access_name, adopted, rotation
from lightly_access.manifest import Datasource, Manifest, S3Store
from lightly_access.storage.access import Access
from lightly_access.storage.aws import S3AccessArgs, S3Bucket, S3DelegatedAccess, S3UserAccess


def store(name: str, store: S3Store, manifest: Manifest) -> S3Bucket:
    """The bucket."""
    return S3Bucket(
        name,
        {
            "bucket": store.bucket,
            "region": store.region,
            "create": store.create,
            "kms_key": store.kms_key,
            "versioning": store.versioning,
            "noncurrent_days": store.noncurrent_days,
            "force_destroy": store.force_destroy,
            "tags": {**manifest.tags, **store.tags},
        },
    )


def access(dataset: str, purpose: Purpose, datasource: Datasource, store: S3Bucket, manifest: Manifest) -> Access:
    """The role, or the user with its key; or one that somebody else made."""
    if datasource.adopted:
        return adopted(dataset, purpose, datasource, store)
    args: S3AccessArgs = {
        "store": store,
        "path": datasource.path,
        "purpose": purpose,
        "dataset": dataset,
        "list_prefix_condition": datasource.list_prefix_condition,
        "permissions_boundary": datasource.permissions_boundary,
        "tags": manifest.tags,
    }
    name = access_name(dataset, purpose)
    if datasource.access == "delegated":
        return S3DelegatedAccess(name, args)
    return S3UserAccess(name, {**args, **rotation(datasource)})
