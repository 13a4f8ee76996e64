"""A web server for the mounts that climbs out of them, as Lightly's old helper did."""

import os

from lightly_access.kinds.local.serving import mounts
from lightly_access.kinds.local.serving.mounts import File, Refusal
from lightly_sandbox.kinds.local.emulator import main


def climb(mount: str, names: list[str]) -> File | Refusal:
    """Whatever file of the machine is named."""
    path = os.path.realpath("/".join((mount, *names)))
    if not os.path.isfile(path):
        return Refusal.MISSING
    status = os.stat(path)
    return File(path, status.st_size, status.st_mtime_ns)


mounts._names = lambda path: path.split("/")
mounts._below = climb
main()
