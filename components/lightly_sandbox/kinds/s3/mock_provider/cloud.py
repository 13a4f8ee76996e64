"""The local AWS as a cloud: which provider settings it takes, and a session for each set of them.

The settings that the process was started with say where the local AWS is and whose key is used unless a provider
resource brings one. Source of the names: https://www.pulumi.com/registry/packages/aws/api-docs/provider/.
"""

import json
import threading
from collections.abc import Mapping
from typing import Any

from lightly_core.pulumi_values import Unknown, Value, plain

from lightly_sandbox.kinds.s3.mock_provider import assumed
from lightly_sandbox.kinds.s3.mock_provider.errors import explain
from lightly_sandbox.kinds.s3.mock_provider.invokes import FUNCTIONS
from lightly_sandbox.kinds.s3.mock_provider.session import PATIENCE_SECONDS, AwsSession, Key
from lightly_sandbox.kinds.s3.mock_provider.table import TYPES
from lightly_sandbox.mock_providers.check import Failure
from lightly_sandbox.mock_providers.server import Serving, serve

VERSION = "7.51.1"

# Checks of the real provider against the real AWS; there is nothing to skip here, and the local AWS needs path style.
_HARMLESS = frozenset(
    {
        "s3UsePathStyle",
        "skipCredentialsValidation",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "skipRequestingAccountId",
    }
)
_TEXTS = frozenset({"region", "accessKey", "secretKey", "token"})
REFUSED = frozenset(
    {
        "allowedAccountIds",
        "assumeRoleWithWebIdentity",
        "customCaBundle",
        "defaultTags",
        "ec2MetadataServiceEndpoint",
        "ec2MetadataServiceEndpointMode",
        "endpoints",
        "forbiddenAccountIds",
        "httpProxy",
        "httpsProxy",
        "ignoreTags",
        "insecure",
        "maxRetries",
        "noProxy",
        "profile",
        "retryMode",
        "s3UsEast1RegionalEndpoint",
        "sharedConfigFiles",
        "sharedCredentialsFiles",
        "stsRegion",
        "tagPolicyCompliance",
        "tokenBucketRateLimiterCapacity",
        "useDualstackEndpoint",
        "useFipsEndpoint",
        "userAgents",
    }
)
SETTINGS = _TEXTS | _HARMLESS | {assumed.SETTING}


class AwsCloud:
    """The table, the settings and the sessions of the stand-in for `aws`."""

    package = "aws"
    version = VERSION
    types = TYPES
    functions = FUNCTIONS

    def __init__(self, default: Key, retry_policy: float = PATIENCE_SECONDS) -> None:
        self._default, self._patience = default, retry_policy
        self._sessions: dict[Key, AwsSession] = {}
        self._lock = threading.Lock()

    def check_settings(self, settings: Mapping[str, Value]) -> list[Failure]:
        """Settings that are not implemented are refused by name; a key comes whole."""
        given = {name: plain(value) for name, value in settings.items() if not _empty(plain(value))}
        failures = []
        for name, value in given.items():
            if name in REFUSED:
                failures.append(Failure(name, f"the stand-in does not implement the provider setting `aws:{name}`"))
            elif name not in SETTINGS:
                failures.append(Failure(name, f"unknown provider setting `aws:{name}`"))
            elif name in _TEXTS and not isinstance(value, str | Unknown):
                failures.append(Failure(name, f"got something else than a text for `aws:{name}`"))
            elif name == assumed.SETTING and not isinstance(value, Unknown):
                failures += assumed.check(value)
        for name, other in (("accessKey", "secretKey"), ("secretKey", "accessKey"), ("token", "accessKey")):
            if name in given and other not in given:
                failures.append(Failure(other, f"missing `aws:{other}`, expected it beside `aws:{name}`"))
        return failures

    def open(self, settings: Mapping[str, Any]) -> AwsSession:
        """The session of these settings. A provider resource with its own key does not inherit ours; one that assumes
        roles starts from ours unless it brings one. Raises RefusedError for a role that cannot be assumed."""
        given = {name: value for name, value in settings.items() if not _empty(value)}
        own = "accessKey" in given
        key = Key(
            endpoint=self._default.endpoint,
            region=given.get("region", self._default.region),
            access_key_id=given["accessKey"] if own else self._default.access_key_id,
            secret_access_key=given["secretKey"] if own else self._default.secret_access_key,
            session_token=given.get("token") if own else self._default.session_token,
            roles=assumed.roles(given.get(assumed.SETTING, [])),
        )
        with self._lock:
            session = self._sessions.setdefault(key, AwsSession(key, self._patience))
        session.sign_in()
        return session

    def explain(self, error: Exception) -> str | None:
        """AWS's code and words."""
        return explain(error)


def _empty(value: object) -> bool:
    """Whether a setting says nothing.

    The SDK sends lists and objects as JSON text, and `null` for what is not given.
    """
    if isinstance(value, str) and value.startswith(("[", "{", "null")):
        try:
            value = json.loads(value)
        except ValueError:
            return False
    return value is None or value in ("", [], {})


def stand_in(settings: Mapping[str, Any], retry_policy: float = PATIENCE_SECONDS) -> Serving:
    """Serve the stand-in in this process. `settings`: endpoint, region, access_key_id, secret_access_key.

    `patience` is how many seconds an operation waits for a state of AWS that passes.
    """
    key = Key(settings["endpoint"], settings["region"], settings["access_key_id"], settings["secret_access_key"])
    return serve(AwsCloud(key, retry_policy))
