"""Local disk: two folders of the machine where the Lightly Worker runs, mounted into its container.

https://docs.lightly.ai/docs/local-storage. Nothing is created in any cloud and there is no credential: who may do what
is decided by the line that starts the worker (`lightly-access worker-command`), which mounts the input read only.
"""

from typing import Any, TypedDict

import pulumi
from lightly_core.capability import Purpose

from lightly_access.access import fingerprint
from lightly_access.kinds.local import names as local_names
from lightly_access.kinds.local.folders import LocalFolders
from lightly_access.worker_command import mount_option, mount_proof


class LocalAccessArgs(TypedDict):
    """A way in to one path below one of the mounts."""

    store: LocalFolders
    """The mounts."""
    path: str
    """The directory relative to the mount, ending in `/`; empty for the mount itself. It must exist."""
    purpose: Purpose
    """INPUT (`/input_mount`, read only) or LIGHTLY (`/lightly_mount`)."""


class LocalAccess(pulumi.ComponentResource):
    """A mount of the Lightly Worker, as a way in."""

    purpose: Purpose
    registration: dict[str, pulumi.Input[Any]]
    identity: pulumi.Output[str]
    proof: pulumi.Output[dict[str, bool]]
    """By evaluation of the worker's mount option: what is mounted `ro` cannot be written."""
    fingerprint: pulumi.Output[str]
    credential: pulumi.Output[dict[str, Any]]
    probe_credential: dict[str, pulumi.Input[Any]] | None
    needs: list[pulumi.Resource]

    def __init__(self, name: str, args: LocalAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:local:LocalAccess", name, None, opts)
        store, purpose = args["store"], args["purpose"]
        option = mount_option(purpose, store.mount(purpose))
        self.purpose = purpose
        self.identity = pulumi.Output.from_input(f"the worker's /{local_names.MOUNTS[purpose]}")
        self.registration = {
            "kind": "local",
            "access": "mount",
            "path": f"{local_names.SCHEME}{local_names.MOUNTS[purpose]}/{args['path']}",
            "web_server": store.web_server,
        }
        self.proof = pulumi.Output.from_input(mount_proof(option))
        self.fingerprint = pulumi.Output.from_input(fingerprint(option, store.web_server))
        self.credential = pulumi.Output.from_input({"kind": "mount", "created": None, "rotates": None})
        self.probe_credential = None
        self.needs = []
        self.register_outputs({"identity": self.identity, "credential": self.credential})
