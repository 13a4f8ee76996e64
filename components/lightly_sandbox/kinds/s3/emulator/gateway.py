"""The gateway: one call from request to answer. Nothing reaches moto but what was authenticated and authorised here."""

import threading
from dataclasses import replace
from email.utils import format_datetime

from lightly_sandbox.emulators.control import Control
from lightly_sandbox.emulators.messages import Answer, Request
from lightly_sandbox.kinds.s3.emulator import moto_backends
from lightly_sandbox.kinds.s3.emulator.call import SERVICES, Call, read
from lightly_sandbox.kinds.s3.emulator.errors import Protocol, RefusedError, answer, not_implemented, unauthenticated
from lightly_sandbox.kinds.s3.emulator.local_aws import LocalAws
from lightly_sandbox.kinds.s3.emulator.request_context import RequestContext
from lightly_sandbox.kinds.s3.emulator.signature import MalformedSignatureError, SignatureInfo, signature_info


class Gateway(LocalAws):
    """The way of a call through it.

    Calls are carried out one at a time: moto's stores are not made for threads, and a verdict must not go stale
    between permission and deed.
    """

    def __init__(self, nonce: str, accounts: tuple[str, ...]) -> None:
        super().__init__(accounts)
        self._control = Control("aws", nonce, self.counts, self.faults)
        self._one_at_a_time = threading.Lock()
        moto_backends.disarm()

    def secure(self, request: Request) -> Answer:
        """What the port answers that stands for AWS's TLS endpoint: the machine's loopback takes the place of TLS."""
        return self._control.answer(request) or self._dated(self._whole(request, secure=True))

    def plain(self, request: Request) -> Answer:
        """What the port for unencrypted HTTP answers, so that policies about transport can be shown to bite."""
        return self._dated(self._whole(request, secure=False))

    def _dated(self, answered: Answer) -> Answer:
        """With the cloud's own time, which a test may have moved."""
        date = format_datetime(self.clock.date(), usegmt=True)
        others = {name: value for name, value in answered.headers.items() if name.lower() != "date"}
        return replace(answered, headers={**others, "Date": date})

    def _whole(self, request: Request, *, secure: bool) -> Answer:
        try:
            return self._answer(read(request, secure=secure))
        except RefusedError as refused:
            return answer(refused, Protocol.REST_XML, "s3", request.path, head=request.method == "HEAD")

    def _answer(self, call: Call) -> Answer:
        """The answer to a call that was read; refusals are answers too."""
        self.faults.delay()
        service, protocol = "s3", Protocol.REST_XML
        context = RequestContext(self, call)
        try:
            claimed = _claim(call)
            if claimed:
                service = claimed.service
                if service not in SERVICES:
                    raise not_implemented(f"the service {service}")
                protocol = SERVICES[service]
            with self._one_at_a_time:
                return self._admitted(context, claimed, service, protocol)
        except RefusedError as refused:
            return answer(refused, protocol, service, call.path, head=call.method == "HEAD")
        finally:
            self.counts.add(context.who, context.action)

    def _admitted(
        self, context: RequestContext, claimed: SignatureInfo | None, service: str, protocol: Protocol
    ) -> Answer:
        if claimed:
            self.faults.not_yet_known(claimed.access_key_id, protocol)
        caller = self.authenticator.authenticate(context.call, claimed, protocol)
        return context.go(service, protocol, claimed, caller)


def _claim(call: Call) -> SignatureInfo | None:
    protocol = Protocol.JSON if "x-amz-target" in call.headers else Protocol.REST_XML
    if call.headers.get("authorization", "").startswith("AWS ") or "AWSAccessKeyId" in call.query:
        message = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
        raise RefusedError("InvalidRequest", message, 400)
    try:
        return signature_info(call)
    except MalformedSignatureError as fault:
        raise unauthenticated("malformed", protocol, str(fault)) from fault
