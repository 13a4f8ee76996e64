"""The table of an account of AWS."""

from typing import Annotated

from pydantic import Field

from lightly_access.kinds.s3 import fields
from lightly_access.tables.fields import SecretName
from lightly_access.tables.rules import needs
from lightly_access.tables.table import AccountTable

_ASSUMED = needs("role_arn", "it only with role_arn", "it is in the trust policy of a role that is assumed")


class AwsAccount(AccountTable):
    """An account of AWS: a role to assume, from the environment's login or a profile's; or that login itself."""

    cloud: fields.AwsWord = Field(description="What kind of account this is: aws")
    role_arn: fields.DeployerRole | None = Field(
        default=None, description="The ARN of the role in that account that deploys there, assumed with your login"
    )
    external_id: Annotated[SecretName | None, _ASSUMED] = Field(
        default=None,
        description="Where the external ID is that the role asks of you, never itself: the name of a secret "
        "lightly-keys:<name> of the stack's configuration, or env:NAME (with role_arn)",
    )
    profile: fields.Profile | None = Field(
        default=None, description="The profile of your AWS configuration to log in with; otherwise the environment's"
    )
