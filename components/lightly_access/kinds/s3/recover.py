"""How what a killed run made in AWS is found again.

Names of roles, users, groups and buckets are ours to choose, so that they are known. A key of KMS bears the tag of the
stack and names its bucket; an access key lies with its user. A call that only sets something is made again.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from lightly_core.pulumi_values import plain
from lightly_policies.deployer import OWNER_TAG

from lightly_access.kinds.contents import BucketUnreadableError
from lightly_access.kinds.s3.arn import account_of
from lightly_access.kinds.s3.logged_in import client, said
from lightly_access.recover.way import Again, Inputs, Named, Place, Searched, UnaskedError, Way

_PUT = "it sets what is set already"
_DAYS = 30
"""How long a key of KMS waits, the longest that AWS has: so long it can be called back."""
_LOGIN: Final = {
    "profile": "profile",
    "accessKey": "accessKeyId",
    "secretKey": "secretAccessKey",
    "token": "sessionToken",
}


def _bucket_id(inputs: Inputs, _: Place) -> str:
    """The id of an import, with its region where the program gives one: since version 7 of the provider
    (https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/)."""
    return f"{inputs['bucket']}@{inputs['region']}" if inputs.get("region") else str(inputs["bucket"])


def _bucket_there(inputs: Inputs, place: Place) -> bool:
    def ask() -> bool:
        s3 = client("s3", _region(inputs, place), _login(place))
        return said(lambda: s3.head_bucket(Bucket=inputs["bucket"]), "404", "NoSuchBucket") is not None

    return bool(_asked(ask, f"bucket {inputs['bucket']}", "s3:ListBucket"))


def _bucket_made(inputs: Inputs, place: Place) -> datetime | None:
    def ask() -> datetime | None:
        s3 = client("s3", _region(inputs, place), _login(place))
        listed = said(lambda: s3.list_buckets())["Buckets"]
        return next((each["CreationDate"] for each in listed if each["Name"] == inputs["bucket"]), None)

    made: datetime | None = _asked(ask, "the buckets of the account", "s3:ListAllMyBuckets")
    return made


def _end_bucket(inputs: Inputs, place: Place, _: str) -> None:
    """Only an empty one: S3 deletes no other."""

    def ask() -> None:
        s3 = client("s3", _region(inputs, place), _login(place))
        said(lambda: s3.delete_bucket(Bucket=inputs["bucket"]), "NoSuchBucket")

    _asked(ask, f"bucket {inputs['bucket']}", "s3:DeleteBucket")


def _identity(word: str) -> Named:
    """A role, user or group: by its name, which ends in a hash."""

    def there(inputs: Inputs, place: Place) -> bool:
        def ask() -> bool:
            iam = client("iam", _region(inputs, place), _login(place))
            get = getattr(iam, f"get_{word.lower()}")
            return said(lambda: get(**{f"{word}Name": inputs["name"]}), "NoSuchEntity") is not None

        return bool(_asked(ask, f"{word.lower()} {inputs['name']}", f"iam:Get{word}"))

    def remove(inputs: Inputs, place: Place, name: str) -> None:
        """Only one that has nothing yet: IAM deletes no other."""

        def ask() -> None:
            iam = client("iam", _region(inputs, place), _login(place))
            delete = getattr(iam, f"delete_{word.lower()}")
            said(lambda: delete(**{f"{word}Name": name}), "NoSuchEntity")

        _asked(ask, f"{word.lower()} {name}", f"iam:Delete{word}")

    name = frozenset({"name"})
    return Named(name, lambda inputs, _: str(inputs["name"]), ours=True, there=there, remove=remove)


def _login(place: Place) -> dict[str, str]:
    """That of a provider of AWS, default or explicit."""
    given = place.provider
    found = {ours: str(plain(given[theirs])) for theirs, ours in _LOGIN.items() if given.get(theirs)}
    roles = given.get("assumeRoles")
    listed = json.loads(roles) if isinstance(roles, str) else roles  # as the engine keeps a provider's lists
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], Mapping) else {}
    return found | {name: str(first[name]) for name in ("roleArn", "externalId") if first.get(name)}


def _asked(ask: Any, what: str, needs: str) -> Any:
    try:
        return ask()
    except BucketUnreadableError as error:
        raise UnaskedError(f"{what}: {error}", f"log in as whoever deploys, who needs {needs} for this") from None


def _in_its_account(inputs: Inputs, place: Place) -> None:
    """Raises BucketUnreadableError for the login of an account in which this provider has made nothing of the stack,
    and something in another: that has no such user or key, which tells nothing."""
    known = {account for arn in place.arns if (account := account_of(arn)).isdigit()}
    sts = client("sts", _region(inputs, place), _login(place)) if known else None
    here = said(lambda: sts.get_caller_identity())["Account"] if sts else ""
    if known and here not in known:
        raise BucketUnreadableError(f"it is of account {' or '.join(sorted(known))}, and this login of account {here}")


def _keys(inputs: Inputs, place: Place) -> dict[str, datetime]:
    """Those of a user, and when they were made; none where there is no such user any more."""

    def ask() -> dict[str, datetime]:
        _in_its_account(inputs, place)
        iam = client("iam", _region(inputs, place), _login(place))
        found = said(lambda: iam.list_access_keys(UserName=inputs["user"]), "NoSuchEntity") or {}
        return {str(each["AccessKeyId"]): each["CreateDate"] for each in found.get("AccessKeyMetadata", ())}

    found: dict[str, datetime] = _asked(ask, f"the keys of user {inputs['user']}", "iam:ListAccessKeys")
    return found


def _never_used(inputs: Inputs, place: Place, key: str) -> bool:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html: no date for a key that was not
    used since IAM began to note it."""

    def ask() -> bool:
        iam = client("iam", _region(inputs, place), _login(place))
        found = said(lambda: iam.get_access_key_last_used(AccessKeyId=key), "NoSuchEntity") or {}
        return "LastUsedDate" not in found.get("AccessKeyLastUsed", {"LastUsedDate": None})

    return bool(_asked(ask, f"the last use of key {key}", "iam:GetAccessKeyLastUsed"))


def _end_key(inputs: Inputs, place: Place, key: str) -> None:
    def ask() -> None:
        iam = client("iam", _region(inputs, place), _login(place))
        said(lambda: iam.delete_access_key(UserName=inputs["user"], AccessKeyId=key), "NoSuchEntity")

    _asked(ask, f"access key {key}", "iam:DeleteAccessKey")


def _kms_keys(inputs: Inputs, place: Place) -> list[str]:
    """Those of this stack for this bucket that do not wait for their deletion."""
    tags = inputs.get("tags")
    owner = tags.get(OWNER_TAG) if isinstance(tags, Mapping) else None

    def ask() -> list[str]:
        _in_its_account(inputs, place)
        kms = client("kms", _region(inputs, place), _login(place))
        pages = kms.get_paginator("list_keys").paginate()
        ids = said(lambda: [str(each["KeyId"]) for page in pages for each in page["Keys"]])
        return [each for each in ids if _is_ours(kms, each, str(owner), inputs.get("description"))]

    found: list[str] = _asked(ask, "the keys of KMS", "kms:ListKeys") if owner else []
    return found


def _is_ours(kms: Any, key: str, owner: str, description: object) -> bool:
    """A key whose policy hides it from us is somebody else's."""
    hidden = ("AccessDeniedException", "NotFoundException")
    found = said(lambda: kms.describe_key(KeyId=key), *hidden)
    if not found or found["KeyMetadata"].get("Description") != description:
        return False
    if found["KeyMetadata"].get("DeletionDate") or found["KeyMetadata"].get("KeyManager") == "AWS":
        return False
    tags = (said(lambda: kms.list_resource_tags(KeyId=key), *hidden) or {}).get("Tags", ())
    return any((each["TagKey"], each["TagValue"]) == (OWNER_TAG, owner) for each in tags)


def _kms_key_made(inputs: Inputs, place: Place, key: str) -> datetime | None:
    def ask() -> datetime | None:
        kms = client("kms", _region(inputs, place), _login(place))
        found = said(lambda: kms.describe_key(KeyId=key), "NotFoundException")
        return found["KeyMetadata"]["CreationDate"] if found else None

    made: datetime | None = _asked(ask, f"key {key} of KMS", "kms:DescribeKey")
    return made


def _end_kms_key(inputs: Inputs, place: Place, key: str) -> None:
    def ask() -> None:
        kms = client("kms", _region(inputs, place), _login(place))
        said(lambda: kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=_DAYS), "NotFoundException")

    _asked(ask, f"key {key} of KMS", "kms:ScheduleKeyDeletion")


def _region(inputs: Inputs, place: Place) -> str | None:
    for region in (inputs.get("region"), place.provider.get("region")):
        if isinstance(region, str):
            return region
    return place.environ.get("AWS_REGION") or place.environ.get("AWS_DEFAULT_REGION")


WAYS: Final[Mapping[str, Way]] = {
    "aws:s3/bucket:Bucket": Named(
        frozenset({"bucket"}), _bucket_id, there=_bucket_there, remove=_end_bucket, made=_bucket_made
    ),
    "aws:iam/role:Role": _identity("Role"),
    "aws:iam/user:User": _identity("User"),
    "aws:iam/group:Group": _identity("Group"),
    "aws:iam/accessKey:AccessKey": Searched(
        frozenset({"user"}),
        "access key",
        lambda inputs, place: list(_keys(inputs, place)),
        _end_key,
        lambda inputs, key: f"aws iam delete-access-key --user-name {inputs['user']} --access-key-id {key}",
        unused=_never_used,
        made=lambda inputs, place, key: _keys(inputs, place).get(key),
    ),
    "aws:kms/key:Key": Searched(
        frozenset({"tags", "description"}),
        "KMS key",
        _kms_keys,
        _end_kms_key,
        lambda inputs, key: f"aws kms schedule-key-deletion --key-id {key} --region {inputs.get('region')}",
        taken=True,
        made=_kms_key_made,
    ),
    **dict.fromkeys(
        (
            "aws:iam/rolePolicy:RolePolicy",
            "aws:iam/groupPolicy:GroupPolicy",
            "aws:iam/userGroupMembership:UserGroupMembership",
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            "aws:s3/bucketPolicy:BucketPolicy",
            "aws:s3/bucketVersioning:BucketVersioning",
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "aws:s3/bucketObjectv2:BucketObjectv2",
        ),
        Again(_PUT),
    ),
}
