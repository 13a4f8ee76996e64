"""The resources of the `lightly` provider: one row each."""

from lightly_core.resource_types.azure_sas import AZURE_SAS
from lightly_core.resource_types.bucket_guard import BUCKET_GUARD
from lightly_core.resource_types.dataset import DATASET
from lightly_core.resource_types.datasource import DATASOURCE
from lightly_core.resource_types.external_id import EXTERNAL_ID
from lightly_core.resource_types.resource_type import ResourceType
from lightly_core.resource_types.verification import LIGHT, PROBE, PROBED_CREDENTIAL, VERIFICATION, VERIFIED_DATASOURCE

__all__ = [
    "AZURE_SAS",
    "BUCKET_GUARD",
    "DATASET",
    "DATASOURCE",
    "EXTERNAL_ID",
    "LIGHT",
    "OBJECTS",
    "PROBE",
    "PROBED_CREDENTIAL",
    "RESOURCES",
    "VERIFICATION",
    "VERIFIED_DATASOURCE",
]

RESOURCES: tuple[ResourceType, ...] = (EXTERNAL_ID, DATASET, DATASOURCE, AZURE_SAS, VERIFICATION, BUCKET_GUARD)
OBJECTS = (VERIFIED_DATASOURCE, LIGHT, PROBED_CREDENTIAL, PROBE)
