"""HTTP in front of the service: routes, the token, faults, errors.

The token travels as `?token=` (lightly 1.5.26, security scheme `ApiKeyAuth`), so no URL with its query is ever
logged. A fault with a status or an answer strikes before anything has an effect, as what stands before an API does; a
dropped connection strikes after.
"""

import hmac
import json
from http.client import responses
from urllib.parse import parse_qs

from lightly_sandbox.emulators.counts import Counts
from lightly_sandbox.emulators.messages import Answer, Request, json_answer
from lightly_sandbox.emulators.routes import UnknownCallError
from lightly_sandbox.lightly.calls import CALLS, ROUTES, Call
from lightly_sandbox.lightly.control import Control
from lightly_sandbox.lightly.errors import ApiError, Code, code_for
from lightly_sandbox.lightly.faults import Fault, Faults
from lightly_sandbox.lightly.service import Asked, Service, id_of
from lightly_sandbox.lightly.storage import Storages

LARGEST_BODY = 1 << 20
_JSON = {"Content-Type": "application/json"}
_IDS = ("dataset_id", "worker_id")


class App:
    """The API of one local Lightly."""

    def __init__(self, nonce: str, token: str, storages: Storages, *, mask_secrets: bool = False) -> None:
        self._token = token
        self._service = Service(storages)
        self._faults = Faults(CALLS, mask_secrets=mask_secrets)
        self._counts = Counts()
        self._control = Control(nonce, self._service, self._faults, self._counts)

    def __call__(self, request: Request) -> Answer | None:
        """The answer to one request; None when a fault drops it."""
        try:
            return self._control.answer(request) or self._respond(request)
        except ApiError as error:
            return json_answer(error.status, error.body())

    def _respond(self, request: Request) -> Answer | None:
        if not request.complete:
            raise ApiError(413, Code.PAYLOAD_TOO_LARGE, "the body is larger than 1 MiB")
        call, path = _route(request)
        parameters = parse_qs(request.target.partition("?")[2], keep_blank_values=True)
        tokens = parameters.pop("token", [])
        known = len(tokens) == 1 and hmac.compare_digest(tokens[0].encode(), self._token.encode())
        self._counts.add("user" if known else "anonymous", call.name)
        fault = self._faults.take(call.name)
        self._faults.delay(fault)
        if fault and fault.echo:
            return self._echoed(fault.status, request, path.get("dataset_id", ""))
        if fault and (fault.status or fault.has_answer):
            return _forced(fault)
        asked = Asked(path, parameters, request.body, self._faults.mask_secrets)
        try:
            answer = self._answer(call, asked, known, request.header("content-type"))
        except ApiError:
            if fault and fault.drop:
                return None
            raise
        return None if fault and fault.drop else answer

    def _echoed(self, status: int | None, request: Request, dataset_id: str) -> Answer:
        """A refusal, or a red verification, that repeats the request and what is registered with its dataset."""
        known = self._service.state.datasets.get(dataset_id)
        registered = [source.json_value() for source in known.datasources.values()] if known else []
        said = f"{request.target} {request.body.decode(errors='replace')} {json.dumps(registered)}"
        if status is None:
            refused = dict.fromkeys(("canList", "canRead", "canWrite", "canOverwrite"), False)
            return json_answer(200, {**refused, "errors": dict.fromkeys(refused, said)})
        return json_answer(status, {"code": "BAD_REQUEST", "error": said})

    def _answer(self, call: Call, asked: Asked, known: bool, content_type: str) -> Answer:
        if call.token and not known:
            raise ApiError(401, Code.UNAUTHORIZED, "the token is missing or not valid")
        for noun in _IDS:
            if noun in asked.path:
                id_of(noun, asked.path[noun])
        mimetype = content_type.partition(";")[0].strip().lower()
        if call.method in ("POST", "PUT") and mimetype != "application/json":
            raise ApiError(400, Code.BAD_REQUEST, "the body must be application/json")
        status, value = call.run(self._service, asked)
        return Answer(status, dict(_JSON)) if value is None else json_answer(status, value)


def _route(request: Request) -> tuple[Call, dict[str, str]]:
    try:
        call, names = ROUTES.find(request.method, request.path)
    except (UnknownCallError, UnicodeDecodeError):
        raise ApiError(404, Code.NOT_FOUND, f"there is no {request.method} {request.path}") from None
    return call, call.names(names)


def _forced(fault: Fault) -> Answer:
    """A refusal or an answer that a fault dictates."""
    status = fault.status or 200
    if fault.has_answer:
        answer = Answer(status, dict(_JSON)) if fault.answer is None else json_answer(status, fault.answer)
    elif code := code_for(status):
        answer = json_answer(status, ApiError(status, code, f"forced by a fault of the sandbox: {status}").body())
    else:
        answer = _plain(status)
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def _plain(status: int) -> Answer:
    """What a load balancer says in the API's place: no JSON, no code."""
    reason = f"{status} {responses.get(status, 'UNKNOWN')}"
    body = f"<html><body><h1>{reason}</h1></body></html>".encode()
    return Answer(status, {"Content-Type": "text/html; charset=utf-8"}, body)
