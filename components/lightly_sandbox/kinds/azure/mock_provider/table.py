"""The resource types of `azure-native`; a test compares every name in them with the SDK.

Replace triggers: what Resource Manager names in the path, and what its specification lets a client give at creation
only (https://github.com/Azure/azure-rest-api-specs, `x-ms-mutability`). A new physical name starts like the logical one
and ends with eight digits, or is the logical one (https://www.pulumi.com/docs/iac/concepts/resources/names/).
"""

from lightly_sandbox.kinds.azure.mock_provider.blob import Blob
from lightly_sandbox.kinds.azure.mock_provider.blob_container import BlobContainer
from lightly_sandbox.kinds.azure.mock_provider.blob_service import BlobServiceProperties
from lightly_sandbox.kinds.azure.mock_provider.resource_group import ResourceGroup
from lightly_sandbox.kinds.azure.mock_provider.storage_account import StorageAccount
from lightly_sandbox.mock_providers.resource import Input, Kind, Naming, ResourceType


def _same_place(left: object, right: object) -> bool:
    """Azure's own spelling has neither spaces nor capitals."""
    return str(left).replace(" ", "").lower() == str(right).replace(" ", "").lower()


def _flag(name: str, *, default: bool | None = False, replace: bool = False, computed: bool = False) -> Input:
    return Input(name, Kind.BOOLEAN, default=default, replace=replace, computed=computed)


_GROUP = Input("resourceGroupName", required=True, replace=True)
_ACCOUNT = Input("accountName", required=True, replace=True)
_LOCATION = Input("location", replace=True, computed=True, alike=_same_place)
_TAGS = Input("tags", Kind.STRING_MAP)
_METADATA = Input("metadata", Kind.STRING_MAP)

_RETENTION = (Input("allowPermanentDelete", Kind.BOOLEAN), Input("days", Kind.INTEGER), Input("enabled", Kind.BOOLEAN))

_GROUP_TYPE = ResourceType(
    "azure-native:resources:ResourceGroup",
    "resource group",
    handler=ResourceGroup(),
    inputs=(_LOCATION, Input("resourceGroupName", replace=True, longest=90), _TAGS),
    outputs=("azureApiVersion", "name", "properties", "type"),
    naming=Naming("resourceGroupName", longest=90, separator="", digits=8),
)

_ACCOUNT_TYPE = ResourceType(
    "azure-native:storage:StorageAccount",
    "storage account",
    handler=StorageAccount(),
    inputs=(
        Input("accessTier", computed=True, allowed=("Hot", "Cool", "Cold", "Premium")),
        Input("accountName", replace=True, longest=24),
        _flag("allowBlobPublicAccess"),
        _flag("allowCrossTenantReplication"),
        _flag("allowSharedKeyAccess", default=None),
        _flag("defaultToOAuthAuthentication", default=None),
        _flag("enableHttpsTrafficOnly", default=True),
        _flag("isHnsEnabled", replace=True),
        Input("keyPolicy", Kind.RECORD, fields=(Input("keyExpirationPeriodInDays", Kind.INTEGER, required=True),)),
        Input("kind", required=True, replace=True, allowed=("StorageV2", "BlockBlobStorage", "BlobStorage")),
        _LOCATION,
        Input("minimumTlsVersion", computed=True, allowed=("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3")),
        Input("publicNetworkAccess", allowed=("Enabled",)),
        _GROUP,
        Input(
            "sasPolicy",
            Kind.RECORD,
            fields=(Input("expirationAction", allowed=("Log",)), Input("sasExpirationPeriod", required=True)),
        ),
        Input("sku", Kind.RECORD, required=True, fields=(Input("name", required=True),)),
        _TAGS,
    ),
    outputs=(
        "azureApiVersion",
        "creationTime",
        "keyCreationTime",
        "name",
        "primaryEndpoints",
        "primaryLocation",
        "provisioningState",
        "statusOfPrimary",
        "type",
    ),
    naming=Naming("accountName", longest=24, lowercase=True, separator="", digits=8),
)

_SERVICE_TYPE = ResourceType(
    "azure-native:storage:BlobServiceProperties",
    "blob service of the storage account",
    handler=BlobServiceProperties(),
    inputs=(
        _ACCOUNT,
        Input("blobServicesName", replace=True),
        Input("containerDeleteRetentionPolicy", Kind.RECORD, fields=_RETENTION),
        Input("deleteRetentionPolicy", Kind.RECORD, fields=_RETENTION),
        Input("isVersioningEnabled", Kind.BOOLEAN),
        _GROUP,
    ),
    outputs=("azureApiVersion", "name", "type"),
    naming=Naming("blobServicesName", random=False),
)

_CONTAINER_TYPE = ResourceType(
    "azure-native:storage:BlobContainer",
    "blob container",
    handler=BlobContainer(),
    inputs=(
        _ACCOUNT,
        Input("containerName", replace=True, longest=63),
        _METADATA,
        Input("publicAccess", default="None", allowed=("None", "Blob", "Container")),
        _GROUP,
    ),
    outputs=("azureApiVersion", "hasImmutabilityPolicy", "hasLegalHold", "leaseState", "leaseStatus", "name", "type"),
    # Without etag and lastModifiedTime, which change with every stored access policy: a refresh would never come to
    # rest.
    naming=Naming("containerName", longest=63, random=False),
)

_BLOB_TYPE = ResourceType(
    "azure-native:storage:Blob",
    "blob",
    handler=Blob(),
    inputs=(
        _ACCOUNT,
        Input("blobName", replace=True, longest=1024),
        Input("containerName", required=True, replace=True),
        Input("contentType", default="application/octet-stream"),
        _METADATA,
        _GROUP,
        Input("type", replace=True, default="Block", allowed=("Block",)),
    ),
    outputs=("name", "url"),
    naming=Naming("blobName", longest=1024, random=False),
)

TYPES = {kind.token: kind for kind in (_GROUP_TYPE, _ACCOUNT_TYPE, _SERVICE_TYPE, _CONTAINER_TYPE, _BLOB_TYPE)}
