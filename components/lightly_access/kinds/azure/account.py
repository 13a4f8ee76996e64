"""The table of a subscription of Azure."""

from pydantic import Field

from lightly_access.kinds.azure import fields
from lightly_access.tables.table import AccountTable


class AzureSubscription(AccountTable):
    """A subscription of Azure, with the environment's login."""

    cloud: fields.AzureCloud = Field(description="What kind of account this is: azure")
    subscription: fields.Guid = Field(description="The id of the subscription")
    tenant: fields.Guid | None = Field(
        default=None, description="The id of its tenant, where it is not the one that your login is of"
    )
