"""ACLs and block public access, as far as they refuse: the local AWS grants nothing by ACL.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

import json
from typing import Any

from moto.s3.models import PublicAccessBlock

from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError, not_implemented

_HARMLESS = ("bucket-owner-full-control", "private")
_NARROWING = {
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:userid",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
}


def harden_new(found: Any, ownership: str | None) -> None:
    """What S3 gives every new bucket since April 2023: no public access, no ACLs, SSE-S3.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
    """
    found.public_access_block = PublicAccessBlock(True, True, True, True)
    found.ownership_rule = ownership or "BucketOwnerEnforced"
    encrypt_by_default(found)


def encrypt_by_default(found: Any) -> None:
    """SSE-S3: what a bucket has at first, and again when its own configuration is deleted.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html
    """
    found.encryption = {
        "Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
    }


def check_create(call: Call) -> None:
    """A new bucket has no ACL to set."""
    if _has_acl(call):
        message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
        raise RefusedError("InvalidBucketAclWithObjectOwnership", message, 400)


def check_request(call: Call, operation: str, found: Any) -> None:
    sets_acl = operation in ("PutBucketAcl", "PutObjectAcl") or _has_acl(call)
    if sets_acl and found.ownership_rule == "BucketOwnerEnforced":
        raise RefusedError("AccessControlListNotSupported", "The bucket does not allow ACLs", 400)
    if sets_acl:
        raise not_implemented("an ACL other than private or bucket-owner-full-control")


def public_policy_refused(call: Call, found: Any, principal_arn: str) -> RefusedError | None:
    """The refusal of a public bucket policy where the bucket or its account blocks public access."""
    blocks = (found.public_access_block, facts.account_block(found.account_id))
    blocked = any(block and block.block_public_policy for block in blocks)
    if not (blocked and is_public(call.body.decode("utf-8", "replace"))):
        return None
    return RefusedError(
        "AccessDenied",
        f"User: {principal_arn} is not authorized to perform: s3:PutBucketPolicy on resource: "
        f'"arn:aws:s3:::{found.name}" because public policies are prevented by the BlockPublicPolicy setting in '
        "S3 Block Public Access",
    )


def _has_acl(call: Call) -> bool:
    acl = call.headers.get("x-amz-acl", "private")
    return acl not in _HARMLESS or any(name.startswith("x-amz-grant-") for name in call.headers)


def policy_in_force(bucket: str, principal_account: str) -> str | None:
    """The bucket policy that counts for a caller: RestrictPublicBuckets keeps others out of a public one."""
    found = facts.bucket(bucket)
    if found is None:
        return None
    owner, stored = found
    text = facts.bucket_policy(stored)
    blocks = (stored.public_access_block, facts.account_block(owner))
    restricted = any(block and block.restrict_public_buckets for block in blocks)
    if text and restricted and principal_account != owner and is_public(text):
        return None
    return text


def is_public(text: str) -> bool:
    """Whether a bucket policy is public: an Allow to everybody without a condition that narrows who.

    Source: the section "The meaning of public" of
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    try:
        statements = json.loads(text).get("Statement", [])
    except (ValueError, AttributeError):
        return False
    return any(_opens(item) for item in ([statements] if isinstance(statements, dict) else statements))


def _opens(item: Any) -> bool:
    if item.get("Effect") != "Allow":
        return False
    principal = item.get("Principal")
    if isinstance(principal, dict):
        everyone = any("*" in (values if isinstance(values, list) else [values]) for values in principal.values())
    else:
        everyone = principal == "*" or "NotPrincipal" in item
    keys = {
        key.lower()
        for operator, block in item.get("Condition", {}).items()
        if not operator.lower().startswith(("stringnot", "notip", "arnnot", "null", "forallvalues"))
        for key, values in block.items()
        if not any(text in ("*", "0.0.0.0/0", "::/0") for text in (values if isinstance(values, list) else [values]))
    }
    return everyone and not keys & _NARROWING
