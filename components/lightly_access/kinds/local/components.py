"""Local disk: two folders of the machine where the Lightly Worker runs, mounted into its container.

https://docs.lightly.ai/docs/local-storage. Nothing is created in any cloud and there is no credential: who may do what
is decided by the line that starts the worker (`lightly-access worker-command`), which mounts the input read only.
"""

from typing import TypedDict

import pulumi
from lightly_core.capability import Purpose
from lightly_core.lightly_rules import MOUNTS

from lightly_access.access import Access, fingerprint
from lightly_access.arguments.values import value_of_users
from lightly_access.kinds.local import folders
from lightly_access.kinds.local import names as local_names
from lightly_access.tables.directory import Directory
from lightly_access.worker_command import mount_option, mount_proof


@value_of_users
class LocalFolders(folders.LocalFolders):
    """The folders of the host; either may be missing. Raises ArgumentsError for one that docker cannot mount.

    Example:
        disk = LocalFolders(input_mount="/srv/photos", lightly_mount="/srv/lightly")
    """


class LocalAccessArgs(TypedDict):
    """Access to one path below one of the mounts."""

    store: folders.LocalFolders
    """The mounts."""
    path: Directory
    """The directory relative to the mount, ending in `/`; empty for the mount itself. It must exist."""
    purpose: Purpose
    """INPUT (`/input_mount`, read only) or LIGHTLY (`/lightly_mount`)."""


class LocalAccess(Access):
    """A mount of the Lightly Worker, as an access.

    Example:
        disk = LocalFolders(input_mount="/srv/photos", lightly_mount="/srv/lightly")
        reads = LocalAccess("farm-animals-input", {"store": disk, "path": "farm-animals/", "purpose": Purpose.INPUT})
    """

    def __init__(self, name: str, args: LocalAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:local:LocalAccess", name, None, opts)
        store, purpose = args["store"], args["purpose"]
        option = mount_option(purpose, store.mount(purpose))
        self._describe(
            purpose=purpose,
            registration={
                "kind": "local",
                "access": "mount",
                "path": f"{local_names.SCHEME}{MOUNTS[purpose]}/{args['path']}",
                "web_server": store.web_server,
            },
            identity=pulumi.Output.from_input(f"the worker's /{MOUNTS[purpose]}"),
            proof=pulumi.Output.from_input(mount_proof(option)),  # what is mounted `ro` cannot be written
            fingerprint=pulumi.Output.from_input(fingerprint(option, store.web_server)),
            credential=pulumi.Output.from_input({"kind": "mount", "created": None, "rotates": None}),
            probe_credential=None,
            prerequisites=[],
        )
