"""The first dataset on S3."""

from lightly_access.kinds.starter import Starter

REGION = "eu-central-1"
STARTER = Starter(
    access="delegated",
    existing=lambda project: {"kind": "s3", "bucket": f"{project}-images", "region": REGION},
    made=lambda project: {"kind": "s3", "bucket": f"{project}-lightly", "region": REGION, "create": True},
    config={"aws:region": REGION},
    login="AWS credentials as for any AWS tool, such as `aws sso login`.",
)
