"""A dataset whose videos are in a bucket of yours; what Lightly writes goes into a bucket that is made here."""

import pulumi
from lightly_access import GcsBucket, GcsServiceAccountAccess, LightlyDataset, Purpose

NAME = "intersections"
frames = GcsBucket("frames", {"bucket": "acme-frames", "project": "acme-vision"})
results = GcsBucket(
    "results",
    {"bucket": "acme-lightly-results", "project": "acme-vision", "location": "europe-west3", "create": True},
)
reads = GcsServiceAccountAccess(
    f"{NAME}-input", {"store": frames, "path": "intersections/", "purpose": Purpose.INPUT, "dataset": NAME}
)
writes = GcsServiceAccountAccess(
    f"{NAME}-lightly", {"store": results, "path": "intersections/", "purpose": Purpose.LIGHTLY, "dataset": NAME}
)
dataset = LightlyDataset(NAME, {"type": "videos", "input": reads, "lightly": writes})
pulumi.export("lights", dataset.lights)
