"""Azure Storage: the container, and the SAS token that is Lightly's only way in."""

from lightly_access.storage.azure.container import AzureContainer, AzureContainerArgs
from lightly_access.storage.azure.sas import AzureSasAccess, AzureSasAccessArgs

__all__ = ["AzureContainer", "AzureContainerArgs", "AzureSasAccess", "AzureSasAccessArgs"]
