"""What a bucket of S3 holds, the removal of what we left in it, and the KMS key that it needs.

S3 deletes no bucket that has an old version or a delete marker
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html).
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lightly_access.kinds.contents import PAGES, Contents, Version, contents, data, ours
from lightly_access.kinds.s3.logged_in import client, said

_PLACEHOLDER = 0
"""How many bytes the placeholder of a directory has."""
HEADS = 1000
"""Objects that are asked for the key they are under: of more, nobody waits for the answers."""
_AT_ONCE = 16


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


@dataclass(frozen=True, slots=True)
class Under:
    """What is under a key: an object of it, if one was found; `more` when there are more than were looked at."""

    object: str | None = None
    more: bool = False


class Account:
    """S3 and KMS of one region, as whoever deploys may use them. Its methods raise BucketUnreadableError."""

    def __init__(self, region: str, login: Mapping[str, str]) -> None:
        self._region, self._login = region, login
        self._clients: dict[str, Any] = {}

    def clean(self, bucket: str) -> Contents:
        """Remove what we left, and say what else there is. Nothing, when the bucket itself is not there."""
        found, more = self._versions(bucket)
        doomed = ours(found, _PLACEHOLDER)
        doomed.sort(key=lambda each: not each.marker)  # markers first: nothing comes to light again in between
        s3 = self._client("s3")
        for first in range(0, len(doomed), 1000):
            part = [{"Key": each.key, "VersionId": each.id} for each in doomed[first : first + 1000]]
            said(lambda part=part: s3.delete_objects(Bucket=bucket, Delete={"Objects": part, "Quiet": True}))
        return contents(found, _PLACEHOLDER, more=more)

    def contents(self, bucket: str) -> Contents:
        """What it holds that is not ours."""
        found, more = self._versions(bucket)
        return contents(found, _PLACEHOLDER, more=more)

    def data(self, bucket: str) -> Contents:
        """What would be lost with it."""
        found, more = self._versions(bucket)
        return data(found, _PLACEHOLDER, more=more)

    def under(self, bucket: str, arn: str, prefix: str = "", *, versions: bool = False) -> Under:
        """What of it is under a key. An object is asked for its head, which needs no key, and s3:GetObject."""
        found, more = self._versions(bucket) if versions else self._objects(bucket, prefix)
        asked = [each for each in found if not each.marker]
        s3, asked, more = self._client("s3"), asked[:HEADS], more or len(asked) > HEADS

        def is_under(each: Version) -> bool:
            one = {} if each.live else {"VersionId": each.id}
            head = said(lambda: s3.head_object(Bucket=bucket, Key=each.key, **one), "404", "NoSuchKey") or {}
            return bool(head.get("SSEKMSKeyId") == arn)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for each, sealed in zip(asked, pool.map(is_under, asked), strict=True):
                if sealed:
                    pool.shutdown(cancel_futures=True)
                    return Under(each.key)
        return Under(None, more)

    def key(self, arn: str) -> KeyState | None:
        """None when it is gone for good."""
        kms = self._client("kms")
        found = said(lambda: kms.describe_key(KeyId=arn), "NotFoundException")
        if found is None:
            return None
        return KeyState(arn, found["KeyMetadata"].get("DeletionDate"))

    def tags_of(self, arn: str) -> Mapping[str, str]:
        """Those of a key."""
        kms = self._client("kms")
        found = said(lambda: kms.list_resource_tags(KeyId=arn), "NotFoundException") or {}
        return {tag["TagKey"]: tag["TagValue"] for tag in found.get("Tags", ())}

    def default_key(self, bucket: str) -> str | None:
        """The key that new objects are encrypted with; None for no bucket, and for no key of KMS."""
        s3 = self._client("s3")
        absent = ("NoSuchBucket", "ServerSideEncryptionConfigurationNotFoundError")
        found = said(lambda: s3.get_bucket_encryption(Bucket=bucket), *absent) or {}
        rules = found.get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
        keys = (rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID") for rule in rules)
        return next(filter(None, keys), None)

    def _versions(self, bucket: str) -> tuple[list[Version], bool]:
        """As many as are looked at, and whether there are more."""
        s3, asked, found = self._client("s3"), {"Bucket": bucket}, list[Version]()
        for _ in range(PAGES):
            page = said(lambda asked=asked: s3.list_object_versions(**asked), "NoSuchBucket") or {}
            for each in page.get("Versions", ()):
                found.append(Version(each["Key"], each["VersionId"], each["IsLatest"], size=each["Size"]))
            for each in page.get("DeleteMarkers", ()):
                found.append(Version(each["Key"], each["VersionId"], each["IsLatest"], marker=True))
            if not page.get("IsTruncated"):
                return found, False
            asked = {
                "Bucket": bucket,
                "KeyMarker": page["NextKeyMarker"],
                "VersionIdMarker": page["NextVersionIdMarker"],
            }
        return found, True

    def _objects(self, bucket: str, prefix: str) -> tuple[list[Version], bool]:
        """Those of a directory as they are now, and whether there are more than one page of them."""
        s3 = self._client("s3")
        page = said(lambda: s3.list_objects_v2(Bucket=bucket, Prefix=prefix), "NoSuchBucket") or {}
        found = [Version(each["Key"], "", live=True, size=each["Size"]) for each in page.get("Contents", ())]
        return found, bool(page.get("IsTruncated"))

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = client(service, self._region, self._login)
        return self._clients[service]
