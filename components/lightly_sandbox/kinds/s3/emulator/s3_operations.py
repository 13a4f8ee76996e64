"""S3: method, path and query of a request -> operation and the permissions it needs.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html . A request that fits no line is
refused by name: a parameter that is not listed could make moto do something else than what was authorised.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.errors import not_implemented


@dataclass(frozen=True, slots=True)
class Route:
    """An operation: name, IAM action (with a versionId: `versioned`), and the other parameters that it takes."""

    name: str
    action: str
    parameters: frozenset[str] = frozenset()
    versioned: str = ""


_LIST = frozenset({"prefix", "delimiter", "max-keys", "encoding-type"})
_PRESIGN = frozenset(
    {f"X-Amz-{name}" for name in ("Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature")}
    | {"X-Amz-Security-Token", "x-id"}
)
_RESPONSE = frozenset(
    f"response-{name}"
    for name in (
        "content-type",
        "content-language",
        "expires",
        "cache-control",
        "content-disposition",
        "content-encoding",
    )
)


def _config(name: str, action: str) -> tuple[Route, Route]:
    return Route(f"GetBucket{name}", f"s3:Get{action}"), Route(f"PutBucket{name}", f"s3:Put{action}")


_CONFIGURATIONS = {
    "versioning": _config("Versioning", "BucketVersioning"),
    "encryption": _config("Encryption", "EncryptionConfiguration"),
    "publicAccessBlock": _config("PublicAccessBlock", "BucketPublicAccessBlock"),
    "ownershipControls": _config("OwnershipControls", "BucketOwnershipControls"),
    "policy": _config("Policy", "BucketPolicy"),
    "tagging": _config("Tagging", "BucketTagging"),
    "lifecycle": _config("LifecycleConfiguration", "LifecycleConfiguration"),
    "cors": _config("Cors", "BucketCORS"),
    "logging": _config("Logging", "BucketLogging"),
    "website": _config("Website", "BucketWebsite"),
    "notification": _config("NotificationConfiguration", "BucketNotification"),
    "accelerate": _config("AccelerateConfiguration", "AccelerateConfiguration"),
    "acl": _config("Acl", "BucketAcl"),
    "object-lock": _config("ObjectLockConfiguration", "BucketObjectLockConfiguration"),
}
_DELETES = {
    "encryption": Route("DeleteBucketEncryption", "s3:PutEncryptionConfiguration"),
    "publicAccessBlock": Route("DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    "ownershipControls": Route("DeleteBucketOwnershipControls", "s3:PutBucketOwnershipControls"),
    "policy": Route("DeleteBucketPolicy", "s3:DeleteBucketPolicy"),
    "tagging": Route("DeleteBucketTagging", "s3:PutBucketTagging"),
    "lifecycle": Route("DeleteBucketLifecycle", "s3:PutLifecycleConfiguration"),
    "cors": Route("DeleteBucketCors", "s3:PutBucketCORS"),
    "website": Route("DeleteBucketWebsite", "s3:DeleteBucketWebsite"),
}

_Routes = Mapping[tuple[str, str], Route]
_BUCKET: _Routes = {
    ("HEAD", ""): Route("HeadBucket", "s3:ListBucket"),
    ("GET", ""): Route("ListObjects", "s3:ListBucket", _LIST | {"marker"}),
    ("GET", "list-type"): Route(
        "ListObjectsV2", "s3:ListBucket", _LIST | {"continuation-token", "start-after", "fetch-owner"}
    ),
    ("GET", "versions"): Route(
        "ListObjectVersions", "s3:ListBucketVersions", _LIST | {"key-marker", "version-id-marker"}
    ),
    ("GET", "uploads"): Route(
        "ListMultipartUploads",
        "s3:ListBucketMultipartUploads",
        frozenset({"prefix", "delimiter", "encoding-type", "key-marker", "upload-id-marker", "max-uploads"}),
    ),
    ("GET", "location"): Route("GetBucketLocation", "s3:GetBucketLocation"),
    ("GET", "replication"): Route("GetBucketReplication", "s3:GetReplicationConfiguration"),
    ("GET", "requestPayment"): Route("GetBucketRequestPayment", "s3:GetBucketRequestPayment"),
    ("GET", "policyStatus"): Route("GetBucketPolicyStatus", "s3:GetBucketPolicyStatus"),
    ("PUT", ""): Route("CreateBucket", "s3:CreateBucket"),
    ("DELETE", ""): Route("DeleteBucket", "s3:DeleteBucket"),
    ("POST", "delete"): Route("DeleteObjects", "s3:DeleteObject"),
    **{("GET", name): routes[0] for name, routes in _CONFIGURATIONS.items()},
    **{("PUT", name): routes[1] for name, routes in _CONFIGURATIONS.items()},
    **{("DELETE", name): found for name, found in _DELETES.items()},
}
_OBJECT: _Routes = {
    ("GET", ""): Route("GetObject", "s3:GetObject", _RESPONSE | {"partNumber"}, "s3:GetObjectVersion"),
    ("HEAD", ""): Route("HeadObject", "s3:GetObject", _RESPONSE | {"partNumber"}, "s3:GetObjectVersion"),
    ("GET", "acl"): Route("GetObjectAcl", "s3:GetObjectAcl", versioned="s3:GetObjectVersionAcl"),
    ("GET", "tagging"): Route("GetObjectTagging", "s3:GetObjectTagging", versioned="s3:GetObjectVersionTagging"),
    ("GET", "attributes"): Route("GetObjectAttributes", "s3:GetObjectAttributes"),
    ("GET", "uploadId"): Route(
        "ListParts", "s3:ListMultipartUploadParts", frozenset({"max-parts", "part-number-marker"})
    ),
    ("PUT", ""): Route("PutObject", "s3:PutObject"),
    ("PUT", "uploadId"): Route("UploadPart", "s3:PutObject", frozenset({"partNumber"})),
    ("PUT", "acl"): Route("PutObjectAcl", "s3:PutObjectAcl", versioned="s3:PutObjectVersionAcl"),
    ("PUT", "tagging"): Route("PutObjectTagging", "s3:PutObjectTagging", versioned="s3:PutObjectVersionTagging"),
    ("POST", "uploads"): Route("CreateMultipartUpload", "s3:PutObject"),
    ("POST", "uploadId"): Route("CompleteMultipartUpload", "s3:PutObject"),
    ("DELETE", ""): Route("DeleteObject", "s3:DeleteObject", versioned="s3:DeleteObjectVersion"),
    ("DELETE", "uploadId"): Route("AbortMultipartUpload", "s3:AbortMultipartUpload"),
    ("DELETE", "tagging"): Route(
        "DeleteObjectTagging", "s3:DeleteObjectTagging", versioned="s3:DeleteObjectVersionTagging"
    ),
}
_SERVICE: _Routes = {
    ("GET", ""): Route("ListBuckets", "s3:ListAllMyBuckets", frozenset({"max-buckets", "prefix", "continuation-token"}))
}
_PLAIN = "GET HEAD PUT POST DELETE"


def place(path: str) -> tuple[str, str]:
    """Bucket and key of a path-style path; both may be empty. The key is all that follows the bucket, unchanged."""
    bucket, _, key = path[1:].partition("/")
    return bucket, key


def route(call: Call) -> Route:
    """The operation of a request. Raises RefusedError (501) for what is not in the tables."""
    bucket, key = place(call.path)
    routes = _OBJECT if key else _BUCKET if bucket else _SERVICE
    subs = {sub for _, sub in routes if sub}
    given = set(call.query) - _PRESIGN
    named = sorted(given & subs)
    sub = named[0] if named else ""
    found = routes.get((call.method, sub))
    what = f"S3 {call.method} /{'bucket' if bucket else ''}{'/key' if key else ''}{'?' + sub if sub else ''}"
    if found is None or len(named) > 1 or call.method not in _PLAIN:
        raise not_implemented(what if len(named) < 2 else f"{what} with {', '.join(named[1:])}")
    allowed = found.parameters | {sub} | ({"versionId"} if found.versioned else set())
    if unknown := sorted(given - allowed):
        raise not_implemented(f"{what} with the parameter {', '.join(unknown)}")
    if (sub == "list-type" and call.query[sub] != "2") or (found.name == "UploadPart" and "partNumber" not in given):
        raise not_implemented(f"{what}={call.query[sub]}")
    return found
