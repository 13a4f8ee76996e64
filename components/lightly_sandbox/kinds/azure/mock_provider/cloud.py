"""The local Azure as a cloud: which provider settings it takes, and a session for each set of them.

Source of the names: https://www.pulumi.com/registry/packages/azure-native/api-docs/provider/.
"""

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lightly_core.pulumi_values import Unknown, Value, plain

from lightly_sandbox.kinds.azure.mock_provider.errors import explain
from lightly_sandbox.kinds.azure.mock_provider.invokes import FUNCTIONS
from lightly_sandbox.kinds.azure.mock_provider.session import AzureSession, Place
from lightly_sandbox.kinds.azure.mock_provider.table import TYPES
from lightly_sandbox.mock_providers.check import Failure
from lightly_sandbox.mock_providers.server import Serving, serve

VERSION = "3.29.0"

_TAKEN = frozenset({"location", "subscriptionId", "tenantId"})
# How the real provider finds its credential, and what it tells Microsoft: the local deployer's token is always used.
_HARMLESS = frozenset({"disableInstanceDiscovery", "disablePulumiPartnerId", "useDefaultAzureCredential"})
REFUSED = frozenset(
    {
        "auxiliaryTenantIds",
        "clientCertificatePassword",
        "clientCertificatePath",
        "clientId",
        "clientSecret",
        "environment",
        "metadataHost",
        "msiEndpoint",
        "oidcRequestToken",
        "oidcRequestUrl",
        "oidcToken",
        "oidcTokenFilePath",
        "partnerId",
        "useMsi",
        "useOidc",
    }
)
SETTINGS = _TAKEN | _HARMLESS


class AzureCloud:
    """The table, the settings and the sessions of the stand-in for `azure-native`."""

    package = "azure-native"
    version = VERSION
    types = TYPES
    functions = FUNCTIONS

    def __init__(self, default: Place) -> None:
        self._default = default
        self._sessions: dict[Place, AzureSession] = {}
        self._lock = threading.Lock()

    def check_settings(self, settings: Mapping[str, Value]) -> list[Failure]:
        """Settings that are not implemented are refused by name."""
        failures = []
        for name, value in settings.items():
            if plain(value) in (None, "", "false", "[]"):
                continue
            if name in REFUSED:
                reason = f"the stand-in does not implement the provider setting `azure-native:{name}`"
                failures.append(Failure(name, reason))
            elif name not in SETTINGS:
                failures.append(Failure(name, f"unknown provider setting `azure-native:{name}`"))
            elif name in _TAKEN and not isinstance(plain(value), str | Unknown):
                failures.append(Failure(name, f"got something else than a text for `azure-native:{name}`"))
        return failures

    def open(self, settings: Mapping[str, Any]) -> AzureSession:
        """The session of these settings."""
        place = replace(
            self._default,
            location=settings.get("location") or self._default.location,
            subscription=settings.get("subscriptionId") or self._default.subscription,
            tenant=settings.get("tenantId") or self._default.tenant,
        )
        with self._lock:
            return self._sessions.setdefault(place, AzureSession(place))

    def explain(self, error: Exception) -> str | None:
        """Azure's code and words."""
        return explain(error)


def stand_in(settings: Mapping[str, Any]) -> Serving:
    """Serve the stand-in in this process.

    `settings`: endpoint (Resource Manager), data_endpoint, ca_file, subscription, tenant, token of the deployer.
    """
    names = ("endpoint", "data_endpoint", "ca_file", "subscription", "tenant", "token")
    return serve(AzureCloud(Place(location="", **{name: settings[name] for name in names})))
