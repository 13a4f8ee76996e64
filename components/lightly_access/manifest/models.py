"""The tables of the manifest as frozen values: Store, Datasource, Dataset, Verify.

The descriptions are what editors show, through the JSON Schema. A rule between two fields stands at the later one.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from lightly_access.manifest import fields
from lightly_access.manifest.fields import only_with

_CREATED = only_with("create", True, "an adopted store is never changed: leave this out, or set create: true")
_VERSIONED = only_with("versioning", True, "there are no old versions without versioning: true")
_USER = only_with("access", "user", "a role has no key to replace: leave this out, or set access: user")
_NOT_ADOPTED = only_with("adopt", False, "an adopted dataset is kept on destroy: leave one of the two out")


class Table(BaseModel):
    """A table of the manifest: no key that we do not know, no value turned into another type, never changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Store(Table):
    """A bucket, declared once and shared by datasets. One that exists already (`create: false`) is never changed."""

    kind: fields.Kind = Field(description="What kind of storage this is: s3")
    bucket: fields.BucketName = Field(description="The bucket's name alone, without s3://")
    region: fields.Region = Field(description="The bucket's AWS region, one that Lightly's API lists")
    create: bool = Field(
        default=False, description="Make the bucket, hardened. Otherwise it is yours already and never changed"
    )
    kms_key: fields.KmsKey | None = Field(
        default=None,
        description="The ARN of the KMS key that the objects use, or `create` for a new one (with create: true)",
    )
    versioning: Annotated[bool, _CREATED] = Field(
        default=False, description="Keep old versions of objects (with create: true)"
    )
    noncurrent_days: Annotated[fields.NoncurrentDays, _VERSIONED] | None = Field(
        default=None, description="Delete old versions after so many days (with versioning: true)"
    )
    force_destroy: Annotated[bool, _CREATED] = Field(
        default=False, description="Let destroy delete the bucket with its objects (with create: true)"
    )
    tags: Annotated[fields.Tags, _CREATED] = Field(
        default={}, description="AWS tags of what is made for this store (with create: true)"
    )


class Datasource(Table):
    """One of a dataset's two ways in: a directory of a store, and how Lightly reaches it."""

    store: fields.StoreRef = Field(description="The name of one of the stores")
    path: fields.Directory = Field(
        description="The directory inside the store, such as projects/cows/. Empty for the whole store (input only)"
    )
    access: fields.Access = Field(
        description="How Lightly gets in: delegated (a role that it assumes) or user (a user's access key)"
    )
    list_prefix_condition: bool = Field(default=True, description="Bind listing to the path")
    permissions_boundary: fields.PolicyArn | None = Field(
        default=None, description="ARN of the policy that bounds the role or user, where your organisation demands one"
    )
    rotate_after: Annotated[fields.RotationDays, _USER] = Field(
        default=90,
        description="Days after which a deployment replaces the access key (with access: user; CIS AWS 2.12)",
    )
    rotate_anchor: Annotated[fields.Anchor, _USER] = Field(
        default=date(2026, 1, 1), description="The day from which the rotation periods are counted (with access: user)"
    )
    rotate_now: Annotated[fields.AnyText, _USER] | None = Field(
        default=None,
        description="Any text; another text replaces the access key at the next deployment (with access: user)",
    )


class Dataset(Table):
    """A dataset at Lightly: where Lightly reads raw data from (input), and where it also writes (lightly)."""

    type: fields.DatasetType = Field(description="What the dataset holds: images or videos")
    adopt: bool = Field(
        default=False, description="Take over a dataset of this name that exists at Lightly; destroy keeps it"
    )
    force_destroy: Annotated[bool, _NOT_ADOPTED] = Field(
        default=False, description="Let destroy delete the dataset together with its samples"
    )
    input: Datasource = Field(description="INPUT: where Lightly lists and reads the raw data")
    lightly: Datasource = Field(description="LIGHTLY: where Lightly also writes thumbnails, frames and predictions")


class Verify(Table):
    """How a verification waits until the clouds have caught up with a deployment."""

    deadline: fields.Deadline = Field(
        default=120, description="Seconds after which a light that is not as expected is final"
    )
    confirmations: fields.Confirmations = Field(
        default=2, description="Good answers in a row that make a dataset verified"
    )


class TagTable(RootModel[fields.Tags]):
    """AWS tags of everything that is made."""

    model_config = ConfigDict(strict=True, frozen=True)
