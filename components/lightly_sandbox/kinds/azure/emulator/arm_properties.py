"""The properties that Resource Manager takes here, and the values that the local Azure can do justice to.

Source: https://learn.microsoft.com/rest/api/storagerp/storage-accounts/create.
"""

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
