"""A dataset whose images are in a bucket of yours; what Lightly writes goes into a bucket that is made here."""

import pulumi
from lightly_access import LightlyDataset, Purpose, S3Bucket, S3DelegatedAccess

NAME = "farm-animals"
photos = S3Bucket("photos", {"bucket": "acme-datalake", "region": "eu-central-1"})
results = S3Bucket("results", {"bucket": "acme-lightly-results", "region": "eu-central-1", "create": True})
reads = S3DelegatedAccess(
    f"{NAME}-input", {"store": photos, "path": "projects/farm-animals/", "purpose": Purpose.INPUT, "dataset": NAME}
)
writes = S3DelegatedAccess(
    f"{NAME}-lightly", {"store": results, "path": "farm-animals/", "purpose": Purpose.LIGHTLY, "dataset": NAME}
)
dataset = LightlyDataset(NAME, {"type": "images", "input": reads, "lightly": writes})
pulumi.export("lights", dataset.lights)
