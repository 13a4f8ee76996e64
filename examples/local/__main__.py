"""A dataset whose videos may not leave the building: folders that are mounted into the Lightly Worker."""

import pulumi
from lightly_access import LightlyDataset, LocalAccess, LocalFolders, Purpose

NAME = "conveyor-7"
disk = LocalFolders(input_mount="/srv/cameras", lightly_mount="/srv/lightly")
reads = LocalAccess(f"{NAME}-input", {"store": disk, "path": "conveyor-7/", "purpose": Purpose.INPUT})
writes = LocalAccess(f"{NAME}-lightly", {"store": disk, "path": "conveyor-7/", "purpose": Purpose.LIGHTLY})
dataset = LightlyDataset(NAME, {"type": "videos", "input": reads, "lightly": writes})
pulumi.export("lights", dataset.lights)
