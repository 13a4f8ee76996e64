"""The gateway: one call from request to answer. Nothing is done for anybody who was not let in."""

import threading

from lightly_sandbox.emulators.control import Control
from lightly_sandbox.emulators.counts import Counts
from lightly_sandbox.emulators.messages import Answer, Request, json_answer
from lightly_sandbox.kinds.gcs.emulator.account_api import fresh_pair
from lightly_sandbox.kinds.gcs.emulator.call import Call, read
from lightly_sandbox.kinds.gcs.emulator.caller import Caller
from lightly_sandbox.kinds.gcs.emulator.errors import Dialect, RefusedError, answer
from lightly_sandbox.kinds.gcs.emulator.request_context import Cloud, RequestContext
from lightly_sandbox.kinds.gcs.emulator.routes import NEEDS_PAIR, TOKEN_INFO, dialect_of, route
from lightly_sandbox.kinds.gcs.emulator.signed_url import from_signed_url


class Gateway:
    """Calls are carried out one at a time: a verdict must not go stale before the deed."""

    def __init__(self, nonce: str, administrators: dict[str, str]) -> None:
        self.cloud = Cloud(administrators)
        self._counts = Counts()
        self._control = Control("gcs", nonce, self._counts, self.cloud.faults)
        self._one_at_a_time = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """The answer to any call; refusals are answers too."""
        if controlled := self._control.answer(request):
            return controlled
        dialect = dialect_of(request.path)
        try:
            call = read(request)
        except RefusedError as refused:
            return answer(refused, dialect)
        self.cloud.faults.delay()
        context = RequestContext(self.cloud, call)
        try:
            return self._token(context) if dialect is Dialect.OAUTH else self._call(context)
        except RefusedError as refused:
            return answer(refused, dialect_of(call.path))
        finally:
            who = context.caller.email or "unauthenticated"
            self._counts.add(who, context.action, *context.asked)

    def _call(self, context: RequestContext) -> Answer:
        with self._one_at_a_time:
            context.caller = self._caller(context.call)
        found = route(context.call)
        if found.handler is NEEDS_PAIR:
            context.pair = fresh_pair(context)
        with self._one_at_a_time:
            return found.run(context)

    def _caller(self, call: Call) -> Caller:
        signed = from_signed_url(call, self.cloud.tokens, self.cloud.clock)
        return signed or self.cloud.tokens.authenticate(call.headers.get("authorization", ""))

    def _token(self, context: RequestContext) -> Answer:
        if context.call.path == TOKEN_INFO:
            return self._token_info(context)
        context.action = "oauth2.token"
        self.cloud.faults.fail(context.action)
        if context.call.method != "POST":
            raise RefusedError(405, "invalid_request", "expected POST")
        with self._one_at_a_time:
            return json_answer(200, self.cloud.tokens.exchange(context.call.form()))

    def _token_info(self, context: RequestContext) -> Answer:
        """Whose token it is: what google-auth-library-nodejs asks in `getTokenInfo`."""
        context.action = "oauth2.tokeninfo"
        try:
            with self._one_at_a_time:
                context.caller = self._caller(context.call)
        except RefusedError:
            raise RefusedError(400, "invalid_token", "Invalid Value") from None
        if not context.caller.kind:
            raise RefusedError(400, "invalid_request", "Required parameter is missing")
        scopes = " ".join(sorted(context.caller.scopes))
        return json_answer(200, {"azp": "1", "email": context.caller.email, "scope": scopes})
