"""Azure: a container, and a SAS token."""

import pulumi
import pulumi_azure_native as azure_native
from lightly_core.capability import Purpose

from lightly_access.access import Access
from lightly_access.builders import access_name, adopted, rotation
from lightly_access.kinds.azure.account import AzureSubscription
from lightly_access.kinds.azure.components import AzureContainer, AzureSasAccess
from lightly_access.kinds.azure.store import AzureStore
from lightly_access.manifest import Manifest
from lightly_access.tables.datasource import Datasource


def store(name: str, store: AzureStore, manifest: Manifest, opts: pulumi.ResourceOptions | None) -> AzureContainer:
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
        opts,
    )


def access(
    dataset: str,
    purpose: Purpose,
    datasource: Datasource,
    store: AzureContainer,
    manifest: Manifest,
    opts: pulumi.ResourceOptions | None,
) -> Access:
    """The SAS token; or one that somebody else made."""
    if datasource.made_elsewhere:
        return adopted(dataset, purpose, datasource, store, opts)
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
        opts,
    )


def provider_name(account: str, store: AzureStore) -> str:
    """One for each subscription."""
    return account


def provider(name: str, where: str, account: AzureSubscription, store: AzureStore) -> azure_native.Provider:
    """The subscription, with the environment's login."""
    return azure_native.Provider(name, subscription_id=account.subscription, tenant_id=account.tenant)
