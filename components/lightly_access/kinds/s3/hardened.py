"""The option `hardened`: objects are read and written from your network alone, which only S3's policies can say."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from lightly_access.kinds.s3 import fields
from lightly_access.tables.table import Table

if TYPE_CHECKING:
    from lightly_policies.network import Network


class Hardened(Table):
    """Where reading and writing is allowed from. Lightly's own servers are not there: they can list, and no more."""

    vpc_ids: fields.VpcIds | None = Field(
        default=None, description="VPCs that reach S3 through an endpoint of their own, such as vpc-0a1b2c3d4e5f67890"
    )
    cidrs: Annotated[fields.Cidrs | None, fields.Somewhere] = Field(
        default=None,
        validate_default=True,
        description="Public addresses: of NAT gateways and offices, and of people who look at Lightly's pages",
    )

    @property
    def network(self) -> "Network":
        """The same for the templates and their proof."""
        from lightly_policies.network import Network  # late: a check of a manifest needs no policies

        return Network(self.vpc_ids or (), self.cidrs or ())
