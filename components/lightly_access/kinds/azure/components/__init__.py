"""Azure Storage: the container, and the SAS token that is Lightly's only access."""

from lightly_access.kinds.azure.components.container import AzureContainer, AzureContainerArgs
from lightly_access.kinds.azure.components.sas import AzureSasAccess, AzureSasAccessArgs

__all__ = ["AzureContainer", "AzureContainerArgs", "AzureSasAccess", "AzureSasAccessArgs"]
