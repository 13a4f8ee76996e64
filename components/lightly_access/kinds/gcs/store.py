"""The table of a store of Google Cloud. A rule between two fields stands at the later one."""

from typing import Annotated

from pydantic import Field

from lightly_access.kinds.gcs import fields
from lightly_access.tables.fields import AccountRef, NoncurrentDays
from lightly_access.tables.rules import needed_with
from lightly_access.tables.table import CREATED, OWNER, VERSIONED, StoreTable


class GcsStore(StoreTable):
    """A bucket of Google Cloud Storage. One that exists already (`create: false`) is never changed."""

    kind: fields.GcsWord = Field(description="What kind of storage this is: gcs")
    bucket: fields.BucketName = Field(description="The bucket's name alone, without gs://")
    project: fields.Project = Field(
        description="The id of the bucket's project; service accounts are made there too, and Lightly is told it"
    )
    owner: AccountRef | None = Field(default=None, description=OWNER)
    create: bool = Field(
        default=False, description="Make the bucket, hardened. Otherwise it is yours already and never changed"
    )
    location: Annotated[
        fields.Location | None,
        needed_with("create", True, "where the bucket is made, such as europe-west3 or EU"),
        CREATED,
    ] = Field(
        default=None,
        validate_default=True,
        description="The bucket's region, dual-region or multi-region (with create: true)",
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
    labels: Annotated[fields.Labels, CREATED] = Field(
        default={}, description="Labels of the bucket (with create: true)"
    )
