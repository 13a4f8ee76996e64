"""S3: an operation with its resources -> every permission that it needs and what has to hold besides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from lightly_sandbox.kinds.s3.emulator import facts, s3_acl
from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.caller import Caller
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError, not_implemented
from lightly_sandbox.kinds.s3.emulator.operation import Check, Operation
from lightly_sandbox.kinds.s3.emulator.s3_encryption import NeedsKey, Wanted, needs_key, stored, wanted
from lightly_sandbox.kinds.s3.emulator.s3_operations import Route, place, route
from lightly_sandbox.kinds.s3.emulator.signature import SignatureInfo

COPY = "x-amz-copy-source"
_NAME = re.compile(
    r"(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)(?!xn--|sthree-|amzn-s3-demo-)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)"
    r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation, headers that the store must see, and the refusal that comes after the permissions, if any."""

    operation: Operation
    headers: Mapping[str, str] = field(default_factory=dict)
    then: RefusedError | None = None


def plan(call: Call, claimed: SignatureInfo | None, caller: Caller) -> Plan:
    """What the request asks for. Raises RefusedError for unknown operations, buckets and the wrong region."""
    found_route = route(call)
    bucket, key = place(call.path)
    region = claimed.region if claimed else ""
    if found_route.name == "CreateBucket" and not _NAME.fullmatch(bucket):
        raise RefusedError("InvalidBucketName", "The specified bucket is not valid.", 400, {"BucketName": bucket})
    if not bucket or found_route.name == "CreateBucket":
        resource = f"arn:aws:s3:::{bucket}" if bucket else "*"
        check = Check(found_route.action, resource, caller.account, context=_context(call, claimed))
        if bucket:
            s3_acl.check_create(call)
        return Plan(Operation("s3", found_route.name, (check,), caller.account, region, bucket))
    owner, found = _bucket(bucket, claimed)
    _check_owner(call, "x-amz-expected-bucket-owner", owner)
    _check_upload(call, bucket, key)
    s3_acl.check_request(call, found_route.name, found)
    checks = _own_checks(call, claimed, found_route, owner, bucket, key)
    keys = _keys(call, found_route, bucket, key, found, caller)
    if COPY in call.headers:
        checks += _source_checks(call, claimed, caller)
        source = _source(call)
        keys.append(
            needs_key(stored(facts.stored_object(*source)), "kms:Decrypt", source[0], source[1], caller.account)
        )
    checks += tuple(check for needs in keys for check in needs.checks)
    headers = {name: value for needs in keys[:1] for name, value in needs.headers.items()}
    then = next((needs.then for needs in keys if needs.then), None)
    if found_route.name == "PutBucketPolicy":
        then = s3_acl.public_policy_refused(call, found, caller.principal.arn)
    operation = Operation("s3", found_route.name, checks, owner, found.region_name, bucket, key)
    return Plan(operation, headers, then)


def list_check(operation: Operation, context: Mapping[str, tuple[str, ...]]) -> Check:
    """The permission that decides whether a missing object is told as 404 or hidden as 403.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Permissions)
    """
    resource = f"arn:aws:s3:::{operation.bucket}"
    return Check("s3:ListBucket", resource, operation.account, operation.bucket, context=context)


def _bucket(name: str, claimed: SignatureInfo | None) -> tuple[str, Any]:
    found = facts.bucket(name)
    if found is None:
        raise RefusedError("NoSuchBucket", "The specified bucket does not exist", 404, {"BucketName": name})
    region = found[1].region_name
    if claimed and claimed.region != region:
        message = f"The authorization header is malformed; the region '{claimed.region}' is wrong; expecting '{region}'"
        raise RefusedError("AuthorizationHeaderMalformed", message, 400, {"Region": region})
    return found


def _check_owner(call: Call, header: str, owner: str) -> None:
    if call.headers.get(header, owner) != owner:
        raise RefusedError("AccessDenied", "Access Denied")


def _check_upload(call: Call, bucket: str, key: str) -> None:
    """An upload belongs to the key it was begun for; moto would finish it wherever it was begun."""
    if "uploadId" in call.query:
        upload = facts.multipart(bucket, call.query["uploadId"])
        if upload is not None and upload.key_name != key:
            message = "The specified upload does not exist. The upload ID may be invalid."
            raise RefusedError("NoSuchUpload", message, 404, {"UploadId": call.query["uploadId"]})


def _own_checks(
    call: Call, claimed: SignatureInfo | None, asked: Route, owner: str, bucket: str, key: str
) -> tuple[Check, ...]:
    if asked.name == "DeleteObjects":
        return ()  # authorised key by key, see s3_delete
    resource = f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
    actions = [asked.versioned if asked.versioned and "versionId" in call.query else asked.action]
    if asked.name in ("PutObject", "CreateMultipartUpload"):
        if "x-amz-tagging" in call.headers:
            actions.append("s3:PutObjectTagging")
        if any(name == "x-amz-acl" or name.startswith("x-amz-grant-") for name in call.headers):
            actions.append("s3:PutObjectAcl")
        if any(name.startswith("x-amz-object-lock-") for name in call.headers):
            actions += ["s3:PutObjectRetention", "s3:PutObjectLegalHold"]
    if asked.name == "GetObjectAttributes":
        actions.append("s3:GetObject")
    if call.headers.get("x-amz-bypass-governance-retention", "").lower() == "true":
        actions.append("s3:BypassGovernanceRetention")
    context = _context(call, claimed)
    return tuple(Check(action, resource, owner, bucket, context=context) for action in actions)


def _keys(call: Call, asked: Route, bucket: str, key: str, found: Any, caller: Caller) -> list[NeedsKey]:
    """What KMS has to say: writing needs a data key, reading needs it decrypted, parts need both."""

    def needs(want: Wanted, *actions: str) -> list[NeedsKey]:
        return [needs_key(want, action, bucket, key, caller.account) for action in actions]

    if asked.name in ("PutObject", "CreateMultipartUpload"):
        return needs(wanted(call, found), "kms:GenerateDataKey")
    if asked.name == "GetObject" or (asked.name == "HeadObject" and "x-amz-checksum-mode" in call.headers):
        version = call.query.get("versionId")
        return needs(stored(facts.stored_object(bucket, key, version)), "kms:Decrypt")
    if asked.name in ("UploadPart", "CompleteMultipartUpload"):
        return needs(stored(facts.multipart(bucket, call.query["uploadId"])), "kms:Decrypt", "kms:GenerateDataKey")
    return []


def _source(call: Call) -> tuple[str, str, str | None]:
    path, _, query = call.headers[COPY].partition("?")
    version = dict(parse_qsl(query)).get("versionId")
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    if not bucket or not key or bucket.startswith("arn:"):
        raise not_implemented(f"copy source {path}")
    return bucket, key, version


def _source_checks(call: Call, claimed: SignatureInfo | None, caller: Caller) -> tuple[Check, ...]:
    bucket, key, version = _source(call)
    found = facts.bucket(bucket)
    if found is None:
        raise RefusedError("NoSuchBucket", "The specified bucket does not exist", 404, {"BucketName": bucket})
    _check_owner(call, "x-amz-source-expected-bucket-owner", found[0])
    if found[0] != caller.account and not caller.account:
        raise RefusedError("AccessDenied", "Access Denied")
    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    return (Check(action, f"arn:aws:s3:::{bucket}/{key}", found[0], bucket, context=_context(call, claimed)),)


_QUERY_KEYS = {
    "prefix": "s3:prefix",
    "delimiter": "s3:delimiter",
    "max-keys": "s3:max-keys",
    "versionId": "s3:VersionId",
}
_HEADER_KEYS = (
    "x-amz-acl",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
)


def _context(call: Call, claimed: SignatureInfo | None) -> dict[str, tuple[str, ...]]:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (condition keys)"""
    context: dict[str, tuple[str, ...]] = {
        key: (call.query[name],) for name, key in _QUERY_KEYS.items() if name in call.query
    }
    context |= {f"s3:{name}": (call.headers[name],) for name in _HEADER_KEYS if name in call.headers}
    if claimed:
        context["s3:authType"] = ("REST-HEADER" if claimed.expires is None else "REST-QUERY-STRING",)
        context["s3:signatureversion"] = ("AWS4-HMAC-SHA256",)
    tags = parse_qsl(call.headers.get("x-amz-tagging", ""), keep_blank_values=True)
    if tags:
        context["s3:RequestObjectTagKeys"] = tuple(name for name, _ in tags)
        context |= {f"s3:RequestObjectTag/{name}": (value,) for name, value in tags}
    return context
