"""moto, called in process: one authorised operation in, its answer out.

moto reads a request more loosely than AWS (headers or form fields become parameters when there is no query; the account
follows a header). So it never sees the client's request but one that is written here from what was authorised.
"""

from collections.abc import Mapping
from typing import Any

from moto.core.exceptions import HTTPException
from moto.core.request import Request
from moto.iam.access_control import PermissionResult
from moto.iam.exceptions import EntityAlreadyExists
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse
from moto.kms.models import kms_backends
from moto.kms.responses import KmsResponse
from moto.s3.models import FakeBucket, FakeDeleteMarker
from moto.s3.responses import S3Response

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.s3.emulator.call import Call, canonical_path, canonical_query
from lightly_sandbox.kinds.s3.emulator.caller import Caller
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.operation import Operation

_PASSED = (
    "content-type",
    "content-md5",
    "content-language",
    "content-disposition",
    "cache-control",
    "expires",
    "range",
)
_PASSED_PREFIXES = ("x-amz-", "if-")
_DROPPED = (
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-decoded-content-length",
    "x-amz-trailer",
)


class _Request(Request):  # type: ignore[misc]  # moto has no types that mypy may follow
    """moto's request, without parsing bodies as forms (an uploaded object may say that it is one)."""

    want_form_data_parsed = False


class _S3(S3Response):  # type: ignore[misc]  # moto has no types that mypy may follow
    """moto's S3, with bucket and key as the gateway read them."""

    def parse_bucket_name_from_url(self, request: Any, url: str) -> str:
        return str(request.environ["gateway.bucket"])

    def parse_key_name(self) -> str:
        return str(self.request.environ["gateway.key"])


def disarm() -> None:
    """Take out of the way what moto gets wrong.

    Its own look at bucket policies denies too much (any Deny, whoever asks), and it cannot delete the last version of a
    key when that version is a delete marker. A user or group that is renamed or moved loses what hangs on its name.
    """
    FakeBucket.get_permission = lambda *_: PermissionResult.NEUTRAL
    FakeDeleteMarker.dispose = lambda *_: None
    IAMBackend.update_user = _update_user
    IAMBackend.update_group = _update_group


def make_key(arn: str) -> None:
    """A KMS key of this ARN, as its owner made it: KMS chooses the id of a key itself, so no call makes one."""
    _, _, _, region, account, key = arn.split(":")
    backend = kms_backends[account][region]
    made = backend.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "made elsewhere", None)
    del backend.keys[made.id]
    made.id, made.arn = key.removeprefix("key/"), arn
    backend.keys[made.id] = made


def _update_user(backend: Any, user_name: str, new_path: str | None = None, new_user_name: str | None = None) -> None:
    """Its tags hang on its ARN, its keys on its name."""
    user = backend.get_user(user_name)
    name = new_user_name or user_name
    if name != user_name and name in backend.users:
        raise EntityAlreadyExists(f"User {name} already exists")
    before, user.path, user.name = user.arn, new_path or user.path, name
    backend.users[name] = backend.users.pop(user_name)
    if user.arn != before:
        backend.tagger.copy_tags(before, user.arn)
        backend.tagger.delete_all_tags_for_resource(before)
    for key in user.access_keys:
        key.user_name = name


def _update_group(backend: Any, group_name: str, new_group_name: str | None, new_path: str | None) -> None:
    """moto moves a group only when it renames it."""
    group = backend.get_group(group_name)
    name = new_group_name or group_name
    if name != group_name and name in backend.groups:
        raise EntityAlreadyExists(f"Group {name} already exists")
    group.path, group.name = new_path or group.path, name
    backend.groups[name] = backend.groups.pop(group_name)


def s3(operation: Operation, call: Call, caller: Caller, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Carry out an S3 operation; `headers` are added to those of the call."""
    passed = {
        call.header_names[name]: value
        for name, value in call.headers.items()
        if (name in _PASSED or name.startswith(_PASSED_PREFIXES)) and name not in _DROPPED
    }
    encoding = [part.strip() for part in call.headers.get("content-encoding", "").split(",")]
    if kept := ", ".join(part for part in encoding if part not in ("", "aws-chunked")):
        passed["Content-Encoding"] = kept
    kept_query = canonical_query(
        call.query, [name for name in call.query if name.startswith("X-Amz-") or name == "x-id"]
    )
    path = canonical_path(call.path) + (f"?{kept_query}" if kept_query else "")
    request = _request("s3", operation, caller, call.method, path, {**passed, **headers}, body)
    request.environ |= {"gateway.bucket": operation.bucket, "gateway.key": operation.key}
    return _run(_S3.key_dispatch if operation.key else _S3.bucket_dispatch, request, operation)


def iam(operation: Operation, caller: Caller, body: bytes) -> Answer:
    """Carry out an IAM operation; `body` holds its parameters."""
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return _run(IamResponse.dispatch, _request("iam", operation, caller, "POST", "/", headers, body), operation)


def kms(operation: Operation, caller: Caller, body: bytes) -> Answer:
    """Carry out a KMS operation; `body` is JSON."""
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"TrentService.{operation.name}"}
    return _run(KmsResponse.dispatch, _request("kms", operation, caller, "POST", "/", headers, body), operation)


def _request(
    service: str, operation: Operation, caller: Caller, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> Any:
    region = operation.region or "us-east-1"
    scope = f"{caller.access_key_id or 'A' * 20}/20200101/{region}/{service}/aws4_request"
    written = {
        **headers,
        "Content-Length": str(len(body)),
        "x-moto-account-id": operation.account,
        "User-Agent": "gateway",
        # moto takes a request without this header for an anonymous one; it reads the key and the region
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}",
    }
    kind = _Request if service == "s3" else Request
    request = kind.from_primitives(method, f"http://{service}.{region}.amazonaws.com{path}", written, body)
    request.from_wsgi_server = True
    return request


def _run(dispatch: Any, request: Any, operation: Operation) -> Answer:
    try:
        status, headers, body = dispatch(request, request.raw_url, request.headers)
    except HTTPException as error:
        status, headers, body = error.code, dict(error.get_headers() or []), error.get_body()
    except NotImplementedError as error:
        raise RefusedError(
            "NotImplemented", f"{operation.action} is not part of the local AWS: {error}", 501
        ) from error
    data = body.encode() if isinstance(body, str) else bytes(body)
    kept = {str(name): str(value) for name, value in headers.items() if str(name).lower() not in ("status", "server")}
    return Answer(int(status), kept, data)
