"""SSE-KMS as S3 does it: which key an object is or will be under, and what the caller needs from KMS for it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError, not_implemented
from lightly_sandbox.kinds.s3.emulator.operation import Check

_HEADER = "x-amz-server-side-encryption"
_KEY = f"{_HEADER}-aws-kms-key-id"
_BUCKET_KEY = f"{_HEADER}-bucket-key-enabled"
_KMS = ("aws:kms", "aws:kms:dsse")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an object is to be encrypted: `key` as written by the client or the bucket's default, None = S3's own."""

    kms: bool
    key: str | None = None
    bucket_key: bool = False


@dataclass(frozen=True, slots=True)
class NeedsKey:
    """What follows from a KMS key: a permission, headers for the store, an error of the key's state after that."""

    checks: tuple[Check, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    then: RefusedError | None = None


def wanted(call: Call, found: Any) -> Wanted:
    """By the headers of the request, else by the bucket's default. SSE-C is not part of the local AWS."""
    if any(name.startswith(f"{_HEADER}-customer") or "source-server-side-encryption" in name for name in call.headers):
        raise not_implemented("SSE-C")
    if algorithm := call.headers.get(_HEADER):
        if algorithm not in ("AES256", *_KMS):
            raise RefusedError("InvalidArgument", "The encryption method specified is not supported", 400)
        bucket_key = call.headers.get(_BUCKET_KEY, "").lower() == "true"
        return Wanted(algorithm in _KMS, call.headers.get(_KEY), bucket_key)
    rule = (found.encryption or {}).get("Rule", {})
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    bucket_key = str(rule.get("BucketKeyEnabled", "false")).lower() == "true"
    return Wanted(default.get("SSEAlgorithm") in _KMS, default.get("KMSMasterKeyID"), bucket_key)


def needs_key(want: Wanted, action: str, bucket: str, key: str, caller_account: str) -> NeedsKey:
    """The KMS side of one S3 call: `action` is kms:GenerateDataKey to write, kms:Decrypt to read."""
    if not want.kms:
        return NeedsKey()
    owner, found = facts.bucket(bucket) or ("", None)
    assert found is not None
    headers = {_HEADER: "aws:kms"}
    if want.key is None:
        if caller_account != owner:
            raise RefusedError("AccessDenied", "Access Denied")  # nobody else may use an account's aws/s3 key
        return NeedsKey((), headers)
    kms_key = facts.kms_key(owner, found.region_name, want.key)
    if kms_key is None or kms_key.region != found.region_name:
        arn = want.key if want.key.startswith("arn:") else f"{_arn(owner, found.region_name)}{want.key}"
        raise RefusedError("KMS.NotFoundException", f"Key '{arn}' does not exist", 400)
    scope = f"arn:aws:s3:::{bucket}" if want.bucket_key else f"arn:aws:s3:::{bucket}/{key}"
    context = {
        "kms:ViaService": (f"s3.{found.region_name}.amazonaws.com",),
        "kms:EncryptionContext:aws:s3:arn": (scope,),
        "kms:EncryptionContextKeys": ("aws:s3:arn",),
        "aws:ViaAWSService": ("true",),
        **facts.key_tags(kms_key),
    }
    headers |= {_KEY: kms_key.arn, _BUCKET_KEY: str(want.bucket_key).lower()}
    check = Check(action, kms_key.arn, kms_key.account_id, key_arn=kms_key.arn, context=context)
    return NeedsKey((check,), headers, state_error(kms_key))


def stored(found: Any | None) -> Wanted:
    """How a stored object, or an upload under way, is encrypted."""
    if found is None:
        return Wanted(False)
    algorithm = getattr(found, "encryption", None) or getattr(found, "sse_encryption", None)
    bucket_key = str(getattr(found, "bucket_key_enabled", "")).lower() == "true"
    return Wanted(algorithm in _KMS, found.kms_key_id, bucket_key)


def state_error(kms_key: Any) -> RefusedError | None:
    """What S3 answers when the key may be used but cannot be."""
    if kms_key.key_state == "Disabled":
        return RefusedError("KMS.DisabledException", f"{kms_key.arn} is disabled.", 400)
    if kms_key.key_state != "Enabled":
        return RefusedError("KMS.KMSInvalidStateException", f"{kms_key.arn} is pending deletion.", 400)
    return None


def _arn(account: str, region: str) -> str:
    return f"arn:aws:kms:{region}:{account}:key/"
