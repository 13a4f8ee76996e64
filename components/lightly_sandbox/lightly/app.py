"""HTTP in front of the service: routes, the token, faults, errors.

The token travels as `?token=` (lightly 1.5.26, security scheme `ApiKeyAuth`), so no URL with its query is ever
logged. A fault with a status or an answer strikes before anything has an effect, as what stands before an API does; a
dropped connection strikes after.
"""

import hmac
import json
import socket
import sys
import time
import traceback
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from lightly_sandbox.lightly.calls import CALLS, ROUTES, Call
from lightly_sandbox.lightly.control import PREFIX, Control
from lightly_sandbox.lightly.counts import Counts
from lightly_sandbox.lightly.errors import ApiError, Code, code_for
from lightly_sandbox.lightly.faults import Fault, Faults
from lightly_sandbox.lightly.reach import Reach
from lightly_sandbox.lightly.service import Asked, Service, id_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_LARGEST_BODY = 1 << 20
_IDS = ("dataset_id", "worker_id")


class App:
    """The WSGI application."""

    def __init__(self, nonce: str, token: str, reach: Reach, *, mask_secrets: bool = False) -> None:
        self._token = token
        self._service = Service(reach)
        self._faults = Faults(mask_secrets=mask_secrets)
        self._counts = Counts()
        self._control = Control(nonce, self._service, self._faults, self._counts)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = _LARGEST_BODY
        try:
            response = self._respond(request)
        except ApiError as error:
            response = _json(error.status, error.body())
        except RequestEntityTooLarge:
            response = _json(413, ApiError(413, Code.PAYLOAD_TOO_LARGE, "the body is larger than 1 MiB").body())
            response.headers["Connection"] = "close"
        except Exception as error:
            # The frames only: a message could hold what was sent.
            print(f"{type(error).__name__} at {request.method} {request.path}", file=sys.stderr)
            traceback.print_tb(error.__traceback__)
            response = _plain(500)
        return response(environ, start_response)

    def _respond(self, request: Request) -> Response:
        body = request.get_data()
        if request.path == PREFIX or request.path.startswith(f"{PREFIX}/"):
            nonce = request.headers.get("X-Sandbox-Nonce", "")
            return _json(*self._control.handle(request.method, request.path, nonce, body))
        call, path = _route(request)
        parameters = {name: request.args.getlist(name) for name in request.args}
        tokens = parameters.pop("token", [])
        known = len(tokens) == 1 and hmac.compare_digest(tokens[0].encode(), self._token.encode())
        self._counts.add(call.name, "user" if known else "anonymous")
        fault = self._faults.take(call.name)
        time.sleep(self._faults.latency + ((fault.delay_ms or 0.0) / 1000 if fault else 0.0))
        if fault and fault.echo:
            return self._echoed(fault.status, request, path.get("dataset_id", ""))
        if fault and (fault.status or fault.has_answer):
            return _forced(fault)
        asked = Asked(path, parameters, body, self._faults.mask_secrets)
        try:
            response = self._answer(call, asked, known, request.mimetype)
        finally:
            if fault and fault.drop:
                _hang_up(request.environ)
        return response

    def _echoed(self, status: int | None, request: Request, dataset_id: str) -> Response:
        """A refusal, or a red verification, that repeats the request and what is registered with its dataset."""
        known = self._service.state.datasets.get(dataset_id)
        registered = [source.json_value() for source in known.datasources.values()] if known else []
        said = f"{request.url} {request.get_data(as_text=True)} {json.dumps(registered)}"
        if status is None:
            refused = dict.fromkeys(("canList", "canRead", "canWrite", "canOverwrite"), False)
            return _json(200, {**refused, "errors": dict.fromkeys(refused, said)})
        return _json(status, {"code": "BAD_REQUEST", "error": said})

    def _answer(self, call: Call, asked: Asked, known: bool, mimetype: str) -> Response:
        if call.token and not known:
            raise ApiError(401, Code.UNAUTHORIZED, "the token is missing or not valid")
        for noun in _IDS:
            if noun in asked.path:
                id_of(noun, asked.path[noun])
        if call.method in ("POST", "PUT") and mimetype != "application/json":
            raise ApiError(400, Code.BAD_REQUEST, "the body must be application/json")
        return _json(*call.run(self._service, asked))


def _route(request: Request) -> tuple[Call, dict[str, str]]:
    try:
        name, path = ROUTES.bind_to_environ(request.environ).match()
    except HTTPException:
        raise ApiError(404, Code.NOT_FOUND, f"there is no {request.method} {request.path}") from None
    return CALLS[name], dict(path)


def _forced(fault: Fault) -> Response:
    """A refusal or an answer that a fault dictates."""
    status = fault.status or 200
    if fault.has_answer:
        response = _json(status, fault.answer)
    elif code := code_for(status):
        response = _json(status, ApiError(status, code, f"forced by a fault of the sandbox: {status}").body())
    else:
        response = _plain(status)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def _hang_up(environ: Mapping[str, Any]) -> None:
    """Close the connection under the response, so that the caller gets none."""
    connection = environ["werkzeug.socket"]
    assert isinstance(connection, socket.socket)
    connection.shutdown(socket.SHUT_RDWR)


def _json(status: int, value: Any) -> Response:
    text = "" if value is None else json.dumps(value, ensure_ascii=False)
    return Response(text, status=status, mimetype="application/json")


def _plain(status: int) -> Response:
    """What a load balancer says in the API's place: no JSON, no code."""
    reason = Response(status=status).status
    return Response(f"<html><body><h1>{reason}</h1></body></html>", status=status, mimetype="text/html")
