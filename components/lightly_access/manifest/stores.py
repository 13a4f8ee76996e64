"""The tables of the stores, one for each kind, as frozen values.

The descriptions are what editors show, through the JSON Schema. A rule between two fields stands at the later one.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lightly_access.kinds.local.names import WEB_SERVER
from lightly_access.manifest import fields
from lightly_access.manifest.rules import needed_with, only_with

_CREATED = only_with("create", True, "an adopted store is never changed: leave this out, or set create: true")
_VERSIONED = only_with("versioning", True, "there are no old versions without versioning: true")
_ACCOUNT_MADE = only_with(
    "create_account", True, "an adopted account is never changed: leave this out, or set create_account: true"
)


_OWNER = (
    "The name of one of the accounts, whose this is; without it your own login leads there. Decide before the first "
    "deployment: another way in is another provider to Pulumi, which then makes everything of this store anew"
)


class Table(BaseModel):
    """A table of the manifest: no key that we do not know, no value turned into another type, never changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class S3Store(Table):
    """A bucket, declared once and shared by datasets. One that exists already (`create: false`) is never changed."""

    kind: fields.S3Kind = Field(description="What kind of storage this is: s3")
    bucket: fields.BucketName = Field(description="The bucket's name alone, without s3://")
    region: fields.Region = Field(description="The bucket's AWS region, one that Lightly's API lists")
    owner: fields.AccountRef | None = Field(default=None, description=_OWNER)
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


class AzureStore(Table):
    """A container of a storage account. An account or container that exists already is never changed."""

    kind: fields.AzureKind = Field(description="What kind of storage this is: azure")
    account: fields.AzureAccount = Field(description="The storage account's name alone")
    container: fields.AzureContainerName = Field(description="The container's name alone")
    resource_group: fields.ResourceGroup = Field(description="The resource group of the account")
    owner: fields.AccountRef | None = Field(default=None, description=_OWNER)
    create: bool = Field(
        default=False, description="Make the container. Otherwise it is yours already and never changed"
    )
    create_account: Annotated[bool, _CREATED] = Field(
        default=False, description="Make the storage account and its resource group too, hardened (with create: true)"
    )
    location: Annotated[
        fields.AzureLocation | None,
        needed_with("create_account", True, "the region where the account is made, such as westeurope"),
        _ACCOUNT_MADE,
    ] = Field(
        default=None,
        validate_default=True,
        description="The region of the account, as Azure's API writes it: westeurope (with create_account: true)",
    )
    hierarchical: bool = Field(
        default=False,
        description="The account has, or made by us gets, a hierarchical namespace: a SAS is bound to the directory",
    )
    soft_delete_days: Annotated[fields.SoftDeleteDays, _ACCOUNT_MADE] = Field(
        default=7, description="Days for which deleted blobs can be brought back (with create_account: true)"
    )
    force_destroy: Annotated[bool, _CREATED] = Field(
        default=False, description="Let destroy delete the container with its blobs (with create: true)"
    )
    tags: Annotated[fields.AzureTags, _ACCOUNT_MADE] = Field(
        default={}, description="Azure tags of the account and resource group (with create_account: true)"
    )


class GcsStore(Table):
    """A bucket of Google Cloud Storage. One that exists already (`create: false`) is never changed."""

    kind: fields.GcsKind = Field(description="What kind of storage this is: gcs")
    bucket: fields.GcsBucketName = Field(description="The bucket's name alone, without gs://")
    project: fields.GcpProject = Field(
        description="The id of the bucket's project; service accounts are made there too, and Lightly is told it"
    )
    owner: fields.AccountRef | None = Field(default=None, description=_OWNER)
    create: bool = Field(
        default=False, description="Make the bucket, hardened. Otherwise it is yours already and never changed"
    )
    location: Annotated[
        fields.GcsLocation | None,
        needed_with("create", True, "where the bucket is made, such as europe-west3 or EU"),
        _CREATED,
    ] = Field(
        default=None,
        validate_default=True,
        description="The bucket's region, dual-region or multi-region (with create: true)",
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
    labels: Annotated[fields.GcpLabels, _CREATED] = Field(
        default={}, description="Labels of the bucket (with create: true)"
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


Store = S3Store | AzureStore | GcsStore | ObsStore | LocalStore
STORE_TABLES: dict[str, type[Store]] = {
    "s3": S3Store,
    "azure": AzureStore,
    "gcs": GcsStore,
    "obs": ObsStore,
    "local": LocalStore,
}
"""The table of each kind of store."""
