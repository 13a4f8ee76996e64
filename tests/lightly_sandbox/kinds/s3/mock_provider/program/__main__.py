"""A Pulumi program with every resource type of the mock provider, a default and an explicit provider, and functions."""

import json
import os

import pulumi
import pulumi_aws as aws

EXTERNAL_ID = "0123456789abcdef"
STAGE = os.environ.get("PROGRAM_STAGE", "one")

key = aws.kms.Key("key", description="results", enable_key_rotation=True, deletion_window_in_days=7)
aws.kms.Alias("alias", target_key_id=key.key_id)
bucket = aws.s3.Bucket("Results", tags={"stage": STAGE}, force_destroy=True)
versions = aws.s3.BucketVersioning("versions", bucket=bucket.id, versioning_configuration={"status": "Enabled"})
aws.s3.BucketPublicAccessBlock("access", bucket=bucket.id, block_public_acls=True, restrict_public_buckets=True)
aws.s3.BucketOwnershipControls("owner", bucket=bucket.id, rule={"object_ownership": "BucketOwnerEnforced"})
by_key = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
    sse_algorithm="aws:kms", kms_master_key_id=key.arn
)
encryption = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
    apply_server_side_encryption_by_default=by_key, bucket_key_enabled=True
)
aws.s3.BucketServerSideEncryptionConfiguration("encryption", bucket=bucket.id, rules=[encryption])
uploads = aws.s3.BucketLifecycleConfigurationRuleArgs(
    id="uploads",
    status="Enabled",
    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(),
    abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
        days_after_initiation=7
    ),
)
aws.s3.BucketLifecycleConfiguration("lifecycle", bucket=bucket.id, rules=[uploads])
foreign = {"Sid": "Org", "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl", "Resource": bucket.arn}
aws.s3.BucketPolicy("policy", bucket=bucket.id, policy=pulumi.Output.json_dumps({"Statement": [foreign]}))
aws.s3.BucketObjectv2("directory", bucket=bucket.id, key="farm/", content="")

condition = {"StringEquals": {"sts:ExternalId": pulumi.Output.secret(EXTERNAL_ID)}}
principal = {"AWS": "arn:aws:iam::916419735646:root"}
trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}
role = aws.iam.Role(
    "role",
    assume_role_policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [trust]}),
    path=f"/{STAGE}/",
    max_session_duration=43200,
)
listing = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket.arn}
document = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": listing})
aws.iam.RolePolicy("grant", role=role.id, policy=document)
user = aws.iam.User("user", path="/lightly/")
group = aws.iam.Group("group")
aws.iam.GroupPolicy("grant", group=group.name, policy=document)
joined = aws.iam.UserGroupMembership("joined", user=user.name, groups=[group.name])
access = aws.iam.AccessKey("access", user=user.name, opts=pulumi.ResourceOptions(depends_on=[joined]))

other = aws.Provider(
    "other",
    region="us-east-1",
    access_key=os.environ["OTHER_KEY"],
    secret_key=pulumi.Output.secret(os.environ["OTHER_SECRET"]),
)
there = aws.s3.Bucket("elsewhere", opts=pulumi.ResourceOptions(provider=other))

pulumi.export("here", json.dumps([aws.get_caller_identity().account_id, aws.get_region().region]))
pulumi.export("there", aws.get_caller_identity(opts=pulumi.InvokeOptions(provider=other)).account_id)
pulumi.export("found", aws.s3.get_bucket_output(bucket=there.bucket, opts=pulumi.InvokeOptions(provider=other)).region)
pulumi.export("secret", access.secret)
