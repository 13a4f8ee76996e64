"""The local AWS as a cloud: which provider settings it takes, and a session for each set of them.

The settings that the process was started with say where the local AWS is and whose key is used unless a provider
resource brings one. Source of the names: https://www.pulumi.com/registry/packages/aws/api-docs/provider/.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from lightly_core.pulumi_values import Unknown, Value

from lightly_sandbox.kinds.s3.mock_provider import assumed
from lightly_sandbox.kinds.s3.mock_provider.clients import WAIT_SECONDS, Key
from lightly_sandbox.kinds.s3.mock_provider.errors import explain
from lightly_sandbox.kinds.s3.mock_provider.invokes import FUNCTIONS
from lightly_sandbox.kinds.s3.mock_provider.provider_settings import default_tags, max_retries
from lightly_sandbox.kinds.s3.mock_provider.session import AwsSession
from lightly_sandbox.kinds.s3.mock_provider.table import TYPES
from lightly_sandbox.mock_providers import settings as settings_
from lightly_sandbox.mock_providers.check import Failure
from lightly_sandbox.mock_providers.sdk import Sdk
from lightly_sandbox.mock_providers.server import Serving, serve

SDK = Sdk("pulumi_aws")
# Checks of the real provider against the real AWS; there is nothing to skip here, and the local AWS needs path style.
_HARMLESS = frozenset(
    {
        "s3UsePathStyle",
        "skipCredentialsValidation",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "skipRequestingAccountId",
        # A profile is a login of the user's own; in a rehearsal everybody is logged in to the local AWS.
        "profile",
    }
)
_READ: dict[str, Callable[[object], object]] = {"defaultTags": default_tags, "maxRetries": max_retries}
_TEXTS = frozenset({"region", "accessKey", "secretKey", "token"})


class AwsCloud:
    """The table, the settings and the sessions of the mock provider for `aws`."""

    package = "aws"
    sdk = SDK
    types = TYPES
    functions = FUNCTIONS

    def __init__(self, default: Key, wait_seconds: float = WAIT_SECONDS) -> None:
        self._default, self._wait_seconds = default, wait_seconds
        self._sessions: dict[Key, AwsSession] = {}
        self._lock = threading.Lock()

    def check_settings(self, settings: Mapping[str, Value]) -> list[Failure]:
        """Settings that are not implemented are refused by name; a key comes whole."""
        given = settings_.given(settings)
        failures = settings_.check("aws", SDK, given, texts=_TEXTS, others=_HARMLESS | {assumed.SETTING, *_READ})
        roles = given.get(assumed.SETTING)
        if roles is not None and not isinstance(roles, Unknown):
            failures += assumed.check(roles)
        for name, read in _READ.items():
            if name in given and not isinstance(given[name], Unknown):
                try:
                    read(given[name])
                except ValueError as error:
                    failures.append(Failure(name, str(error)))
        for name, other in (("accessKey", "secretKey"), ("secretKey", "accessKey"), ("token", "accessKey")):
            if name in given and other not in given:
                failures.append(Failure(other, f"missing `aws:{other}`, expected it beside `aws:{name}`"))
        return failures

    def open(self, settings: Mapping[str, Any]) -> AwsSession:
        """The session of these settings. A provider resource with its own key does not inherit ours; one that assumes
        roles starts from ours unless it brings one. Raises RefusedError for a role that cannot be assumed."""
        given = settings_.given(settings)
        own = "accessKey" in given
        key = Key(
            endpoint=self._default.endpoint,
            region=given.get("region", self._default.region),
            access_key_id=given["accessKey"] if own else self._default.access_key_id,
            secret_access_key=given["secretKey"] if own else self._default.secret_access_key,
            session_token=given.get("token") if own else self._default.session_token,
            roles=assumed.roles(given.get(assumed.SETTING, [])),
            default_tags=default_tags(given.get("defaultTags", {})),
            max_retries=max_retries(given["maxRetries"]) if "maxRetries" in given else None,
        )
        with self._lock:
            session = self._sessions.setdefault(key, AwsSession(key, self._wait_seconds))
        session.sign_in()
        return session

    def explain(self, error: Exception) -> str | None:
        return explain(error)


def mock_provider(settings: Mapping[str, Any], wait_seconds: float = WAIT_SECONDS) -> Serving:
    """Serve the mock provider in this process. `settings`: endpoint, region, access_key_id, secret_access_key.

    `wait_seconds` is how many seconds an operation waits for a state of AWS that passes.
    """
    key = Key(settings["endpoint"], settings["region"], settings["access_key_id"], settings["secret_access_key"])
    return serve(AwsCloud(key, wait_seconds))
