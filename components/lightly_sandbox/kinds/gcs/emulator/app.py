"""The gate: one call from request to answer. Nothing is done for anybody who was not authenticated and judged."""

import sys
import threading
import traceback
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from lightly_sandbox.kinds.gcs.emulator.account_api import fresh_pair
from lightly_sandbox.kinds.gcs.emulator.call import Call, read
from lightly_sandbox.kinds.gcs.emulator.caller import Caller
from lightly_sandbox.kinds.gcs.emulator.control import PREFIX, Control
from lightly_sandbox.kinds.gcs.emulator.errors import Dialect, RefusedError, answer, json_response
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext, World
from lightly_sandbox.kinds.gcs.emulator.routes import NEEDS_PAIR, Route, dialect_of, route
from lightly_sandbox.kinds.gcs.emulator.signed_url import from_signed_url
from lightly_sandbox.lightly.counts import Counts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class App:
    """The WSGI application. Calls are carried out one at a time: a verdict must not go stale before the deed."""

    def __init__(self, nonce: str, administrators: dict[str, str]) -> None:
        self.world = World(administrators)
        self._counts = Counts()
        self._control = Control(nonce, self._counts, self.world.faults)
        self._one_at_a_time = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return self._respond(Request(environ))(environ, start_response)

    def _respond(self, request: Request) -> Response:
        head, dialect = request.method == "HEAD", dialect_of(request.path)
        try:
            call = read(request)
        except RefusedError as refused:
            return answer(refused, dialect, head=head)
        if call.path == PREFIX or call.path.startswith(f"{PREFIX}/"):
            return self._control.answer(call)
        self.world.faults.delay()
        request_context = RequestContext(self.world, call)
        try:
            return self._token(request_context) if dialect is Dialect.OAUTH else self._call(request_context)
        except RefusedError as refused:
            return answer(refused, dialect_of(call.path), head=head)
        except Exception as error:
            # the frames only: a message could hold what was sent
            print(f"{type(error).__name__} at {call.method} {call.path}", file=sys.stderr)
            traceback.print_tb(error.__traceback__)
            broken = RefusedError(
                500, "backendError", "We encountered an internal error. Please try again.", "InternalError"
            )
            return answer(broken, dialect_of(call.path), head=head)
        finally:
            who = request_context.caller.email or "unauthenticated"
            self._counts.add(request_context.action, who)
            self._counts.ask(request_context.asked, who)

    def _call(self, request_context: RequestContext) -> Response:
        with self._one_at_a_time:
            request_context.caller = self._caller(request_context.call)
        found: Route = route(request_context.call)
        if found.handler is NEEDS_PAIR:
            request_context.pair = fresh_pair(request_context)
        with self._one_at_a_time:
            return found.run(request_context)

    def _caller(self, call: Call) -> Caller:
        signed = from_signed_url(call, self.world.tokens, self.world.clock)
        return signed or self.world.tokens.authenticate(call.headers.get("authorization", ""))

    def _token(self, request_context: RequestContext) -> Response:
        """The token endpoint."""
        request_context.action = "oauth2.token"
        self.world.faults.fail(request_context.action)
        if request_context.call.method != "POST":
            raise RefusedError(405, "invalid_request", "expected POST")
        with self._one_at_a_time:
            return json_response(200, self.world.tokens.exchange(request_context.call.form()))
