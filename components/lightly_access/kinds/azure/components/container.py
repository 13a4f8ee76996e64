"""The container: yours already and never touched, made by us in your account, or made with an account of its own."""

from functools import cached_property
from typing import Annotated, Any, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import resources, storage

from lightly_access.arguments.check import Component
from lightly_access.arguments.error import in_a_sentence
from lightly_access.arguments.table import HIDDEN
from lightly_access.kinds import replaced
from lightly_access.kinds.azure import fields
from lightly_access.kinds.azure.components import kept
from lightly_access.kinds.azure.components.not_replaced import not_replaced
from lightly_access.kinds.azure.components.output_fields import OutputTags
from lightly_access.kinds.azure.sas_window import LONGEST_LIFE
from lightly_access.tables.rules import needed_with
from lightly_access.tables.table import CREATED

KEY_DAYS = 90
"""After how many days Azure reminds of the account's keys (CIS Azure 9.3.1.1: 90 at most)."""


class AzureContainerArgs(TypedDict):
    """A container: yours already (never touched), or made by us (its account, too, if you say so)."""

    account: fields.Account
    """The storage account's name."""
    container: fields.Container
    """The container's name."""
    resource_group: fields.ResourceGroup
    """The account's resource group."""
    create: NotRequired[bool]
    """Make the container. Default: it exists, is yours, and nothing about it is changed but its stored policies."""
    create_account: NotRequired[Annotated[bool, CREATED]]
    """Make the account and its resource group, too (with `create`)."""
    location: NotRequired[
        Annotated[
            fields.Location | None,
            needed_with("create_account", True, "the region where the account is made, such as westeurope"),
        ]
    ]
    """Where a created account is, such as `westeurope`."""
    hierarchical: NotRequired[bool]
    """Whether the account has (or, created, gets) a hierarchical namespace: a SAS is then bound to its directory."""
    soft_delete_days: NotRequired[fields.SoftDeleteDays]
    """For how many days a created account keeps deleted blobs and containers (default 7)."""
    force_destroy: NotRequired[Annotated[bool, CREATED]]
    """Allow `destroy` to delete what we created together with its blobs; of an account that is made here its resource
    group too, with all that others have put there. Default: it is kept, with all that is in it, because Azure deletes a
    container whether it is empty or not."""
    tags: NotRequired[OutputTags]
    """Tags of the account and resource group that we make."""
    endpoint: NotRequired[Annotated[pulumi.Input[str], HIDDEN]]
    """The blob endpoint of an account that another stack of the same manifest makes."""


class AzureContainer(Component):
    """A container that datasets share. Created ones are hardened; adopted ones are only named.

    Example:
        photos = AzureContainer(
            "photos", {"account": "acmedatalake", "container": "photos", "resource_group": "acme-data"}
        )
    """

    account: str
    container: str
    hierarchical: bool
    created: bool
    """Whether it is made here."""
    endpoint: pulumi.Output[str]
    """The account's blob endpoint."""
    prerequisites: list[pulumi.Resource]
    """The last of what must stand before the container may hold blobs and policies; empty for an adopted one."""
    may_stay: list[pulumi.Resource]
    """Nothing: what Azure would delete with all that is in it, `destroy` leaves and forgets."""

    def __init__(self, name: str, args: AzureContainerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:azure:AzureContainer", name, None, opts)
        self._name, self._args, self._names = name, args, replaced.names_of(name, opts)
        self.account, self.container = args["account"], args["container"]
        self.hierarchical, self.created = args.get("hierarchical", False), args.get("create", False)
        self._directories: dict[str, storage.Blob] = {}
        self._child = pulumi.ResourceOptions(parent=self, retain_on_delete=not args.get("force_destroy", False))
        self.prerequisites, self.may_stay = [], []
        made = self._create_account() if args.get("create_account") else None
        self._group: pulumi.Input[str] = made.group if made else args["resource_group"]
        self._account: pulumi.Input[str] = made.account.name if made else args["account"]
        if (told := args.get("endpoint")) is not None:  # unknown as long as there is no account
            self.endpoint = pulumi.Output.from_input(told)
            self._account = self.endpoint.apply(lambda _: args["account"])
        else:
            self.endpoint = made.account.primary_endpoints.apply(_blob) if made else self._endpoint_of_adopted()
        if self.created:
            self.prerequisites.append(self._create_container())
        self.register_outputs({"container": self.container, "endpoint": self.endpoint})

    @cached_property
    def account_key(self) -> pulumi.Output[str]:
        """The first key of the account, a secret. It is asked for only where it is needed: that takes the right
        Microsoft.Storage/storageAccounts/listKeys/action."""
        found = storage.list_storage_account_keys_output(
            account_name=self._account, resource_group_name=self._group, opts=pulumi.InvokeOptions(parent=self)
        )
        return pulumi.Output.secret(found.apply(lambda keys: str(keys.keys[0].value)))

    def directory(self, path: str) -> pulumi.Resource:
        """An empty placeholder blob: Lightly demands an existing directory.

        https://docs.lightly.ai/docs/cloud-storage: "The resource_path must point to an existing directory". In a plain
        account a blob whose name ends in `/` is one; in a hierarchical namespace a directory is a thing of its own, and
        comes into being with the first blob in it.
        """
        if path not in self._directories:
            self._directories[path] = storage.Blob(
                f"{self._name}/{path}",
                account_name=self._account,
                resource_group_name=self._group,
                container_name=self.container,
                blob_name=f"{path}.lightly/directory" if self.hierarchical else path,
                type=storage.BlobType.BLOCK,
                opts=pulumi.ResourceOptions(parent=self, depends_on=self.prerequisites),
            )
        return self._directories[path]

    def _create_account(self) -> "_Made":
        """CIS Azure 9.3.4 (TLS only), 9.3.6 (TLS 1.2), 9.3.7, 9.3.8, 9.3.3.1, 9.2.1, 9.2.2."""
        args = self._args
        tags, location = args.get("tags"), args.get("location") or ""
        group = resources.ResourceGroup(
            f"{self._name}-group",
            resource_group_name=args["resource_group"],
            location=location,
            tags=tags,
            opts=self._making(f"resource group {args['resource_group']}", "resources:getResourceGroup"),
        )
        account = storage.StorageAccount(
            f"{self._name}-account",
            account_name=self.account,
            resource_group_name=group.name,
            location=location,
            kind=storage.Kind.STORAGE_V2,
            sku={"name": storage.SkuName.STANDARD_LRS},
            is_hns_enabled=self.hierarchical,
            enable_https_traffic_only=True,
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            allow_blob_public_access=False,
            allow_cross_tenant_replication=False,
            allow_shared_key_access=True,  # a SAS with a stored policy is signed with an account key
            default_to_o_auth_authentication=True,
            key_policy={"key_expiration_period_in_days": KEY_DAYS},
            # Log, not Block: Azure reads a token's own start, and ours have theirs in the stored policy.
            sas_policy={
                "expiration_action": storage.ExpirationAction.LOG,
                "sas_expiration_period": f"{LONGEST_LIFE.days}.00:00:00",
            },
            tags=tags,
            opts=self._making(f"storage account {self.account}", "storage:getStorageAccount"),
        )
        soft: storage.DeleteRetentionPolicyArgsDict = {"enabled": True, "days": args.get("soft_delete_days", 7)}
        soft_delete = storage.BlobServiceProperties(
            f"{self._name}-blobs",
            account_name=account.name,
            resource_group_name=group.name,
            blob_services_name="default",
            delete_retention_policy=soft,
            container_delete_retention_policy=soft,
            # The provider resets them when they are deleted: never before the account is gone.
            opts=pulumi.ResourceOptions.merge(self._child, pulumi.ResourceOptions(deleted_with=account)),
        )
        self.prerequisites.append(soft_delete)
        return _Made(group.name, account)

    def _create_container(self) -> pulumi.Resource:
        return storage.BlobContainer(
            f"{self._name}-container",
            account_name=self._account,
            resource_group_name=self._group,
            container_name=self.container,
            public_access=storage.PublicAccess.NONE,
            opts=self._making(f"container {self.account}/{self.container}", "storage:getBlobContainer"),
        )

    def _making(self, what: str, function: str) -> pulumi.ResourceOptions:
        """The options of what is made when `function` of the provider does not find it."""
        known = {
            "resourceGroupName": self._args["resource_group"],
            "accountName": self.account,
            "containerName": self.container,
        }
        made = [
            kept.refused(self._name, what, self, function, known),
            not_replaced(self._names, what.rpartition(" ")[0], self, self._args),
        ]
        return pulumi.ResourceOptions.merge(
            self._child, pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding.merge(*made))
        )

    def _endpoint_of_adopted(self) -> pulumi.Output[str]:
        found = storage.get_storage_account_output(
            account_name=self.account,
            resource_group_name=self._args["resource_group"],
            opts=pulumi.InvokeOptions(parent=self),
        )
        return found.apply(in_a_sentence(f"AzureContainer {self._name}", self._fitting))

    def _fitting(self, found: storage.GetStorageAccountResult) -> str:
        """The endpoint. Raises ValueError when the account is not hierarchical and was said to be."""
        if self.hierarchical and not found.is_hns_enabled:
            raise ValueError(
                f"hierarchical: got true, but account {self.account} has no hierarchical namespace, so "
                "Azure refuses every SAS of a directory\nhint: leave `hierarchical` out"
            )
        return _blob(found.primary_endpoints)


class _Made:
    """An account of ours."""

    def __init__(self, group: pulumi.Output[str], account: storage.StorageAccount) -> None:
        self.group, self.account = group, account


def _blob(endpoints: Any) -> str:
    return str(endpoints.blob)
