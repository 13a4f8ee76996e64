"""The table of an S3 store. A rule between two fields stands at the later one."""

from typing import Annotated

from pydantic import Field

from lightly_access.kinds.s3 import fields
from lightly_access.tables.fields import AccountRef, NoncurrentDays
from lightly_access.tables.table import CREATED, OWNER, VERSIONED, StoreTable


class S3Store(StoreTable):
    """A bucket, declared once and shared by datasets. One that exists already (`create: false`) is never changed."""

    kind: fields.S3Word = Field(description="What kind of storage this is: s3")
    bucket: fields.BucketName = Field(description="The bucket's name alone, without s3://")
    region: fields.Region = Field(description="The bucket's AWS region, one that Lightly's API lists")
    owner: AccountRef | None = Field(default=None, description=OWNER)
    create: bool = Field(
        default=False, description="Make the bucket, hardened. Otherwise it is yours already and never changed"
    )
    kms_key: fields.KmsKey | None = Field(
        default=None,
        description="The ARN of the KMS key that the objects use, or `create` for a new one (with create: true)",
    )
    old_kms_keys: fields.OldKmsKeys = Field(
        default=(),
        description="The KMS keys that objects of before are under, by ARN, or `create` for the one that was made "
        "here: Lightly may decrypt with them, and a key that was made stays as long as it stands here",
    )
    versioning: Annotated[bool, CREATED] = Field(
        default=False, description="Keep old versions of objects (with create: true)"
    )
    noncurrent_days: Annotated[NoncurrentDays, VERSIONED] | None = Field(
        default=None, description="Delete old versions after so many days (with versioning: true)"
    )
    force_destroy: Annotated[bool, CREATED] = Field(
        default=False, description="Let destroy delete the bucket with its objects (with create: true)"
    )
    tags: Annotated[fields.Tags, CREATED] = Field(
        default={}, description="AWS tags of what is made for this store (with create: true)"
    )
