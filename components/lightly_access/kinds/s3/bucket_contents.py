"""What a bucket holds, counted by versions, and the removal of what our own probes left in it.

A probe deletes its object; where a bucket keeps versions, the deleted one and a delete marker stay, and S3 deletes no
bucket that has either (https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html). Lightly's credentials
may not delete versions, so whoever deploys does.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lightly_core.counted import counted

OURS = re.compile(r"(?:^|/)\.lightly/(?:probe|verify)-[0-9a-f]{16}$")
"""The probe objects of the provider, and those of the rehearsal's local Lightly. Nobody else's have such a name."""
PAGES = 50
"""Pages of 1000 versions that are looked at: a bucket with more is not empty, and need not be counted to the end."""


class BucketUnreadableError(Exception):
    """AWS did not say what is asked; its code, or why it could not be asked."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Of what is not ours: objects, their old versions, and markers of deleted ones; `more` when not all counted."""

    objects: int = 0
    versions: int = 0
    markers: int = 0
    more: bool = False

    @property
    def empty(self) -> bool:
        return not (self.objects or self.versions or self.markers or self.more)

    def sentence(self, bucket: str) -> str:
        """What keeps the bucket."""
        least = "at least " if self.more else ""
        old = f"{counted(self.versions, 'old version')} and {counted(self.markers, 'delete marker')}"
        if self.objects:
            return f"bucket {bucket} is kept, because it holds objects: {least}{self.objects}, with {old}"
        return f"bucket {bucket} is kept: it looks empty, and still has {least}{old} of deleted objects"


@dataclass(frozen=True, slots=True)
class KeyState:
    """A KMS key: whether it can be used again, and when it will be gone for ever."""

    arn: str
    waits_until: datetime | None = None

    def waits_for_deletion(self, bucket: str) -> str:
        """What happens when."""
        day = f"{self.waits_until:%Y-%m-%d}" if self.waits_until else "no day"
        return (
            f"the KMS key {self.arn} of bucket {bucket} waits for its deletion on {day}: from then on no object "
            "under it can be read, and no other key is made before you have decided"
        )

    @property
    def way_back(self) -> str:
        """How to cancel it: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html."""
        return (
            f"to keep it: `aws kms cancel-key-deletion --key-id {self.arn}`, `aws kms enable-key --key-id {self.arn}`, "
            "then `pulumi up --refresh`; where a refresh has dropped it from the state, that says how to import it"
        )


class Account:
    """S3 and KMS of one region, as whoever deploys may use them. Its methods raise BucketUnreadableError."""

    def __init__(self, region: str, login: Mapping[str, str]) -> None:
        self._region, self._login = region, login

    def clean(self, bucket: str) -> Contents:
        """Remove what our probes left, and say what else there is. Nothing, when the bucket itself is not there."""
        with_ours = list(self._versions(bucket))
        ours = [each for each in with_ours if OURS.search(each["Key"])]
        s3 = self._client("s3")
        for first in range(0, len(ours), 1000):
            # Markers first, so that nothing comes to light again in between.
            part = sorted(ours[first : first + 1000], key=lambda each: not each["marker"])
            doomed = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in part]
            _said(lambda doomed=doomed: s3.delete_objects(Bucket=bucket, Delete={"Objects": doomed, "Quiet": True}))
        return _counted([each for each in with_ours if each not in ours])

    def contents(self, bucket: str) -> Contents:
        """What it holds that is not ours."""
        return _counted([each for each in self._versions(bucket) if not OURS.search(each["Key"])])

    def key(self, arn: str) -> KeyState | None:
        """None when it is gone for good."""
        kms = self._client("kms")
        found = _said(lambda: kms.describe_key(KeyId=arn), "NotFoundException")
        if found is None:
            return None
        return KeyState(arn, found["KeyMetadata"].get("DeletionDate"))

    def tags_of(self, arn: str) -> Mapping[str, str]:
        """Those of a key."""
        kms = self._client("kms")
        found = _said(lambda: kms.list_resource_tags(KeyId=arn), "NotFoundException") or {}
        return {tag["TagKey"]: tag["TagValue"] for tag in found.get("Tags", ())}

    def default_key(self, bucket: str) -> str | None:
        """The key that new objects are encrypted with; None for no bucket, and for no key of KMS."""
        s3 = self._client("s3")
        absent = ("NoSuchBucket", "ServerSideEncryptionConfigurationNotFoundError")
        found = _said(lambda: s3.get_bucket_encryption(Bucket=bucket), *absent) or {}
        rules = found.get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
        keys = (rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID") for rule in rules)
        return next(filter(None, keys), None)

    def _versions(self, bucket: str) -> Iterator[dict[str, Any]]:
        s3, asked = self._client("s3"), {"Bucket": bucket}
        for _ in range(PAGES):
            page = _said(lambda asked=asked: s3.list_object_versions(**asked), "NoSuchBucket")
            if page is None:
                return
            yield from ({**each, "marker": False} for each in page.get("Versions", ()))
            yield from ({**each, "marker": True} for each in page.get("DeleteMarkers", ()))
            if not page.get("IsTruncated"):
                return
            asked = {
                "Bucket": bucket,
                "KeyMarker": page["NextKeyMarker"],
                "VersionIdMarker": page["NextVersionIdMarker"],
            }
        yield {"Key": "", "VersionId": "", "marker": False, "IsLatest": False, "more": True}

    def _client(self, service: Any) -> Any:
        try:
            import boto3
            from botocore.config import Config
        except ModuleNotFoundError:
            raise BucketUnreadableError("boto3 is not installed: pip install 'lightly-access[aws]'") from None
        given = self._login
        session = _said(
            lambda: boto3.Session(
                profile_name=given.get("profile"),
                region_name=self._region,
                aws_access_key_id=given.get("accessKeyId"),
                aws_secret_access_key=given.get("secretAccessKey"),
                aws_session_token=given.get("sessionToken"),
            )
        )
        config = Config(retries={"mode": "standard"}, connect_timeout=10, read_timeout=30)
        if role := given.get("roleArn"):
            session = _said(lambda: self._assumed(session, role, config))
        return session.client(service, region_name=self._region, config=config)

    def _assumed(self, session: Any, role: str, config: Any) -> Any:
        import boto3

        asked = {"RoleArn": role, "RoleSessionName": "lightly-access"}
        if external_id := self._login.get("externalId"):
            asked["ExternalId"] = external_id
        issued = session.client("sts", config=config).assume_role(**asked)["Credentials"]
        return boto3.Session(
            region_name=self._region,
            aws_access_key_id=issued["AccessKeyId"],
            aws_secret_access_key=issued["SecretAccessKey"],
            aws_session_token=issued["SessionToken"],
        )


def _counted(versions: list[dict[str, Any]]) -> Contents:
    real = [each for each in versions if not each.get("more")]
    live = sum(1 for each in real if each["IsLatest"] and not each["marker"])
    markers = sum(1 for each in real if each["marker"])
    return Contents(live, len(real) - live - markers, markers, len(real) < len(versions))


def _said(ask: Any, *absent: str) -> Any:
    """The answer; None for the code that means that it is not there."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return ask()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in absent:
            return None
        raise BucketUnreadableError(f"{code} (operation {error.operation_name})") from None
    except BotoCoreError as error:  # no login, no answer: its class says which, its text may say more than it should
        raise BucketUnreadableError(type(error).__name__) from None
