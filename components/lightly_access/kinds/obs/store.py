"""The table of a store of an S3-compatible service."""

from typing import Annotated, Literal

from lightly_core.aws import BUCKET_PATTERN
from pydantic import Field

from lightly_access import secret_refs
from lightly_access.kinds.obs import names
from lightly_access.kinds.s3 import protocol
from lightly_access.tables.fields import KIND_WORD, or_variable, schema
from lightly_access.tables.rules import obeys
from lightly_access.tables.table import StoreTable

_BucketName = Annotated[str, obeys(names.bucket), schema("string", pattern=BUCKET_PATTERN)]
_Endpoint = Annotated[
    str,
    or_variable(protocol.endpoint),
    schema("string", pattern=f"^(https?://.+|{secret_refs.ENVIRONMENT_PATTERN})$"),
]
_SigningRegion = Annotated[str, obeys(protocol.signing_region), schema("string", pattern="^[a-z0-9][a-z0-9-]{0,63}$")]


class ObsStore(StoreTable):
    """A bucket of an S3-compatible service. It exists already and is never changed; Lightly uses external keys."""

    kind: Annotated[Literal["obs"], KIND_WORD] = Field(
        description="What kind of storage this is: obs, any S3-compatible service"
    )
    bucket: _BucketName = Field(description="The bucket's name alone, without obs://")
    endpoint: _Endpoint = Field(
        description="The service's URL without the bucket, or env:NAME for an environment variable that holds it"
    )
    region: _SigningRegion = Field(
        default="us-east-1", description="The region that our probe signs for, where the service wants a certain one"
    )
