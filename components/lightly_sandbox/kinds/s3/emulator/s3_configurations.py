"""What S3 refuses of a bucket's settings and of tags, which moto takes.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-managing.html
"""

from collections.abc import Callable
from urllib.parse import parse_qsl

from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.s3_lifecycle import check_lifecycle
from lightly_sandbox.kinds.s3.emulator.s3_xml import Tree, listed, malformed, parse
from lightly_sandbox.kinds.s3.emulator.tag_alphabet import TAG

OWNER_PAYS = (
    b'<?xml version="1.0" encoding="UTF-8"?><RequestPaymentConfiguration '
    b'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Payer>BucketOwner</Payer></RequestPaymentConfiguration>'
)
_TAGS_OF_A_BUCKET, _TAGS_OF_AN_OBJECT = 50, 10
_LONGEST_KEY, _LONGEST_VALUE = 128, 256
_LONGEST_NAME = 1024
_ALGORITHMS = ("AES256", "aws:kms", "aws:kms:dsse")
_OWNERSHIP = ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced")


def check_request(operation: str, call: Call) -> None:
    """Raises RefusedError for settings and tags that S3 does not take."""
    if check := _CHECKS.get(operation):
        check(call.body)
    if header := call.headers.get("x-amz-tagging"):
        _check_tags(parse_qsl(header, keep_blank_values=True), "Object", _TAGS_OF_AN_OBJECT)


def check_key(key: str) -> None:
    """Raises RefusedError for a name that no object has: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"""
    if len(key.encode()) > _LONGEST_NAME:
        raise RefusedError("KeyTooLongError", "Your key is too long", 400)


def without_tags(body: bytes) -> bool:
    """Whether a tagging is empty: S3 takes it, and nothing is left."""
    return not _tags(body)


def _check_encryption(body: bytes) -> None:
    rules = listed(parse(body, "ServerSideEncryptionConfiguration").get("Rule"))
    if len(rules) != 1:
        raise malformed()
    (default,) = listed(rules[0].get("ApplyServerSideEncryptionByDefault")) or [{"SSEAlgorithm": "AES256"}]
    algorithm = default.get("SSEAlgorithm")
    if algorithm not in _ALGORITHMS:
        raise malformed()
    if algorithm == "AES256" and default.get("KMSMasterKeyID"):
        message = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse"
        raise RefusedError("InvalidArgument", message, 400)


def _check_versioning(body: bytes) -> None:
    if parse(body, "VersioningConfiguration").get("Status") not in ("Enabled", "Suspended"):
        raise malformed()


def _check_ownership(body: bytes) -> None:
    rules = listed(parse(body, "OwnershipControls").get("Rule"))
    if len(rules) != 1 or rules[0].get("ObjectOwnership") not in _OWNERSHIP:
        raise malformed()


def _check_tags(pairs: list[tuple[str, str]], owner: str, most: int) -> None:
    if len(pairs) > most:
        code = "BadRequest"
        raise RefusedError(
            code, f"{owner} tag{'s' if owner == 'Object' else ' count'} cannot be greater than {most}", 400
        )
    for name, value in pairs:
        if not 0 < len(name) <= _LONGEST_KEY or not TAG.fullmatch(name):
            raise RefusedError("InvalidTag", "The TagKey you have provided is invalid", 400)
        if len(value) > _LONGEST_VALUE or not TAG.fullmatch(value):
            raise RefusedError("InvalidTag", "The TagValue you have provided is invalid", 400)
        if name.lower().startswith("aws:"):
            raise RefusedError("InvalidTag", "System tags cannot be added/updated by requester", 400)
    if len({name for name, _ in pairs}) != len(pairs):
        raise RefusedError("InvalidTag", "Cannot provide multiple Tags with the same key", 400)


def _tags(body: bytes) -> list[tuple[str, str]]:
    root = parse(body, "Tagging")
    if "TagSet" not in root:
        raise malformed()
    tags: list[Tree] = listed((root["TagSet"] or {}).get("Tag"))
    if not all("Key" in tag and "Value" in tag for tag in tags):
        raise malformed()
    return [(str(tag["Key"] or ""), str(tag["Value"] or "")) for tag in tags]


_CHECKS: dict[str, Callable[[bytes], None]] = {
    "PutBucketEncryption": _check_encryption,
    "PutBucketLifecycleConfiguration": check_lifecycle,
    "PutBucketOwnershipControls": _check_ownership,
    "PutBucketTagging": lambda body: _check_tags(_tags(body), "Bucket", _TAGS_OF_A_BUCKET),
    "PutBucketVersioning": _check_versioning,
    "PutObjectTagging": lambda body: _check_tags(_tags(body), "Object", _TAGS_OF_AN_OBJECT),
}
