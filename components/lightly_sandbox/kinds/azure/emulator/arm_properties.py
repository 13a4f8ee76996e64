"""The properties that Resource Manager takes here, and the values that the local Azure can do justice to.

Sources: https://learn.microsoft.com/rest/api/storagerp/storage-accounts/create (kinds and their skus, policies of
keys and tokens), https://learn.microsoft.com/rest/api/storagerp/blob-services/set-service-properties (days: 1 to 365),
https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations and, for features of a
hierarchical namespace, https://learn.microsoft.com/azure/storage/blobs/storage-feature-support-in-storage-accounts.
"""

import re
from collections.abc import Mapping
from typing import Any

from lightly_sandbox.kinds.azure.emulator.messages import RefusedError, not_implemented

SKUS = (
    "Standard_LRS",
    "Standard_ZRS",
    "Standard_GRS",
    "Standard_GZRS",
    "Standard_RAGRS",
    "Standard_RAGZRS",
    "Premium_LRS",
    "Premium_ZRS",
)

# A type stands for all its values, a tuple for these, a mapping for an object of such fields.
PROPERTIES: Mapping[str, Any] = {
    "accessTier": ("Hot", "Cool", "Cold", "Premium"),
    "allowBlobPublicAccess": bool,
    "allowCrossTenantReplication": bool,
    "allowSharedKeyAccess": bool,
    "defaultToOAuthAuthentication": bool,
    "isHnsEnabled": bool,
    "keyPolicy": {"keyExpirationPeriodInDays": int},
    "minimumTlsVersion": ("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"),
    "publicNetworkAccess": ("Enabled",),
    "sasPolicy": {"expirationAction": ("Log",), "sasExpirationPeriod": str},
    "supportsHttpsTrafficOnly": bool,
}
DEFAULTS: Mapping[str, Any] = {
    "accessTier": "Hot",
    "allowBlobPublicAccess": False,
    "allowCrossTenantReplication": False,
    "encryption": {
        "keySource": "Microsoft.Storage",
        "services": {name: {"enabled": True, "keyType": "Account"} for name in ("blob", "file")},
    },
    "isHnsEnabled": False,
    "minimumTlsVersion": "TLS1_0",
    "supportsHttpsTrafficOnly": True,
}
_RETENTION = {"enabled": bool, "days": int, "allowPermanentDelete": bool}
BLOB_SERVICE: Mapping[str, Any] = {
    "containerDeleteRetentionPolicy": _RETENTION,
    "deleteRetentionPolicy": _RETENTION,
    "isVersioningEnabled": bool,
}

_DAYS = range(1, 366)
_PERIOD = re.compile(r"\d{1,5}\.([01]\d|2[0-3]):[0-5]\d:[0-5]\d")
_TAGS, _TAG_NAME, _TAG_VALUE = 50, 128, 256
_TAG_RESERVED = ("microsoft", "azure", "windows")
_SKUS_OF = {
    "StorageV2": SKUS[:7],
    "BlobStorage": ("Standard_LRS", "Standard_GRS", "Standard_RAGRS"),
    "BlockBlobStorage": ("Premium_LRS", "Premium_ZRS"),
}


def check_tags(tags: Mapping[str, Any]) -> None:
    """Raises RefusedError for tags that Resource Manager does not take."""
    for name, value in tags.items():
        if not name or len(name) > _TAG_NAME or re.search(r"[<>%&\\?/]", name):
            raise RefusedError("InvalidTagNameCharacters", f"The tag name '{name[:40]}' has reserved characters.", 400)
        if name.lower().startswith(_TAG_RESERVED):
            raise RefusedError("ReservedTagName", f"The tag name '{name}' begins with a reserved word.", 400)
        if not isinstance(value, str) or len(value) > _TAG_VALUE:
            raise RefusedError("InvalidTagValueLength", f"The value of tag '{name}' is longer than {_TAG_VALUE}.", 400)
    if len(tags) > _TAGS:
        raise RefusedError("InvalidTags", f"A resource has {_TAGS} tags at most.", 400)
    if len({name.lower() for name in tags}) != len(tags):
        raise RefusedError("InvalidTags", "Tag names differ by more than case.", 400)


def check_account(kind: str, sku: str, properties: Mapping[str, Any]) -> None:
    """Raises RefusedError for what does not go together in an account."""
    if sku not in _SKUS_OF[kind]:
        raise RefusedError("InvalidSku", f"The sku '{sku}' is not valid for an account of kind {kind}.", 400)
    if properties.get("isHnsEnabled") and kind == "BlobStorage":
        raise RefusedError("AccountPropertyIsInvalid", "The value 'True' of isHnsEnabled is not valid.", 400)
    days = (properties.get("keyPolicy") or {}).get("keyExpirationPeriodInDays", 1)
    period = (properties.get("sasPolicy") or {}).get("sasExpirationPeriod", "1.00:00:00")
    if days < 1 or not _PERIOD.fullmatch(period):
        raise RefusedError("InvalidRequestPropertyValue", "A period of a key or of a token is not valid.", 400)


def check_blob_service(properties: Mapping[str, Any], *, hierarchical: bool) -> None:
    """Raises RefusedError for what the blob service of an account cannot be set to."""
    for name in ("containerDeleteRetentionPolicy", "deleteRetentionPolicy"):
        policy = properties.get(name) or {}
        if (policy.get("enabled") or "days" in policy) and policy.get("days", 0) not in _DAYS:
            message = f"The value '{policy.get('days')}' of {name}.days is not valid: expected 1 to 365."
            raise RefusedError("InvalidRequestPropertyValue", message, 400)
    if hierarchical and properties.get("isVersioningEnabled"):
        message = "Blob versioning is not supported for accounts with a hierarchical namespace."
        raise RefusedError("FeatureNotSupportedForAccount", message, 400)


def checked(known: Mapping[str, Any], given: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """What is given, nulls left out. Raises RefusedError for what is not known, naming its path."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        where = f"{path}{name}"
        if value is None:
            continue
        if name not in known:
            raise not_implemented(f"the property {where}")
        expected = known[name]
        if isinstance(expected, Mapping):
            if not isinstance(value, Mapping):
                raise RefusedError("InvalidRequestPropertyValue", f"The value of property '{where}' is no object.", 400)
            found[name] = checked(expected, value, f"{where}.")
        elif isinstance(expected, tuple):
            if value not in expected:
                raise not_implemented(f"the value {value!r} of the property {where}")
            found[name] = value
        elif type(value) is not expected:
            message = f"The value '{value}' is not a valid value for property '{where}'."
            raise RefusedError("InvalidRequestPropertyValue", message, 400)
        else:
            found[name] = value
    return found
