"""lightly-access: least-privilege access for Lightly to storage you own.

The public names, nothing else. They are loaded when first used, so that the command line and the provider, which need
only the pure modules, never pay for a cloud SDK.
"""

from importlib import import_module

_WHERE = {
    "Access": "storage.access",
    "AdoptedAccess": "storage.adopted",
    "AdoptedAccessArgs": "storage.adopted",
    "AzureContainer": "storage.azure",
    "AzureContainerArgs": "storage.azure",
    "AzureSasAccess": "storage.azure",
    "AzureSasAccessArgs": "storage.azure",
    "Capability": "capability",
    "Dataset": "resources",
    "Datasource": "resources",
    "ExternalId": "resources",
    "GcsBucket": "storage.gcp",
    "GcsBucketArgs": "storage.gcp",
    "GcsServiceAccountAccess": "storage.gcp",
    "GcsServiceAccountAccessArgs": "storage.gcp",
    "Light": "capability",
    "LightlyDataset": "dataset",
    "LightlyDatasetArgs": "dataset",
    "LocalAccess": "storage.local",
    "LocalAccessArgs": "storage.local",
    "LocalFolders": "local_folders",
    "Manifest": "manifest",
    "Purpose": "capability",
    "S3AccessArgs": "storage.aws",
    "Network": "storage.aws",
    "ObsAccess": "storage.obs",
    "ObsAccessArgs": "storage.obs",
    "ObsBucket": "storage.obs",
    "S3Bucket": "storage.aws",
    "S3BucketArgs": "storage.aws",
    "S3DelegatedAccess": "storage.aws",
    "S3UserAccess": "storage.aws",
    "S3UserAccessArgs": "storage.aws",
    "Secret": "secret",
    "Verification": "resources",
    "deploy": "deploy",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'lightly_access' has no attribute {name!r}")
    return getattr(import_module(f"lightly_access.{_WHERE[name]}"), name)
