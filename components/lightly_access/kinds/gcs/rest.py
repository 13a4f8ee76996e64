"""REST calls to Google Cloud with the login of whoever runs this.

The login is what is given, GOOGLE_OAUTH_ACCESS_TOKEN (`gcloud auth print-access-token`), GOOGLE_CREDENTIALS, or what
google-auth finds (https://google-auth.readthedocs.io/en/latest/reference/google.auth.html), in the order of Google's
provider (https://github.com/hashicorp/terraform-provider-google: website/docs/guides/provider_reference.html.markdown).
STORAGE_EMULATOR_HOST stands for all of Google's endpoints at once
(https://cloud.google.com/go/docs/reference/cloud.google.com/go/storage/latest).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from lightly_api.bounded import bounded
from lightly_core.lightly_rules import LOOPBACK_HOSTS
from lightly_core.secret import Secret

from lightly_access.once import Once

STORAGE = "https://storage.googleapis.com"
READ_ONLY = "https://www.googleapis.com/auth/cloud-platform.read-only"
READ_WRITE = "https://www.googleapis.com/auth/cloud-platform"
_SECONDS = urllib3.Timeout(connect=5, read=30)
_AT_ONCE = 8


class NoLoginError(RuntimeError):
    """There is no login of Google Cloud."""


class Rest:
    """Asks as whoever runs this, or as `login` says: `accessToken`, `credentials` (a key file or its text),
    `impersonate` (the service account to act as)."""

    def __init__(self, environ: Mapping[str, str], scope: str, login: Mapping[str, str] | None = None) -> None:
        self._environ, self._scope, self._given = environ, scope, login or {}
        retries = urllib3.Retry(2, redirect=False)
        self._http = bounded(urllib3.PoolManager(maxsize=_AT_ONCE, retries=retries, timeout=_SECONDS))
        self._once = Once()

    def ask(self, method: str, base: str, path: str, query: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """Status and JSON of an answer. Raises NoLoginError, or urllib3's HTTPError."""
        url = f"{emulator(self._environ) or base}{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self.token().reveal()}"}
        answer = self._http.request(method, url, headers=headers, json={} if method == "POST" else None)
        try:
            return answer.status, answer.json()
        except ValueError:
            return answer.status, {}

    def ask_once(self, method: str, base: str, path: str, query: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """Of a question that reads, the answer that somebody had before: what is there, or that it is not."""
        question = (method, base, path, *sorted((query or {}).items()))
        known = (200, 404)
        return self._once(question, lambda: self.ask(method, base, path, query), lambda answer: answer[0] in known)

    def token(self) -> Secret:
        """What the login is exchanged for, once. Raises NoLoginError, or urllib3's HTTPError."""
        return self._once("token", lambda: Secret(self._login()))

    def _login(self) -> str:
        token = self._given.get("accessToken")
        file = self._given.get("credentials")
        if not (token or file):
            token, file = (self._environ.get(name) for name in ("GOOGLE_OAUTH_ACCESS_TOKEN", "GOOGLE_CREDENTIALS"))
        actor = self._given.get("impersonate")
        if token and not actor:
            return token
        try:
            import google.auth.exceptions
        except ModuleNotFoundError:
            raise NoLoginError("google-auth is not installed: pip install 'lightly-access[gcp]'") from None
        try:
            return _exchanged(token, file, actor, self._scope)
        except google.auth.exceptions.TransportError:
            raise urllib3.exceptions.HTTPError("no connection to exchange the login") from None
        except (google.auth.exceptions.GoogleAuthError, OSError, ValueError):  # their words may show a key file
            raise NoLoginError("gcloud auth application-default login, or set GOOGLE_OAUTH_ACCESS_TOKEN") from None


def _exchanged(token: str | None, file: str | None, actor: str | None, scope: str) -> str:
    """What google-auth gives for it. Raises its errors, and those of a file that is none."""
    import google.auth
    from google.auth import impersonated_credentials
    from google.auth.transport.urllib3 import Request
    from google.oauth2.credentials import Credentials

    auth: Any = google.auth  # google-auth is partly without types
    issued: Any
    if token:
        made: Any = Credentials
        issued = made(token)
    elif file:
        text = file if file.lstrip().startswith("{") else Path(file).read_text("utf-8")
        issued, _ = auth.load_credentials_from_dict(json.loads(text), scopes=[scope])
    else:
        issued, _ = auth.default(scopes=[scope])
    if actor:
        acting: Any = impersonated_credentials.Credentials
        issued = acting(issued, target_principal=actor, target_scopes=[scope])
    request: Any = Request
    issued.refresh(request(bounded(urllib3.PoolManager(timeout=_SECONDS))))
    return str(issued.token)


def emulator(environ: Mapping[str, str]) -> str | None:
    """What stands for Google's endpoints; where the login goes in the clear, it goes to this machine only.

    Raises NoLoginError.
    """
    host = environ.get("STORAGE_EMULATOR_HOST")
    if not host:
        return None
    url = host if "://" in host else f"http://{host}"
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK_HOSTS:
        raise NoLoginError(
            "STORAGE_EMULATOR_HOST is plain http on another machine: the login would be readable on the way"
        )
    return url.rstrip("/")
