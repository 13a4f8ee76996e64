"""The benchmark's fleet as someone would write it by hand: the same resources, no components, no proof."""

import json

import pulumi
import pulumi_aws as aws
from lightly_access.resources import Dataset, Datasource, ExternalId, Verification
from lightly_policies.render_aws import aws_bucket_tls, aws_grant, aws_trust

config = pulumi.Config("lightly-access")
stores, datasets = config.require_object("stores"), config.require_object("datasets")
lake, results = stores["lake"]["bucket"], stores["results"]["bucket"]
region = stores["results"]["region"]

bucket = aws.s3.Bucket("results", bucket=results, force_destroy=True)
ready: list[pulumi.Resource] = [
    bucket,
    aws.s3.BucketPublicAccessBlock(
        "results-private", bucket=bucket.bucket,
        block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True,
    ),
    aws.s3.BucketServerSideEncryptionConfiguration(
        "results-encryption", bucket=bucket.bucket,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
    ),
    aws.s3.BucketOwnershipControls(
        "results-ownership", bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"}
    ),
    aws.s3.BucketPolicy("results-tls", bucket=bucket.bucket, policy=aws_bucket_tls(results)),
]  # fmt: skip
aws.s3.BucketLifecycleConfiguration(
    "results-lifecycle", bucket=bucket.bucket,
    rules=[{
        "id": "abort-incomplete-uploads", "status": "Enabled", "filter": {"prefix": ""},
        "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
    }],
)  # fmt: skip

for name, dataset in datasets.items():
    source, target = dataset["input"]["path"], dataset["lightly"]["path"]
    external_id = ExternalId(f"{name}-external-id")
    role = aws.iam.Role(
        f"{name}-role", name=f"{name}-input", path="/lightly/", max_session_duration=43200,
        assume_role_policy=external_id.value.apply(aws_trust),
    )  # fmt: skip
    read = aws.iam.RolePolicy(
        f"{name}-read", role=role.name, name="lightly-input", policy=aws_grant("INPUT", lake, source, region=region)
    )
    user = aws.iam.User(f"{name}-user", name=f"{name}-lightly", path="/lightly/")
    group = aws.iam.Group(f"{name}-group", name=f"{name}-lightly", path="/lightly/")
    write = aws.iam.GroupPolicy(
        f"{name}-write", group=group.name, name="lightly", policy=aws_grant("LIGHTLY", results, target, region=region)
    )
    member = aws.iam.UserGroupMembership(f"{name}-member", user=user.name, groups=[group.name])
    key = aws.iam.AccessKey(f"{name}-key", user=user.name)
    directory = aws.s3.BucketObjectv2(
        f"{name}-directory", bucket=results, key=target, content="", opts=pulumi.ResourceOptions(depends_on=ready)
    )
    made = Dataset(f"{name}-dataset", name=name, type=dataset["type"])
    registered = [
        Datasource(
            f"{name}-input", dataset_id=made.id, purpose="INPUT", kind="s3", access="delegated",
            path=f"s3://{lake}/{source}", region=region, role_arn=role.arn, external_id=external_id.value,
        ),
        Datasource(
            f"{name}-lightly", dataset_id=made.id, purpose="LIGHTLY", kind="s3", access="user",
            path=f"s3://{results}/{target}", region=region, access_key_id=key.id, secret_access_key=key.secret,
        ),
    ]  # fmt: skip
    identities: dict[str, pulumi.Output[str]] = {"INPUT": role.arn, "LIGHTLY": key.id}
    granted = {"INPUT": ("list", "read"), "LIGHTLY": ("list", "read", "write", "overwrite", "delete")}
    verification = Verification(
        f"{name}-verification", dataset_id=made.id, dataset=name,
        datasources={
            purpose: {
                "kind": "s3", "access": access, "path": path, "identity": identities[purpose], "fingerprint": "none",
                "proof": {item: item in granted[purpose] for item in granted["LIGHTLY"]},
            }
            for purpose, access, path in (
                ("INPUT", "delegated", f"s3://{lake}/{source}"), ("LIGHTLY", "user", f"s3://{results}/{target}")
            )
        },
        opts=pulumi.ResourceOptions(depends_on=[*registered, read, write, member, directory]),
    )  # fmt: skip

pulumi.export("datasets", json.dumps(sorted(datasets)))
