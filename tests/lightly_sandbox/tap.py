"""Stands between Pulumi's engine and a provider that runs: hands all on, and lets a test look, or answer itself."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # The details of an error are metadata; Pulumi's engine, written in Go, takes as many.
    ("grpc.max_metadata_size", 16 << 20),
    ("grpc.absolute_max_metadata_size", 16 << 20),
]
Hook = Callable[[str, bytes], bytes | None]


class Tap(grpc.GenericRpcHandler):
    """One provider. A hook is told a method's name, as in `Create`, and the request; or, of `failed`, the error.

    What `before` returns is the answer, and the provider is not asked; what `after` returns takes the answer's place. A
    hook that raises ConnectionResetError is the provider's death: there is no answer.
    """

    def __init__(
        self,
        port: int,
        *,
        before: Hook | None = None,
        after: Hook | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        self._to, self._before, self._after, self._failed = port, before, after, failed
        self._channels: dict[str, grpc.Channel] = {}
        self._lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(32), options=_OPTIONS)
        self._server.add_generic_rpc_handlers((self,))
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        method = handler_call_details.method
        return grpc.unary_unary_rpc_method_handler(lambda request, context: self._pass(method, request, context))

    def stop(self) -> None:
        self._server.stop(0).wait()
        for channel in self._channels.values():
            channel.close()

    def _pass(self, method: str, request: bytes, context: grpc.ServicerContext) -> Any:
        try:
            return self._answered(method, request, context)
        except ConnectionResetError:
            context.abort(grpc.StatusCode.UNAVAILABLE, "error reading from server: EOF")

    def _answered(self, method: str, request: bytes, context: grpc.ServicerContext) -> Any:
        name = method.rpartition("/")[2]
        if self._before and (answer := self._before(name, request)) is not None:
            return answer
        try:
            call: Any = self._channel(context.peer()).unary_unary(method)
            answer = call(request)
        except grpc.RpcError as error:
            failure: Any = error
            if self._failed:
                self._failed(failure.details())
            context.set_trailing_metadata(failure.trailing_metadata())
            context.abort(failure.code(), failure.details())
        instead = self._after(name, request) if self._after else None
        return answer if instead is None else instead

    def _channel(self, peer: str) -> grpc.Channel:
        """One for each of the engine's: a mock provider tells by them which of its configurations is meant."""
        with self._lock:
            if peer not in self._channels:
                self._channels[peer] = grpc.insecure_channel(f"127.0.0.1:{self._to}", options=_OPTIONS)
            return self._channels[peer]
