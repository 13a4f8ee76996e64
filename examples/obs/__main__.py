"""A dataset at an S3-compatible service, whose owner made a key that reads and another one that writes."""

import pulumi
from lightly_access import LightlyDataset, ObsAccess, ObsBucket, Purpose

NAME = "apples"
keys = pulumi.Config()
archive = ObsBucket("acme-archive", endpoint="https://obs.eu-de.otc.example.com", region="eu-de")
reads = ObsAccess(
    f"{NAME}-input",
    {
        "store": archive,
        "path": "apples/",
        "purpose": Purpose.INPUT,
        "access_key_id": keys.require("readerKeyId"),
        "secret_access_key": keys.require_secret("readerSecret"),
    },
)
writes = ObsAccess(
    f"{NAME}-lightly",
    {
        "store": archive,
        "path": "lightly/apples/",
        "purpose": Purpose.LIGHTLY,
        "access_key_id": keys.require("writerKeyId"),
        "secret_access_key": keys.require_secret("writerSecret"),
    },
)
dataset = LightlyDataset(NAME, {"type": "images", "input": reads, "lightly": writes})
pulumi.export("lights", dataset.lights)
