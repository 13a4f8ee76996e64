"""The values of Google Cloud's tables."""

from collections.abc import Mapping
from typing import Annotated, Literal

from lightly_access.kinds.gcs import names
from lightly_access.tables.fields import CLOUD_WORD, KIND_WORD, schema
from lightly_access.tables.rules import obeys

GcsWord = Annotated[Literal["gcs"], KIND_WORD]
GcpWord = Annotated[Literal["gcp"], CLOUD_WORD]
BucketName = Annotated[str, obeys(names.bucket_name), schema("string", pattern=names.BUCKET_PATTERN)]
Project = Annotated[str, obeys(names.project), schema("string", pattern=names.PROJECT_PATTERN)]
ServiceAccountEmail = Annotated[
    str, obeys(names.service_account), schema("string", pattern=names.SERVICE_ACCOUNT_PATTERN)
]
Location = Annotated[str, obeys(names.location), schema("string", pattern=names.LOCATION_PATTERN)]
Labels = Annotated[
    Mapping[
        Annotated[str, obeys(names.label_key)],
        Annotated[str, obeys(names.label_value), schema("string", maxLength=63)],
    ],
    obeys(names.labels),
]
