"""A Pulumi program with every resource type of the mock provider, a default and an explicit provider."""

import os

import pulumi
import pulumi_gcp as gcp

STAGE = os.environ.get("PROGRAM_STAGE", "one")

bucket = gcp.storage.Bucket(
    "Frames",
    location="europe-west3",
    uniform_bucket_level_access=True,
    public_access_prevention="enforced",
    force_destroy=True,
    labels={"stage": STAGE},
    versioning={"enabled": False},
    lifecycle_rules=[{"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}}],
)
gcp.storage.BucketObject("directory", bucket=bucket.name, name="herd/", content=" ")
role = gcp.projects.IAMCustomRole(
    "role", role_id="lightly_input", title="Lightly INPUT", permissions=["storage.objects.list", "storage.objects.get"]
)
account = gcp.serviceaccount.Account("account", account_id="lightly-input", display_name=f"Lightly {STAGE}")
below = pulumi.Output.format('resource.name.startsWith("projects/_/buckets/{0}/objects/herd/")', bucket.name)
member = gcp.storage.BucketIAMMember(
    "member",
    bucket=bucket.name,
    role=role.name,
    member=account.member,
    condition={"title": "one directory", "expression": below},
)
gcp.storage.BucketIAMMember(  # written after the first one, whose etag is then an old one
    "another",
    bucket=bucket.name,
    role="roles/storage.objectViewer",
    member=account.member,
    opts=pulumi.ResourceOptions(depends_on=[member]),
)
key = gcp.serviceaccount.Key("key", service_account_id=account.name, keepers={"slot": STAGE})

other = gcp.Provider("other", project="globex-ai", access_token=pulumi.Output.secret(os.environ["OTHER_TOKEN"]))
there = gcp.serviceaccount.Account("there", opts=pulumi.ResourceOptions(provider=other))

pulumi.export("there", there.project)
pulumi.export("key", key.private_key)
pulumi.export("url", bucket.url)
