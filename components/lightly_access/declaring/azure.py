"""Azure: a container, and a SAS token."""

from lightly_access.capability import Purpose
from lightly_access.declaring import access_name, adopted, rotation
from lightly_access.manifest import AzureStore, Datasource, Manifest
from lightly_access.storage.access import Access
from lightly_access.storage.azure import AzureContainer, AzureSasAccess


def store(name: str, store: AzureStore, manifest: Manifest) -> AzureContainer:
    """The container, and its account and resource group where they are ours; only these carry tags."""
    return AzureContainer(
        name,
        {
            "account": store.account,
            "container": store.container,
            "resource_group": store.resource_group,
            "location": store.location,
            "create": store.create,
            "create_account": store.create_account,
            "hierarchical": store.hierarchical,
            "soft_delete_days": store.soft_delete_days,
            "force_destroy": store.force_destroy,
            "tags": {**manifest.tags, **store.tags},
        },
    )


def access(dataset: str, purpose: Purpose, datasource: Datasource, store: AzureContainer, manifest: Manifest) -> Access:
    """The SAS token; or one that somebody else made."""
    if datasource.adopted:
        return adopted(dataset, purpose, datasource, store)
    return AzureSasAccess(
        access_name(dataset, purpose),
        {
            "store": store,
            "path": datasource.path,
            "purpose": purpose,
            "dataset": dataset,
            "method": datasource.sas,
            **rotation(datasource),
        },
    )
