"""lightly-access: least-privilege access for Lightly to storage you own.

The public names, nothing else. They are loaded when first used, so that the command line and the provider, which need
only the pure modules, never pay for a cloud SDK.
"""

from importlib import import_module

_WHERE = {
    "Access": "access",
    "AdoptedAccess": "external_access",
    "AdoptedAccessArgs": "kinds.external",
    "AzureContainer": "kinds.azure.components",
    "AzureContainerArgs": "kinds.azure.components",
    "AzureSasAccess": "kinds.azure.components",
    "AzureSasAccessArgs": "kinds.azure.components",
    "Capability": "lightly_core.capability",
    "Dataset": "resources",
    "Datasource": "resources",
    "ExternalId": "resources",
    "GcsBucket": "kinds.gcs.components",
    "GcsBucketArgs": "kinds.gcs.components",
    "GcsServiceAccountAccess": "kinds.gcs.components",
    "GcsServiceAccountAccessArgs": "kinds.gcs.components",
    "Light": "lightly_core.capability",
    "LightlyDataset": "dataset",
    "LightlyDatasetArgs": "dataset",
    "LocalAccess": "kinds.local.components",
    "LocalAccessArgs": "kinds.local.components",
    "LocalFolders": "kinds.local.folders",
    "Manifest": "manifest",
    "Purpose": "lightly_core.capability",
    "S3AccessArgs": "kinds.s3.components",
    "Network": "kinds.s3.components",
    "ObsAccess": "kinds.obs.components",
    "ObsAccessArgs": "kinds.obs.components",
    "ObsBucket": "kinds.obs.components",
    "S3Bucket": "kinds.s3.components",
    "S3BucketArgs": "kinds.s3.components",
    "S3DelegatedAccess": "kinds.s3.components",
    "S3UserAccess": "kinds.s3.components",
    "S3UserAccessArgs": "kinds.s3.components",
    "Secret": "lightly_core.secret",
    "Verification": "resources",
    "deploy": "deploy",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'lightly_access' has no attribute {name!r}")
    where = _WHERE[name]
    return getattr(import_module(where if where.startswith("lightly_core") else f"lightly_access.{where}"), name)
