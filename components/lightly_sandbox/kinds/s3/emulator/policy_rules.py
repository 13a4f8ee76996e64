"""Which bucket and key policies S3 and KMS accept.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html (the lockout safety check)
"""

from collections.abc import Mapping
from typing import Any

from lightly_policies.evaluator.aws import Document, MalformedDocumentError, Policies, Principal, Request, decide

from lightly_sandbox.kinds.s3.emulator import s3_actions
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.operation import Operation
from lightly_sandbox.kinds.s3.emulator.principals import missing_principals, not_empty


def check_bucket_policy(bucket: str, body: bytes, accounts: tuple[str, ...]) -> None:
    """Raises RefusedError (MalformedPolicy) for what S3 does not take as the policy of this bucket."""
    try:
        document = not_empty(Document.parse("bucket policy", body.decode("utf-8"))).require("resource")
    except (UnicodeDecodeError, MalformedDocumentError) as fault:
        raise _malformed(str(fault)) from fault
    arn = f"arn:aws:s3:::{bucket}"
    for statement in document.statements:
        resources = (statement.resources or ()) + (statement.not_resources or ())
        if any(resource not in (arn, f"{arn}*") and not resource.startswith(f"{arn}/") for resource in resources):
            raise _malformed("Policy has invalid resource")
        if not all(s3_actions.exists(pattern) for pattern in statement.actions or statement.not_actions or ()):
            raise _malformed("Policy has invalid action")
        if not all(_applies(pattern, arn, statement.resources or ()) for pattern in statement.actions or ()):
            raise _malformed("Action does not apply to any resource(s) in statement")
    if any(missing_principals(document, accounts)):
        raise _malformed("Invalid principal in policy")


def _applies(pattern: str, arn: str, resources: tuple[str, ...]) -> bool:
    """Whether the action has a resource of its sort in the statement; one with NotResource is not looked into."""
    bucket = any(resource in (arn, f"{arn}*") for resource in resources)
    objects = any(resource != arn for resource in resources)
    return (
        not resources
        or (bucket and s3_actions.applies(pattern, s3_actions.ON_BUCKET))
        or (objects and s3_actions.applies(pattern, s3_actions.ON_OBJECTS))
    )


def _malformed(message: str) -> RefusedError:
    return RefusedError("MalformedPolicy", message, 400)


def check_key_policy(
    principal: Principal, operation: Operation, values: Mapping[str, Any], accounts: tuple[str, ...]
) -> None:
    """Raises RefusedError when a key policy cannot be read, names nobody who exists, or would lock its author out."""
    try:
        document = not_empty(Document.parse("key policy", str(values["Policy"]))).require("resource")
    except MalformedDocumentError as fault:
        raise RefusedError("MalformedPolicyDocumentException", str(fault), 400) from fault
    if any(missing_principals(document, accounts)):
        message = "Policy contains a statement with one or more invalid principals."
        raise RefusedError("MalformedPolicyDocumentException", message, 400)
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
