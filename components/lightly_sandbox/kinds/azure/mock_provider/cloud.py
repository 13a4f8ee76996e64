"""The local Azure as a cloud: which provider settings it takes, and a session for each set of them.

Source of the names: https://www.pulumi.com/registry/packages/azure-native/api-docs/provider/.
"""

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lightly_core.pulumi_values import UNKNOWN, Value

from lightly_sandbox.kinds.azure.mock_provider.errors import explain
from lightly_sandbox.kinds.azure.mock_provider.invokes import FUNCTIONS
from lightly_sandbox.kinds.azure.mock_provider.session import AzureSession, Place
from lightly_sandbox.kinds.azure.mock_provider.table import TYPES
from lightly_sandbox.mock_providers import settings as settings_
from lightly_sandbox.mock_providers.check import Failure
from lightly_sandbox.mock_providers.sdk import Sdk
from lightly_sandbox.mock_providers.server import Serving, serve

SDK = Sdk("pulumi_azure_native")

_TEXTS = frozenset({"clientId", "environment", "location", "subscriptionId", "tenantId"})
_PUBLIC = "public"
# How the real provider finds its credential, and what it tells Microsoft: without a managed identity the deployer's
# token is used.
_OTHERS = frozenset({"disableInstanceDiscovery", "disablePulumiPartnerId", "useDefaultAzureCredential", "useMsi"})


class AzureCloud:
    """The table, the settings and the sessions of the mock provider for `azure-native`."""

    package = "azure-native"
    sdk = SDK
    types = TYPES
    functions = FUNCTIONS

    def __init__(self, default: Place) -> None:
        self._default = default
        self._sessions: dict[Place, AzureSession] = {}
        self._lock = threading.Lock()

    def check_settings(self, settings: Mapping[str, Value]) -> list[Failure]:
        """Settings that are not implemented are refused by name."""
        given = settings_.given(settings)
        failures = settings_.check("azure-native", SDK, given, texts=_TEXTS, others=_OTHERS)
        if given.get("environment", _PUBLIC) not in (_PUBLIC, UNKNOWN):
            failures.append(Failure("environment", f"got another cloud than `{_PUBLIC}`, which is the local one"))
        if given.get("clientId") and not given.get("useMsi"):
            failures.append(
                Failure("clientId", "got an application, and only a managed identity (useMsi) logs in here")
            )
        return failures

    def open(self, settings: Mapping[str, Any]) -> AzureSession:
        client = settings.get("clientId")
        place = replace(
            self._default,
            token=self._default.of_identity(client) if client else self._default.token,
            location=settings.get("location") or self._default.location,
            subscription=settings.get("subscriptionId") or self._default.subscription,
            tenant=settings.get("tenantId") or self._default.tenant,
        )
        with self._lock:
            session = self._sessions.setdefault(place, AzureSession(place))
        session.begin()
        return session

    def explain(self, error: Exception) -> str | None:
        return explain(error)


def mock_provider(settings: Mapping[str, Any]) -> Serving:
    """Serve the mock provider in this process.

    `settings`: endpoint (Resource Manager), data_endpoint, ca_file, subscription, tenant, token of the deployer, and
    identity, the two variables by which managed identities get theirs.
    """
    names = ("endpoint", "data_endpoint", "ca_file", "subscription", "tenant", "token", "identity")
    return serve(AzureCloud(Place(location="", **{name: settings[name] for name in names})))
