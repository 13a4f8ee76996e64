"""Documents as Lightly's pages have them, and facts made of them."""

import json
from typing import Any

from lightly_access.audit.lightly import datasource
from lightly_access.audit.registered import Registered
from lightly_access.kinds.s3.audit.facts import Attached, AwsFacts, Holder
from lightly_core.capability import Purpose
from lightly_core.secret import Secret
from lightly_policies.render_aws import aws_grant, aws_trust

BUCKET, PATH, REGION = "datalake", "projects/farm-animals/", "eu-central-1"
STRONG = "Jq8nVJ0b5QkA1sDXo2uT7cYhZp4mRwE9aGfLiB3xKtU"
ROLE = "arn:aws:iam::123456789012:role/lightly-datalake"
USER = "arn:aws:iam::123456789012:user/lightly"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


USER_ACCESS = document(
    {
        "Sid": "VisualEditor0",
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/{PATH}*"],
    },
    {"Sid": "VisualEditor1", "Effect": "Allow", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{BUCKET}/{PATH}*"]},
)
"""https://docs.lightly.ai/getting_started/dataset_creation/dataset_creation_aws_bucket.html (user access)."""

DELEGATED = document(
    {
        "Sid": "lightly",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:DeleteObject", "s3:PutObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{BUCKET}/*", f"arn:aws:s3:::{BUCKET}"],
    }
)
"""The same page (delegated access): four actions on the bucket and all of it."""


def trust(condition: dict[str, Any] | None = None, principal: Any = None, **more: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": principal or {"AWS": "arn:aws:iam::916419735646:root"},
        "Action": "sts:AssumeRole",
        **({"Condition": condition} if condition else {}),
        **more,
    }
    return document(statement)


def registered(purpose: Purpose = Purpose.LIGHTLY, access: str = "delegated", path: str = PATH) -> Registered:
    values = {"region": REGION}
    values |= {"roleArn": ROLE} if access == "delegated" else {"accessKeyId": "AKIAEXAMPLE000000001"}
    secrets = {"externalId": Secret(STRONG)} if access == "delegated" else {}
    return datasource(purpose, "s3", access, f"s3://{BUCKET}/{path}", values, secrets)


def grant(purpose: Purpose = Purpose.LIGHTLY, path: str = PATH) -> str:
    return aws_grant(purpose, BUCKET, path, region=REGION)


def role(*policies: str, trust: str | None = None, session: int = 43200, boundary: str | None = None) -> Holder:
    return Holder(
        "role",
        "lightly-datalake",
        ROLE,
        tuple(Attached(f"p{n}", "inline", "role lightly-datalake", text) for n, text in enumerate(policies)),
        Attached("limit", "managed", "role lightly-datalake, permissions boundary", boundary) if boundary else None,
        trust if trust is not None else aws_trust(STRONG),
        session,
    )


def facts(holder: Holder, **more: Any) -> AwsFacts:
    return AwsFacts(holder, **more)
