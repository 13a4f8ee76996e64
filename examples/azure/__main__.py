"""A dataset whose images are in a container of yours; what Lightly writes goes into another one of the same account."""

import pulumi
from lightly_access import AzureContainer, AzureSasAccess, LightlyDataset, Purpose

NAME = "farm-animals"
photos = AzureContainer(
    "photos", {"account": "acmedatalake", "container": "raw", "resource_group": "acme-data", "hierarchical": True}
)
results = AzureContainer(
    "results",
    {
        "account": "acmedatalake",
        "container": "lightly",
        "resource_group": "acme-data",
        "hierarchical": True,
        "create": True,
    },
)
reads = AzureSasAccess(
    f"{NAME}-input", {"store": photos, "path": "projects/farm-animals/", "purpose": Purpose.INPUT, "dataset": NAME}
)
writes = AzureSasAccess(
    f"{NAME}-lightly", {"store": results, "path": "farm-animals/", "purpose": Purpose.LIGHTLY, "dataset": NAME}
)
dataset = LightlyDataset(NAME, {"type": "images", "input": reads, "lightly": writes})
pulumi.export("lights", dataset.lights)
