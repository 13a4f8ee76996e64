"""The policies that AWS manages, such as AmazonS3FullAccess: moto has their text, and the local AWS reads it late.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html. There are some 1,600; one is made
known to an account when a request names it.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from moto.iam.models import AWSManagedPolicy

from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError

_ARN = re.compile(r"arn:aws:iam::aws:policy(/(?:.+/)?)([^/]+)")
_CHANGES = ("CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion", "TagPolicy")


def make_known(account: str, values: Mapping[str, str]) -> None:
    """Make the policy known that a request names. Raises RefusedError (AccessDenied) for a change to it."""
    for parameter in ("PolicyArn", "PermissionsBoundary"):
        match = _ARN.fullmatch(values.get(parameter, ""))
        if not match:
            continue
        known = facts.iam(account).managed_policies
        data = _all().get(match[2])
        if match[0] not in known and data and data["Path"] == match[1]:
            known[match[0]] = AWSManagedPolicy.from_data(match[2], account, "us-east-1", data)
        if values["Action"] in _CHANGES:
            raise RefusedError("AccessDenied", f"{match[0]} is managed by AWS and cannot be changed", 403)


@cache
def _all() -> dict[str, Any]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    found: dict[str, Any] = json.loads(aws_managed_policies_data)
    return found
