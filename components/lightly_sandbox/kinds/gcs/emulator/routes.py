"""Which call goes where. Path segments are percent-decoded one by one, since a name may hold `%2F`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from werkzeug.wrappers import Response

from lightly_sandbox.kinds.gcs.emulator import (
    account_api,
    bucket_api,
    object_api,
    role_api,
    upload_api,
    xml_api,
    xml_uploads,
)
from lightly_sandbox.kinds.gcs.emulator.call import Call
from lightly_sandbox.kinds.gcs.emulator.errors import Dialect, RefusedError, not_implemented
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext

Handler = Callable[..., Response]
_STORAGE, _UPLOAD, _IAM = "/storage/v1/b", "/upload/storage/v1/b/{}/o", "/v1/projects/{}"
_ACCOUNT, _ROLE = f"{_IAM}/serviceAccounts/{{}}", f"{_IAM}/roles/{{}}"


@dataclass(frozen=True, slots=True)
class Route:
    """A call that was recognised: what answers it, with what, and how its errors are written."""

    handler: Handler
    names: tuple[str, ...]
    dialect: Dialect

    def run(self, request_context: RequestContext) -> Response:
        """The answer. Raises RefusedError."""
        return self.handler(request_context, *self.names)


_JSON: tuple[tuple[str, str, Handler], ...] = (
    ("POST", _STORAGE, bucket_api.insert),
    ("GET", _STORAGE, bucket_api.listing),
    ("GET", _STORAGE + "/{}", bucket_api.get),
    ("PATCH", _STORAGE + "/{}", bucket_api.patch),
    ("DELETE", _STORAGE + "/{}", bucket_api.delete),
    ("GET", _STORAGE + "/{}/iam", bucket_api.get_policy),
    ("PUT", _STORAGE + "/{}/iam", bucket_api.set_policy),
    ("GET", _STORAGE + "/{}/iam/testPermissions", bucket_api.test_permissions),
    ("GET", _STORAGE + "/{}/o", object_api.listing),
    ("GET", _STORAGE + "/{}/o/{}", object_api.get),
    ("PATCH", _STORAGE + "/{}/o/{}", object_api.patch),
    ("DELETE", _STORAGE + "/{}/o/{}", object_api.delete),
    ("POST", _STORAGE + "/{}/o/{}/rewriteTo/b/{}/o/{}", object_api.rewrite),
    ("POST", _STORAGE + "/{}/o/{}/copyTo/b/{}/o/{}", object_api.copy),
    ("GET", "/download/storage/v1/b/{}/o/{}", object_api.download),
    ("POST", _UPLOAD, upload_api.insert),
    ("PUT", _UPLOAD, upload_api.resume),
    ("DELETE", _UPLOAD, upload_api.cancel),
)
_IAM_ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", _IAM + "/serviceAccounts", account_api.create),
    ("GET", _IAM + "/serviceAccounts", account_api.listing),
    ("GET", _ACCOUNT, account_api.get),
    ("PATCH", _ACCOUNT, account_api.patch),
    ("DELETE", _ACCOUNT, account_api.delete),
    ("POST", _ACCOUNT + ":disable", account_api.disable),
    ("POST", _ACCOUNT + ":enable", account_api.enable),
    ("POST", _ACCOUNT + "/keys", account_api.create_key),
    ("GET", _ACCOUNT + "/keys", account_api.list_keys),
    ("GET", _ACCOUNT + "/keys/{}", account_api.get_key),
    ("DELETE", _ACCOUNT + "/keys/{}", account_api.delete_key),
    ("POST", _ACCOUNT + "/keys/{}:disable", account_api.disable_key),
    ("POST", _ACCOUNT + "/keys/{}:enable", account_api.enable_key),
    ("POST", _IAM + "/roles", role_api.create),
    ("GET", _IAM + "/roles", role_api.listing),
    ("GET", _ROLE, role_api.get),
    ("PATCH", _ROLE, role_api.patch),
    ("DELETE", _ROLE, role_api.delete),
    ("POST", _ROLE + ":undelete", role_api.undelete),
)


def _compile(routes: Any, dialect: Dialect) -> list[tuple[str, re.Pattern[str], Handler, Dialect]]:
    return [(method, re.compile(path.replace("{}", "([^/:]+)")), handler, dialect) for method, path, handler in routes]


_TABLE = _compile(_JSON, Dialect.STORAGE) + _compile(_IAM_ROUTES, Dialect.IAM)
NEEDS_PAIR = account_api.create_key


def dialect_of(path: str) -> Dialect:
    """How errors of this path are written."""
    if path == "/token":
        return Dialect.OAUTH
    if re.match(r"/((upload|download)/)?storage/v1/", path):
        return Dialect.STORAGE
    return Dialect.IAM if path.startswith("/v1/") else Dialect.XML


def route(call: Call) -> Route:
    """Raises RefusedError for a call that the local cloud does not know."""
    dialect = dialect_of(call.path)
    if dialect is Dialect.XML:
        return _xml_route(call)
    for method, pattern, handler, its in _TABLE:
        if method == call.method and (match := pattern.fullmatch(call.path)):
            return Route(handler, tuple(_decoded(it) for it in match.groups()), its)
    raise not_implemented(f"{call.method} {call.path}")


def _xml_route(call: Call) -> Route:
    bucket, _, name = call.path.lstrip("/").partition("/")
    names = (_decoded(bucket), _decoded(name)) if name else (_decoded(bucket),)
    handler: Handler | None = None
    if not bucket or not name:
        handler = {"GET": xml_api.listing, "HEAD": xml_api.head_bucket}.get(call.method) if bucket else None
        if call.method == "GET" and call.query.get("list-type", "2") != "2":
            handler = None
    elif "uploads" in call.query:
        handler = xml_uploads.begin if call.method == "POST" else None
    elif "uploadId" in call.query:
        uploads = {"PUT": xml_uploads.part, "POST": xml_uploads.complete, "DELETE": xml_uploads.abort}
        handler = uploads.get(call.method)
    else:
        objects = {"GET": xml_api.get, "HEAD": xml_api.get, "PUT": xml_api.put, "DELETE": xml_api.delete}
        handler = objects.get(call.method)
    if handler is None:
        raise not_implemented(f"{call.method} {call.path}")
    return Route(handler, names, Dialect.XML)


def _decoded(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise RefusedError(400, "invalid", "The specified object name is not valid.", "InvalidURI") from error
