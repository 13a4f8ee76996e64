"""The table of a local store."""

from typing import Annotated, Literal

from pydantic import Field

from lightly_access import secret_refs
from lightly_access.kinds.local import names
from lightly_access.kinds.local.names import WEB_SERVER
from lightly_access.tables.fields import KIND_WORD, or_variable, schema
from lightly_access.tables.table import StoreTable

_MountFolder = Annotated[
    str, or_variable(names.mount_folder), schema("string", pattern=f"^(/[^:]+|{secret_refs.ENVIRONMENT_PATTERN})$")
]
_WebServer = Annotated[
    str,
    or_variable(names.web_server),
    schema("string", pattern=f"^(https?://[^/]+|{secret_refs.ENVIRONMENT_PATTERN})$"),
]


class LocalStore(StoreTable):
    """Folders of the machine where the Lightly Worker runs, mounted into it. They exist already."""

    kind: Annotated[Literal["local"], KIND_WORD] = Field(
        description="What kind of storage this is: local, folders mounted into the worker"
    )
    input_mount: _MountFolder | None = Field(
        default=None, description="The folder that is mounted as /input_mount, read only, or env:NAME"
    )
    lightly_mount: _MountFolder | None = Field(
        default=None, description="The folder that is mounted as /lightly_mount, writable, or env:NAME"
    )
    web_server: _WebServer = Field(
        default=WEB_SERVER,
        description="Where `lightly-access serve` serves them to Lightly's web application, or env:NAME",
    )
