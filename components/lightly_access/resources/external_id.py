"""`lightly:index:ExternalId`, typed."""

from collections.abc import Mapping

from lightly_core.resource_types.external_id import EXTERNAL_ID
from pulumi import Input, Output, ResourceOptions

from lightly_access.resources.resource import LightlyResource


class ExternalId(LightlyResource, row=EXTERNAL_ID):
    """The external ID between Lightly and a role's trust policy: 256 random bits, a secret in the state.

    It stays the same until `keepers` change; then a new one is made before the old one goes.

    `get` is refused: an external ID is only in the state that made it.
    """

    keepers: Output[Mapping[str, str] | None]
    value: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        keepers: Input[Mapping[str, Input[str]]] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            resource_name,
            opts,
            keepers=keepers,
        )
