"""Azure: a container, and a SAS token."""

from collections.abc import Collection, Mapping
from typing import Any

import pulumi
import pulumi_azure_native as azure_native
from lightly_core.capability import Purpose

from lightly_access.access import Access
from lightly_access.kinds.azure.account import AzureSubscription
from lightly_access.kinds.azure.components import AzureContainer, AzureContainerArgs, AzureSasAccess
from lightly_access.kinds.azure.store import AzureStore
from lightly_access.kinds.builder import Builder, Opts, Told, rotation
from lightly_access.tables.datasource import Datasource

_ENDPOINT = "the blob endpoint"


class AzureBuilder(Builder):
    """Containers and SAS tokens."""

    def store(
        self, name: str, store: AzureStore, tags: Mapping[str, str], opts: pulumi.ResourceOptions | None
    ) -> AzureContainer:
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
                "tags": {**tags, **store.tags},
            },
            opts,
        )

    def taken(
        self, name: str, store: AzureStore, told: Told, purposes: Collection[Purpose], opts: Opts
    ) -> AzureContainer:
        """The container as it is."""
        args: AzureContainerArgs = {
            "account": store.account,
            "container": store.container,
            "resource_group": store.resource_group,
            "hierarchical": store.hierarchical,
        }
        if store.create_account:
            args["endpoint"] = told(_ENDPOINT)
        return AzureContainer(name, args, opts)

    def facts(self, store: AzureContainer) -> dict[str, pulumi.Input[Any]]:
        """Where the account is reached."""
        return {_ENDPOINT: store.endpoint}

    def access(
        self,
        name: str,
        dataset: str,
        purpose: Purpose,
        datasource: Datasource,
        store: AzureContainer,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None,
    ) -> Access:
        """The SAS token."""
        return AzureSasAccess(
            name,
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

    def provider(
        self,
        name: str,
        where: str,
        account: AzureSubscription,
        store: AzureStore,
        opts: pulumi.ResourceOptions | None,
    ) -> azure_native.Provider:
        """The subscription, with the environment's login."""
        return azure_native.Provider(name, opts, subscription_id=account.subscription, tenant_id=account.tenant)
