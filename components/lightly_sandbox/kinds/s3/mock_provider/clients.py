"""Clients of the local AWS, made once for each configuration, region and service, and shared between threads.

One layer of retries for each kind of failure: throttling, 5xx and broken connections are botocore's (standard mode);
states of AWS that pass by waiting are `work.py`'s. No code is in both.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.credentials import Credentials
from lightly_access.kinds.s3.no_redirects import without_redirects

from lightly_sandbox.kinds.s3.mock_provider.assumed import Role, become, session_of

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient

_CONFIG = Config(
    connect_timeout=5,
    read_timeout=60,
    max_pool_connections=64,
    tcp_keepalive=True,
    retries={"mode": "standard", "total_max_attempts": 4},
    s3={"addressing_style": "path"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    parameter_validation=False,  # AWS refuses, in its own words
    user_agent_extra="lightly-access-rehearsal",
)
WAIT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Key:
    """Whose requests these are, and where they go."""

    endpoint: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    roles: tuple[Role, ...] = ()
    """Assumed one after the other before anything is done."""
    default_tags: tuple[tuple[str, str], ...] = ()
    max_retries: int | None = None
    """Of one call, instead of ours: `maxRetries` of the provider."""

    @property
    def config(self) -> Config:
        if self.max_retries is None:
            return _CONFIG
        return _CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": self.max_retries + 1}))


class AwsClients:
    """Those of one configuration."""

    def __init__(self, key: Key, wait_seconds: float = WAIT_SECONDS) -> None:
        self._key, self._wait_seconds = key, wait_seconds
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._boto: boto3.Session | None = None
        self._identity: Mapping[str, Any] | None = None

    @property
    def region(self) -> str:
        return self._key.region

    @property
    def default_tags(self) -> Mapping[str, str]:
        return dict(self._key.default_tags)

    def client(self, service: str, region: str) -> Any:
        """The shared client of a service."""
        with self._lock:  # making clients is not thread-safe in boto3; using them is
            if self._boto is None:
                self._boto = self._signed_in()
            if (service, region) not in self._clients:
                made = self._boto.client(  # type: ignore[call-overload] # any of four services
                    service, region_name=region, endpoint_url=self._key.endpoint, config=self._key.config
                )
                self._clients[service, region] = without_redirects(made)
            return self._clients[service, region]

    def sign_in(self) -> None:
        """Become the roles now. Raises RefusedError, which names the role that cannot be assumed."""
        if self._key.roles:
            self.identity()

    def _signed_in(self) -> boto3.Session:
        key = self._key
        login = Credentials(key.access_key_id, key.secret_access_key, key.session_token)

        def client(service: str, **credentials: str) -> Any:
            made = boto3.Session(region_name=key.region)
            return made.client(service, endpoint_url=key.endpoint, config=key.config, **credentials)  # type: ignore[call-overload] # sts alone

        return boto3.Session(botocore_session=session_of(become(login, key.roles, client), key.region))

    def s3(self, region: str) -> "S3Client":
        """S3 in a region."""
        client: S3Client = self.client("s3", region)
        return client

    def kms(self, region: str) -> "KMSClient":
        client: KMSClient = self.client("kms", region)
        return client

    def iam(self) -> "IAMClient":
        client: IAMClient = self.client("iam", self.region)
        return client

    def sts(self) -> "STSClient":
        client: STSClient = self.client("sts", self.region)
        return client

    def identity(self) -> Mapping[str, Any]:
        """Who we are to AWS (sts:GetCallerIdentity), asked once."""
        if self._identity is None:
            self._identity = self.sts().get_caller_identity()
        return self._identity
