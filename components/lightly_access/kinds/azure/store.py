"""The table of an Azure store. A rule between two fields stands at the later one."""

from typing import Annotated

from pydantic import Field

from lightly_access.kinds.azure import fields
from lightly_access.tables.fields import AccountRef
from lightly_access.tables.rules import needed_with, only_with
from lightly_access.tables.table import CREATED, OWNER, StoreTable

_ACCOUNT_MADE = only_with(
    "create_account", True, "an adopted account is never changed: leave this out, or set create_account: true"
)


class AzureStore(StoreTable):
    """A container of a storage account. An account or container that exists already is never changed."""

    kind: fields.AzureWord = Field(description="What kind of storage this is: azure")
    account: fields.Account = Field(description="The storage account's name alone")
    container: fields.Container = Field(description="The container's name alone")
    resource_group: fields.ResourceGroup = Field(description="The resource group of the account")
    owner: AccountRef | None = Field(default=None, description=OWNER)
    create: bool = Field(
        default=False, description="Make the container. Otherwise it is yours already and never changed"
    )
    create_account: Annotated[bool, CREATED] = Field(
        default=False, description="Make the storage account and its resource group too, hardened (with create: true)"
    )
    location: Annotated[
        fields.Location | None,
        needed_with("create_account", True, "the region where the account is made, such as westeurope"),
        _ACCOUNT_MADE,
    ] = Field(
        default=None,
        validate_default=True,
        description="The region of the account, as Azure's API writes it: westeurope (with create_account: true)",
    )
    hierarchical: bool = Field(
        default=False,
        description="The account has, or made by us gets, a hierarchical namespace: a SAS is bound to the directory",
    )
    soft_delete_days: Annotated[fields.SoftDeleteDays, _ACCOUNT_MADE] = Field(
        default=7, description="Days for which deleted blobs can be brought back (with create_account: true)"
    )
    force_destroy: Annotated[bool, CREATED] = Field(
        default=False,
        description="Let destroy delete the container with its blobs (with create: true); with create_account: true "
        "the account and its resource group too, with all that others have put there",
    )
    tags: Annotated[fields.Tags, _ACCOUNT_MADE] = Field(
        default={}, description="Azure tags of the account and resource group (with create_account: true)"
    )
