"""Which bucket and key policies S3 and KMS accept.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html (the lockout safety check)
"""

from collections.abc import Mapping
from typing import Any

from lightly_policies.evaluator.aws import Document, MalformedDocumentError, Policies, Principal, Request, decide

from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.operation import Operation


def check_bucket_policy(bucket: str, body: bytes) -> None:
    """Raises RefusedError (MalformedPolicy) for what S3 does not take as the policy of this bucket."""
    try:
        document = Document.parse("bucket policy", body.decode("utf-8"))
    except (UnicodeDecodeError, MalformedDocumentError) as fault:
        raise RefusedError("MalformedPolicy", str(fault), 400) from fault
    arn = f"arn:aws:s3:::{bucket}"
    for statement in document.statements:
        if not statement.has_principal:
            raise RefusedError("MalformedPolicy", "Missing required field Principal", 400)
        resources = (statement.resources or ()) + (statement.not_resources or ())
        if not resources:
            raise RefusedError("MalformedPolicy", "Missing required field Resource", 400)
        if any(resource not in (arn, f"{arn}*") and not resource.startswith(f"{arn}/") for resource in resources):
            raise RefusedError("MalformedPolicy", "Policy has invalid resource", 400)


def check_key_policy(principal: Principal, operation: Operation, values: Mapping[str, Any]) -> None:
    """Raises RefusedError when a key policy cannot be read, or would lock its own author out of changing it."""
    try:
        document = Document.parse("key policy", str(values["Policy"]))
    except MalformedDocumentError as fault:
        raise RefusedError("MalformedPolicyDocumentException", str(fault), 400) from fault
    if values.get("BypassPolicyLockoutSafetyCheck"):
        return
    check = operation.checks[0]
    arn = check.key_arn or f"arn:aws:kms:{operation.region}:{operation.account}:key/new"
    anything = Document.parse(
        "any", '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    )
    request = Request(principal, "kms:PutKeyPolicy", arn, operation.account)
    if not decide(request, Policies(identity=(anything,), resource=document)).allowed:
        message = "The new key policy will not allow you to update the key policy in the future."
        raise RefusedError("MalformedPolicyDocumentException", message, 400)
