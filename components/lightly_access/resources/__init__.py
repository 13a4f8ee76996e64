"""Typed Pulumi resources of the `lightly` provider.

Use them directly, or let `LightlyDataset` put them together. Names are snake_case here and camelCase on the wire; what
each property means stands in its row of `lightly_core.resource_types`, and `help()` shows it.
"""

from lightly_access.resources.azure_sas import AzureSas
from lightly_access.resources.bucket_guard import BucketGuard
from lightly_access.resources.dataset import Dataset
from lightly_access.resources.datasource import Datasource
from lightly_access.resources.external_id import ExternalId
from lightly_access.resources.verification import ProbedCredential, Verification, VerifiedDatasource

__all__ = [
    "AzureSas",
    "BucketGuard",
    "Dataset",
    "Datasource",
    "ExternalId",
    "ProbedCredential",
    "Verification",
    "VerifiedDatasource",
]
