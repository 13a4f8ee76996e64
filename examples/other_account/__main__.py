"""A dataset whose images are in the data team's account, under their KMS key; what Lightly writes stays in ours.

The role of Lightly is made where the bucket is: one of another account would need the bucket's own permission too.
"""

import pulumi
import pulumi_aws as aws
from lightly_access import LightlyDataset, Purpose, S3Bucket, S3DelegatedAccess

NAME, DEPLOYER = "farm-animals", "arn:aws:iam::222222222222:role/lightly-deployer"
external_id = pulumi.Config().require_secret("deployerExternalId")
role = aws.ProviderAssumeRoleArgs(role_arn=DEPLOYER, external_id=external_id)
theirs = pulumi.ResourceOptions(providers=[aws.Provider("data", region="eu-central-1", assume_roles=[role])])
photos = S3Bucket(
    "photos",
    {
        "bucket": "acme-datalake",
        "region": "eu-central-1",
        "kms_key": "arn:aws:kms:eu-central-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    },
    theirs,
)
results = S3Bucket(
    "results", {"bucket": "acme-lightly-results", "region": "eu-central-1", "create": True, "kms_key": "create"}
)
reads = S3DelegatedAccess(
    f"{NAME}-input",
    {"store": photos, "path": "projects/farm-animals/", "purpose": Purpose.INPUT, "dataset": NAME},
    theirs,
)
writes = S3DelegatedAccess(
    f"{NAME}-lightly", {"store": results, "path": "farm-animals/", "purpose": Purpose.LIGHTLY, "dataset": NAME}
)
dataset = LightlyDataset(NAME, {"type": "images", "input": reads, "lightly": writes})
pulumi.export("lights", dataset.lights)
