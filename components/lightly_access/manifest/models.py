"""The tables of the manifest as frozen values: S3Store, ObsStore, LocalStore, Datasource, Dataset, Verify.

The descriptions are what editors show, through the JSON Schema. A rule between two fields stands at the later one.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from lightly_access.local_names import WEB_SERVER
from lightly_access.manifest import fields
from lightly_access.manifest.fields import needed_with, only_with

_CREATED = only_with("create", True, "an adopted store is never changed: leave this out, or set create: true")
_VERSIONED = only_with("versioning", True, "there are no old versions without versioning: true")
_USER = only_with("access", "user", "a role has no key to replace, and a given one is not ours: leave this out")
_KEY = only_with("access", "key", "only a key that you give is named: leave this out, or set access: key")
_NOT_ADOPTED = only_with("adopt", False, "an adopted dataset is kept on destroy: leave one of the two out")


class Table(BaseModel):
    """A table of the manifest: no key that we do not know, no value turned into another type, never changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class S3Store(Table):
    """A bucket, declared once and shared by datasets. One that exists already (`create: false`) is never changed."""

    kind: fields.S3Kind = Field(description="What kind of storage this is: s3")
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


class ObsStore(Table):
    """A bucket of an S3-compatible service. It exists already and is never changed; Lightly gets in with given keys."""

    kind: fields.ObsKind = Field(description="What kind of storage this is: obs, any S3-compatible service")
    bucket: fields.ObsBucketName = Field(description="The bucket's name alone, without obs://")
    endpoint: fields.Endpoint = Field(
        description="The service's URL without the bucket, or env:NAME for an environment variable that holds it"
    )
    region: fields.SigningRegion = Field(
        default="us-east-1", description="The region that our probe signs for, where the service wants a certain one"
    )


class LocalStore(Table):
    """Folders of the machine where the Lightly Worker runs, mounted into it. They exist already."""

    kind: fields.LocalKind = Field(description="What kind of storage this is: local, folders mounted into the worker")
    input_mount: fields.MountFolder | None = Field(
        default=None, description="The folder that is mounted as /input_mount, read only, or env:NAME"
    )
    lightly_mount: fields.MountFolder | None = Field(
        default=None, description="The folder that is mounted as /lightly_mount, writable, or env:NAME"
    )
    web_server: fields.WebServer = Field(
        default=WEB_SERVER,
        description="Where `lightly-access serve` serves them to Lightly's web application, or env:NAME",
    )


Store = S3Store | ObsStore | LocalStore
STORE_TABLES: dict[str, type[S3Store] | type[ObsStore] | type[LocalStore]] = {
    "s3": S3Store,
    "obs": ObsStore,
    "local": LocalStore,
}
"""The table of each kind of store."""


class Datasource(Table):
    """One of a dataset's two ways in: a directory of a store, and how Lightly reaches it."""

    store: fields.StoreRef = Field(description="The name of one of the stores")
    path: fields.Directory = Field(
        description="The directory inside the store, such as projects/cows/. Empty for the whole store (input only)"
    )
    access: fields.Access = Field(
        description="How Lightly gets in: delegated (a role that it assumes), user (the key of a user that we make), "
        "key (a key that you give, for obs) or mount (a folder of the worker, for local)"
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
    access_key_id: Annotated[
        fields.GivenKeyId | None, needed_with("access", "key", "the id of the key, or env:NAME"), _KEY
    ] = Field(
        default=None,
        validate_default=True,
        description="The id of the given key, or env:NAME for an environment variable that holds it (with access: key)",
    )
    secret: Annotated[
        fields.GivenSecret | None, needed_with("access", "key", "where the key's secret is: a name or env:NAME"), _KEY
    ] = Field(
        default=None,
        validate_default=True,
        description="Where the key's secret is, never itself: the name of a secret lightly-keys:<name> of the "
        "stack's configuration, or env:NAME for an environment variable (with access: key)",
    )
    whole_bucket: Annotated[bool, _KEY] = Field(
        default=False,
        description="Accept that the given key reaches beyond the path, where the service cannot bind a key to one",
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
    probe: bool = Field(
        default=True,
        description="Also try what each access key can really do; whoever deploys must reach the store for that",
    )


class TagTable(RootModel[fields.Tags]):
    """AWS tags of everything that is made."""

    model_config = ConfigDict(strict=True, frozen=True)
