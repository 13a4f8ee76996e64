"""One exchange with a cloud's REST API: through the proxy of the environment, without retries and redirects."""

import time
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from lightly_api.bounded import bounded
from lightly_core.lightly_rules import LOOPBACK_HOSTS
from lightly_core.secret import Secret

from lightly_access.doctor import clock
from lightly_access.doctor.finding import ClockReading, NotReachedError

_SECONDS = urllib3.Timeout(connect=4, read=8)


class CertificateError(Exception):
    """The server's certificate is not accepted; the text names the server."""


def ask(
    method: str, url: str, login: Secret, clocks: list[ClockReading], body: object = None
) -> tuple[int, dict[str, Any]]:
    """Status and JSON of the answer, whose Date is read into `clocks`. Raises NotReachedError or CertificateError."""
    parts, before = urlsplit(url), time.time()
    where = parts.netloc
    headers = {"Authorization": f"Bearer {login.reveal()}"}
    more: Any = {} if method == "GET" else {"json": body or {}}
    try:
        answer = _pool(parts.scheme, parts.hostname or "").request(
            method, url, headers=headers, timeout=_SECONDS, retries=False, redirect=False, **more
        )
    except urllib3.exceptions.SSLError:
        raise CertificateError(f"the TLS certificate of {where} is not accepted") from None
    except urllib3.exceptions.HTTPError:
        raise NotReachedError(where, "no connection") from None
    if reading := clock.reading(where, answer.headers.get("date"), before, time.time()):
        clocks.append(reading)
    try:
        found = answer.json()
    except ValueError:
        found = {}
    return answer.status, found if isinstance(found, dict) else {}


def _pool(scheme: str, host: str) -> urllib3.PoolManager:
    proxy = getproxies().get(scheme)
    if proxy and host not in LOOPBACK_HOSTS and not proxy_bypass(host):
        return bounded(urllib3.ProxyManager(proxy))
    return bounded(urllib3.PoolManager())
