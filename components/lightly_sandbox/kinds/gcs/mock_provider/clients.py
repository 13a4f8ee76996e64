"""Clients of the local Google Cloud, shared between threads: one pool, one bearer, one layer of retries for each kind.

Answers that say "try again" (429, 5xx) and connections that were never made are urllib3's; states of Google that pass
by waiting are `work.py`'s. A request whose answer was lost is not sent twice: it may have had an effect.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import urllib3

from lightly_sandbox.kinds.gcs.mock_provider.errors import ApiError

WAIT_SECONDS = 120.0
_RETRIES = urllib3.Retry(
    total=4,
    read=0,
    redirect=0,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=None,
    backoff_factor=0.1,
    backoff_jitter=0.1,
    raise_on_status=False,
)


@dataclass(frozen=True, slots=True)
class Access:
    """Whose requests these are, where they go, and the project of what names none."""

    endpoint: str
    project: str
    token: str = field(repr=False)


class GoogleClients:
    """Those of one configuration."""

    region = ""

    def __init__(self, access: Access, wait_seconds: float = WAIT_SECONDS) -> None:
        self._access, self._wait_seconds = access, wait_seconds
        self._pool = urllib3.PoolManager(maxsize=64, retries=_RETRIES, timeout=urllib3.Timeout(connect=5, read=60))
        self._policies: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @property
    def project(self) -> str:
        return self._access.project

    def policy_lock(self, bucket: str) -> threading.Lock:
        """Changes of one bucket's policy from here go one after the other, as the provider's do (`GetMutexKey`)."""
        with self._lock:
            return self._policies.setdefault(bucket, threading.Lock())

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None = None,
        query: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Any:
        """The JSON of an answer; None for an empty one. Raises ApiError."""
        headers = {"Authorization": f"Bearer {self._access.token}", "Content-Type": content_type}
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        url = f"{self._access.endpoint}{path}"
        answer = self._pool.request(method, f"{url}?{urlencode(query)}" if query else url, body=data, headers=headers)
        if answer.status >= 300:
            raise ApiError.of(answer.status, answer.data)
        return json.loads(answer.data) if answer.data else None
