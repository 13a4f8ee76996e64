"""The command that starts the Lightly Worker for one dataset. Pure.

Source: https://docs.lightly.ai/docs/local-storage (mounts) and https://docs.lightly.ai/docs/install-lightly (the rest).
The token is named, not written: docker takes its value from the environment, so it is in no process list and no
history.
"""

import shlex
from dataclasses import dataclass

from lightly_core.capability import Capability, Purpose
from lightly_core.lightly_rules import MOUNTS

IMAGE = "lightly/worker:latest"
SHARED_MEMORY = "1024m"
"""What Lightly's pages give; the worker's data loaders share images through it, and docker's own 64m are too few."""


def mount_option(purpose: Purpose, folder: str) -> str:
    """The value of docker's `-v` for a folder of the host. INPUT is read only: nothing can harm the raw data."""
    return f"{folder}:/{MOUNTS[purpose]}" + (":ro" if purpose is Purpose.INPUT else "")


def mount_proof(option: str) -> dict[str, bool]:
    """Capability -> whether a mount with this option permits it, as far as docker decides that.

    https://docs.docker.com/engine/storage/bind-mounts/: options follow the second `:`, and `ro` refuses all writing.
    """
    writable = "ro" not in option.split(":")[2:]
    reading = (Capability.LIST, Capability.READ)
    return {str(capability): writable or capability in reading for capability in Capability}


@dataclass(frozen=True, slots=True)
class Worker:
    """How the worker is started. `mounts` of a cloud dataset are None: the worker reaches the cloud by itself."""

    input_mount: str | None = None
    lightly_mount: str | None = None
    worker_id: str | None = None
    gpus: bool = True
    image: str = IMAGE
    shared_memory: str = SHARED_MEMORY
    passed: tuple[str, ...] = ()
    """More environment variables that docker passes on by their names."""

    def line(self) -> str:
        """The command, quoted for a POSIX shell, one option a line."""
        options = [["docker", "run", f"--shm-size={self.shared_memory}"]]
        if self.gpus:
            options.append(["--gpus", "all"])
        options.append(["--rm", "-it"])
        if self.input_mount is not None:
            options.append(["-v", mount_option(Purpose.INPUT, self.input_mount)])
        if self.lightly_mount is not None:
            options.append(["-v", mount_option(Purpose.LIGHTLY, self.lightly_mount)])
        known = "LIGHTLY_WORKER_ID" if self.worker_id is None else f"LIGHTLY_WORKER_ID={self.worker_id}"
        options += [["-e", name] for name in ("LIGHTLY_TOKEN", known, *self.passed)]
        return " \\\n  ".join(shlex.join(words) for words in [*options, [self.image]])
