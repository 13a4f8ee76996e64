"""The S3-compatible store of the rehearsal, as its owner had it before Lightly came: a bucket, its data and two keys.

It is the local AWS by another door: an account of its own, the endpoint, and the keys of two users. Nothing of it is
made by the deployment.
"""

import json
from collections.abc import Mapping

from lightly_sandbox.kinds.fixture import Files, Fixture, Listing
from lightly_sandbox.kinds.s3.client import account, listings, make_bucket
from lightly_sandbox.sandbox import Sandbox

OWNER = "archive"
"""The account at the local AWS."""
BUCKET = "orchard-archive"
INPUT_PATH, LIGHTLY_PATH = "apples/", "lightly/pears/"
ENDPOINT = "SANDBOX_OBS_ENDPOINT"
READER, WRITER = "SANDBOX_OBS_READER", "SANDBOX_OBS_WRITER"
"""Prefixes of the variables that hold a key: `_ACCESS_KEY_ID` and `_SECRET_ACCESS_KEY`."""

_READING = ("s3:GetObject",)
_WRITING = (*_READING, "s3:PutObject", "s3:DeleteObject")


def _key(sandbox: Sandbox, variable: str, user: str, path: str, actions: tuple[str, ...]) -> None:
    """A user that may do this below the path, as the owner of the store would make it."""
    iam, bucket = account(sandbox, OWNER).iam, f"arn:aws:s3:::{BUCKET}"
    prefixes = {"StringLike": {"s3:prefix": [path.rstrip("/"), path, f"{path}*"]}}
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket, "Condition": prefixes},
            {"Effect": "Allow", "Action": list(actions), "Resource": f"{bucket}/{path}*"},
        ],
    }
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="archive", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    sandbox.given[f"{variable}_ACCESS_KEY_ID"] = key["AccessKeyId"]
    sandbox.given[f"{variable}_SECRET_ACCESS_KEY"] = key["SecretAccessKey"]


class ObsFixture(Fixture):
    """The owner of the S3-compatible store."""

    adopted = frozenset({BUCKET})

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        """Make the bucket and the keys; the environment of the sandbox names them from then on."""
        s3 = account(sandbox, OWNER).s3
        make_bucket(s3, BUCKET)
        for name, content in files:
            s3.put_object(Bucket=BUCKET, Key=INPUT_PATH + name, Body=content)
        s3.put_object(Bucket=BUCKET, Key=LIGHTLY_PATH, Body=b"")  # Lightly asks for a directory that exists
        sandbox.given[ENDPOINT] = sandbox.aws.url
        _key(sandbox, READER, "archive-reader", INPUT_PATH, _READING)
        _key(sandbox, WRITER, "archive-writer", LIGHTLY_PATH, _WRITING)

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        return listings(account(sandbox, OWNER).s3)
