"""The local Google Cloud as a cloud: which provider settings it takes, and a session for each set of them.

The settings that the process was started with say where it is, and whose token and project are used unless a provider
resource brings its own. Source of the names: https://www.pulumi.com/registry/packages/gcp/api-docs/provider/.
"""

import threading
from collections.abc import Mapping
from typing import Any

from lightly_core.pulumi_values import Value

from lightly_sandbox.kinds.gcs.mock_provider.clients import WAIT_SECONDS, Access
from lightly_sandbox.kinds.gcs.mock_provider.errors import explain
from lightly_sandbox.kinds.gcs.mock_provider.session import GoogleSession
from lightly_sandbox.kinds.gcs.mock_provider.table import TYPES
from lightly_sandbox.mock_providers import settings as settings_
from lightly_sandbox.mock_providers.check import Failure
from lightly_sandbox.mock_providers.resource import Function
from lightly_sandbox.mock_providers.sdk import Sdk
from lightly_sandbox.mock_providers.server import Serving, serve

SDK = Sdk("pulumi_gcp")
_TEXTS = frozenset({"accessToken", "project", "region", "zone"})


class GoogleCloud:
    """The table, the settings and the sessions of the mock provider for `gcp`."""

    package = "gcp"
    sdk = SDK
    types = TYPES
    functions: Mapping[str, Function] = {}

    def __init__(self, default: Access, wait_seconds: float = WAIT_SECONDS) -> None:
        self._default, self._wait_seconds = default, wait_seconds
        self._sessions: dict[Access, GoogleSession] = {}
        self._lock = threading.Lock()

    def check_settings(self, settings: Mapping[str, Value]) -> list[Failure]:
        """Settings that are not implemented are refused by name."""
        return settings_.check("gcp", SDK, settings_.given(settings), texts=_TEXTS)

    def open(self, settings: Mapping[str, Any]) -> GoogleSession:
        access = Access(
            self._default.endpoint,
            settings.get("project") or self._default.project,
            settings.get("accessToken") or self._default.token,
        )
        with self._lock:
            return self._sessions.setdefault(access, GoogleSession(access, self._wait_seconds))

    def explain(self, error: Exception) -> str | None:
        return explain(error)


def mock_provider(settings: Mapping[str, Any], wait_seconds: float = WAIT_SECONDS) -> Serving:
    """Serve the mock provider in this process. `settings`: endpoint, project, token.

    `wait_seconds` is how many seconds an operation waits for a state of Google that passes.
    """
    return serve(GoogleCloud(Access(settings["endpoint"], settings["project"], settings["token"]), wait_seconds))
