"""The machine with the mounts, as the sandbox starts what serves them."""

from dataclasses import dataclass
from pathlib import Path

from lightly_sandbox.services import Announcement, CloudService

MOUNTS = ("input_mount", "lightly_mount")


@dataclass(frozen=True)
class LocalService(CloudService):
    """`lightly-access serve` in front of two folders; nothing is deployed there."""

    name: str = "local"
    title: str = "the mounts"
    module: str = "lightly_sandbox.kinds.local.emulator"
    controlled: bool = False

    def settings(self, folder: Path) -> dict[str, str]:
        """Makes the mounts in the folder."""
        mounts = {name: folder / name for name in MOUNTS}
        for mount in mounts.values():
            mount.mkdir(parents=True, exist_ok=True)
        return {name: str(mount) for name, mount in mounts.items()}

    def lightly(self, started: Announcement) -> dict[str, dict[str, str]]:
        return {"mounts": {name: started[name] for name in MOUNTS}}

    def environment(self, started: Announcement) -> dict[str, str]:
        return {
            "SANDBOX_WEB_SERVER": started["url"],
            "SANDBOX_INPUT_MOUNT": started["input_mount"],
            "SANDBOX_LIGHTLY_MOUNT": started["lightly_mount"],
        }


LOCAL = LocalService()
