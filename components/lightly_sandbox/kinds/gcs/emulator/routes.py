"""Which call goes where."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.emulators.routes import Routes, UnknownCallError
from lightly_sandbox.kinds.gcs.emulator import (
    account_api,
    bucket_api,
    object_api,
    project_api,
    role_api,
    upload_api,
    xml_api,
    xml_uploads,
)
from lightly_sandbox.kinds.gcs.emulator.call import Call
from lightly_sandbox.kinds.gcs.emulator.errors import Dialect, RefusedError, not_implemented
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext

Handler = Callable[..., Answer]
_STORAGE, _UPLOAD, _IAM = "/storage/v1/b", "/upload/storage/v1/b/{}/o", "/v1/projects/{}"
_ACCOUNT, _ROLE = f"{_IAM}/serviceAccounts/{{}}", f"{_IAM}/roles/{{}}"


@dataclass(frozen=True, slots=True)
class Route:
    """A call that was recognised: what answers it, and with what."""

    handler: Handler
    names: tuple[str, ...]

    def run(self, context: RequestContext) -> Answer:
        """The answer. Raises RefusedError."""
        return self.handler(context, *self.names)


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
    ("POST", _IAM + ":testIamPermissions", role_api.test_permissions),
    ("POST", _IAM + ":getIamPolicy", project_api.get_policy),
    ("POST", _IAM + ":setIamPolicy", project_api.set_policy),
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


TOKEN_INFO = "/tokeninfo"  # noqa: S105 - a path
_ROUTES = Routes((*_JSON, *_IAM_ROUTES), segment="[^/:]+")
NEEDS_PAIR = account_api.create_key


def dialect_of(path: str) -> Dialect:
    """How errors of this path are written."""
    if path in ("/token", TOKEN_INFO):
        return Dialect.OAUTH
    if path.startswith(("/storage/v1/", "/upload/storage/v1/", "/download/storage/v1/")):
        return Dialect.STORAGE
    return Dialect.IAM if path.startswith("/v1/") else Dialect.XML


def route(call: Call) -> Route:
    """Raises RefusedError for a call that the local cloud does not know."""
    try:
        if dialect_of(call.path) is Dialect.XML:
            return _xml_route(call)
        return Route(*_ROUTES.find(call.method, call.path))
    except UnknownCallError as unknown:
        raise not_implemented(str(unknown)) from None
    except UnicodeDecodeError as error:
        raise RefusedError(400, "invalid", "The specified object name is not valid.", "InvalidURI") from error


def _xml_route(call: Call) -> Route:
    bucket, _, name = call.path.lstrip("/").partition("/")
    names = tuple(unquote(part, errors="strict") for part in ((bucket, name) if name else (bucket,)))
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
    return Route(handler, names)
