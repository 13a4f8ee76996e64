"""One file a resource type; `HANDLERS` is the table from Pulumi's token to its handler."""

from collections.abc import Mapping

from lightly_provider.handlers.azure_sas import AzureSasHandler
from lightly_provider.handlers.bucket_guard import BucketGuardHandler
from lightly_provider.handlers.dataset import DatasetHandler
from lightly_provider.handlers.datasource import DatasourceHandler
from lightly_provider.handlers.external_id import ExternalIdHandler
from lightly_provider.handlers.handler import Handler
from lightly_provider.handlers.verification import VerificationHandler

HANDLERS: Mapping[str, Handler] = {
    "lightly:index:ExternalId": ExternalIdHandler(),
    "lightly:index:AzureSas": AzureSasHandler(),
    "lightly:index:BucketGuard": BucketGuardHandler(),
    "lightly:index:Dataset": DatasetHandler(),
    "lightly:index:Datasource": DatasourceHandler(),
    "lightly:index:Verification": VerificationHandler(),
}
