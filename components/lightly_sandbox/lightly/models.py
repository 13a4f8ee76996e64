"""Datasets, datasources, workers and runs as the API takes them.

Source: lightly 1.5.26, `openapi_generated/swagger_client/models/{dataset_create_request, datasource_config*,
create_docker_worker_registry_entry_request, docker_run_scheduled_create_request, s3_region, ...}.py`. Rules of a
datasource's path that a pattern cannot say are in `paths`.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field, TypeAdapter

from lightly_sandbox.lightly.wire import ExternalId, Filled, KmsKeyArn, Message, Name, ObjectId, RoleArn, Url

DatasetType = Literal["Crops", "Images", "Videos"]
ImageType = Literal["full", "thumbnail", "meta"]
Creator = Literal["UNKNOWN", "USER_WEBAPP", "USER_PIP", "USER_PIP_LIGHTLY_MAGIC", "USER_WORKER"]
Priority = Literal["LOW", "MID", "HIGH", "CRITICAL"]
RunState = Literal["OPEN", "LOCKED", "DONE", "CANCELED"]

# s3_region.py. The two us-gov names are not region names of AWS; they are what the API lists.
S3Region = Literal[
    "us-east-2", "us-east-1", "us-west-1", "us-west-2", "af-south-1", "ap-east-1", "ap-south-2", "ap-southeast-3",
    "ap-southeast-4", "ap-south-1", "ap-northeast-3", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2",
    "ap-northeast-1", "ca-central-1", "cn-northwest-1", "eu-central-1", "eu-west-1", "eu-west-2", "eu-south-1",
    "eu-west-3", "eu-north-1", "eu-south-2", "eu-central-2", "me-south-1", "me-central-1", "sa-east-1", "us-gov-east",
    "us-gov-west",
]  # fmt: skip


class Purpose(StrEnum):
    """`DatasourcePurpose`."""

    INPUT_OUTPUT = "INPUT_OUTPUT"
    INPUT = "INPUT"
    LIGHTLY = "LIGHTLY"


class DatasetCreate(Message):
    """`DatasetCreateRequest`."""

    name: Name
    type: DatasetType | None = None
    img_type: ImageType | None = None
    creator: Creator | None = None
    parent_dataset_id: ObjectId | None = None


class DatasetUpdate(Message):
    """`DatasetUpdateRequest`: a dataset can be renamed, nothing else."""

    name: Name


class Datasource(Message):
    """`DatasourceConfigBase` with its path. `SECRETS` are the fields that must not be shown."""

    SECRETS: ClassVar[frozenset[str]] = frozenset()

    id: ObjectId | None = None
    purpose: Purpose
    thumb_suffix: str | None = None
    full_path: str


class S3(Datasource):
    """`DatasourceConfigS3`: an access key of a user."""

    SECRETS = frozenset({"s3SecretAccessKey"})

    type: Literal["S3"]
    s3_region: S3Region = Field(alias="s3Region")
    s3_access_key_id: Filled = Field(alias="s3AccessKeyId")
    s3_secret_access_key: Filled = Field(alias="s3SecretAccessKey", repr=False)
    kms_key_arn: KmsKeyArn | None = Field(None, alias="s3ServerSideEncryptionKMSKey")


class S3DelegatedAccess(Datasource):
    """`DatasourceConfigS3DelegatedAccess`: a role that Lightly's account may assume."""

    SECRETS = frozenset({"s3ExternalId"})

    type: Literal["S3DelegatedAccess"]
    s3_region: S3Region = Field(alias="s3Region")
    s3_external_id: ExternalId = Field(alias="s3ExternalId", repr=False)
    s3_arn: RoleArn = Field(alias="s3ARN")
    kms_key_arn: KmsKeyArn | None = Field(None, alias="s3ServerSideEncryptionKMSKey")


class Azure(Datasource):
    """`DatasourceConfigAzure`; a SAS token travels in `accountKey`."""

    SECRETS = frozenset({"accountKey"})

    type: Literal["AZURE"]
    account_name: Filled
    account_key: Filled = Field(repr=False)


class Gcs(Datasource):
    """`DatasourceConfigGCS`; the credentials are a service-account key file as text."""

    SECRETS = frozenset({"gcsCredentials"})

    type: Literal["GCS"]
    gcs_project_id: Filled
    gcs_credentials: str = Field(repr=False)


class Obs(Datasource):
    """`DatasourceConfigOBS`: any S3-compatible endpoint."""

    SECRETS = frozenset({"obsSecretAccessKey"})

    type: Literal["OBS"]
    obs_endpoint: Url
    obs_access_key_id: Filled
    obs_secret_access_key: Filled = Field(repr=False)


class Local(Datasource):
    """`DatasourceConfigLOCAL`: a folder mounted into the worker."""

    type: Literal["LOCAL"]
    web_server_location: Url | None = None


class Managed(Datasource):
    """`DatasourceConfigLIGHTLY`: storage that Lightly owns."""

    type: Literal["LIGHTLY"]


AnyDatasource = S3 | S3DelegatedAccess | Azure | Gcs | Obs | Local | Managed
DATASOURCE: TypeAdapter[AnyDatasource] = TypeAdapter(Annotated[AnyDatasource, Field(discriminator="type")])


class WorkerCreate(Message):
    """`CreateDockerWorkerRegistryEntryRequest`."""

    name: Name
    worker_type: Literal["FULL"]
    labels: tuple[str, ...] | None = None
    creator: Creator | None = None
    docker_version: str | None = None


class RunSchedule(Message):
    """`DockerRunScheduledCreateRequest`."""

    config_id: ObjectId
    priority: Priority
    runs_on: tuple[str, ...] | None = None
    creator: Creator | None = None
