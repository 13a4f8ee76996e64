"""The provider's edge to Azure Storage, over azure-storage-blob and azure-identity; knows no Pulumi."""
