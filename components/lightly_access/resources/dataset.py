"""`lightly:index:Dataset`, typed."""

from lightly_core.resource_types.dataset import DATASET
from pulumi import Input, Output, ResourceOptions

from lightly_access.resources.resource import LightlyResource


class Dataset(LightlyResource, row=DATASET):
    """A dataset at Lightly; `id` is Lightly's own id of it.

    When it is removed it stays at Lightly; with `on_remove="delete"` it goes unless it holds samples, with
    `force_destroy` it goes with them. That never fails, also when Lightly cannot be asked: what stays is named. A name
    that exists already is an error that names its id, unless `adopt` is set: then that dataset is used, and kept on
    destroy. Another `name` renames it, an adopted one only with `rename_adopted`; another `type` needs a new dataset.

    `get` reads a dataset that exists at Lightly by its id.
    """

    name: Output[str]
    type: Output[str]
    adopt: Output[bool]
    on_remove: Output[str | None]
    force_destroy: Output[bool]
    rename_adopted: Output[bool | None]
    adopted: Output[bool]

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str] | None = None,
        type: Input[str] | None = None,
        adopt: Input[bool] | None = None,
        on_remove: Input[str] | None = None,
        force_destroy: Input[bool] | None = None,
        rename_adopted: Input[bool] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            resource_name,
            opts,
            name=name,
            type=type,
            adopt=adopt,
            on_remove=on_remove,
            force_destroy=force_destroy,
            rename_adopted=rename_adopted,
        )
