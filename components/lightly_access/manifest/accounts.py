"""The table `accounts`: accounts of AWS, subscriptions of Azure and projects of Google Cloud, and how to get into each.

A store says with `owner` whose it is; one that says nothing is where the environment's own login leads. Nothing here is
a secret: whoever deploys has a login, and these say what to become with it. It stands in the stack's configuration, not
in a manifest folder: who adds a dataset does not choose whose rights deploy it.
"""

from typing import Annotated

from pydantic import Field

from lightly_access.manifest import fields
from lightly_access.manifest.rules import needs
from lightly_access.manifest.stores import Table

_ASSUMED = needs("role_arn", "it only with role_arn", "it is in the trust policy of a role that is assumed")


class AwsAccount(Table):
    """An account of AWS: a role to assume, from the environment's login or a profile's; or that login itself."""

    cloud: fields.AwsCloud = Field(description="What kind of account this is: aws")
    role_arn: fields.DeployerRole | None = Field(
        default=None, description="The ARN of the role in that account that deploys there, assumed with your login"
    )
    external_id: Annotated[fields.GivenSecret | None, _ASSUMED] = Field(
        default=None,
        description="Where the external ID is that the role asks of you, never itself: the name of a secret "
        "lightly-keys:<name> of the stack's configuration, or env:NAME (with role_arn)",
    )
    profile: fields.Profile | None = Field(
        default=None, description="The profile of your AWS configuration to log in with; otherwise the environment's"
    )


class AzureSubscription(Table):
    """A subscription of Azure, with the environment's login."""

    cloud: fields.AzureCloud = Field(description="What kind of account this is: azure")
    subscription: fields.Guid = Field(description="The id of the subscription")
    tenant: fields.Guid | None = Field(
        default=None, description="The id of its tenant, where it is not the one that your login is of"
    )


class GcpProject(Table):
    """A project of Google Cloud, with the environment's login or as a service account that it may impersonate."""

    cloud: fields.GcpCloud = Field(description="What kind of account this is: gcp")
    project: fields.GcpProject = Field(description="The id of the project; its stores name it too")
    impersonate: fields.ServiceAccountEmail | None = Field(
        default=None, description="The service account that deploys there, impersonated with your login"
    )


Account = AwsAccount | AzureSubscription | GcpProject
ACCOUNT_TABLES: dict[str, type[Account]] = {"aws": AwsAccount, "azure": AzureSubscription, "gcp": GcpProject}
"""The table of each kind of account."""
