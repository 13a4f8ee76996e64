"""The gRPC side of the provider: requests in, the handler of their type, answers and clean errors out.

Nothing here knows Lightly. No traceback and no request leaves: an error is one sentence, scrubbed of every secret that
the process was given. Protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
"""

import functools
import json
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from lightly_api.client import LightlyApi
from lightly_api.errors import ProviderError, StoppedError, TokenMissingError
from lightly_api.retry import RetryPolicy
from lightly_api.transport import Transport
from lightly_core.pulumi_struct import from_struct, to_struct
from lightly_core.pulumi_values import Properties
from lightly_core.scrub import Scrubber
from lightly_core.version import VERSION
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from lightly_provider.answers import checked_answer, difference
from lightly_provider.blame import blaming
from lightly_provider.engine_log import EngineLog
from lightly_provider.failures import abort, cleanly
from lightly_provider.handlers import HANDLERS
from lightly_provider.handlers.handler import Call as HandlerCall
from lightly_provider.handlers.handler import Diff as Difference
from lightly_provider.handlers.handler import Handler, KeepsNames, Remembers
from lightly_provider.learned import learn
from lightly_provider.schema import schema
from lightly_provider.settings import Settings, changed_server

THREADS = 128
INPUTS, OLD_INPUTS, OUTPUTS = "the inputs", "the inputs in the state", "the outputs in the state"
_OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)]


class LightlyProvider(provider_pb2_grpc.ResourceProviderServicer):
    """The servicer. `environ`, `transport` and `retry_policy` may be replaced by a test's."""

    def __init__(
        self,
        *,
        engine: str = "",
        environ: Mapping[str, str] | None = None,
        transport: Transport | None = None,
        retry_policy: RetryPolicy | None = None,
        handlers: Mapping[str, Handler] = HANDLERS,
    ) -> None:
        self.stop = threading.Event()
        self.scrubber = Scrubber()
        self._log = EngineLog(self.scrubber)
        self._settings = Settings(os.environ if environ is None else environ)
        self.scrubber.learn(*self._settings.secrets())
        self._transport, self._handlers = transport, handlers
        self._retry_policy = retry_policy or RetryPolicy(sleep=self._pause)
        self._api: LightlyApi | None = None
        self._lock = threading.Lock()
        self._told = False
        self._log.connect(engine)

    # --- the plugin

    @cleanly
    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._begin(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=False, accept_outputs=False)

    @cleanly
    def Attach(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._begin(request.address)
        return Empty()

    @cleanly
    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    @cleanly
    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema()))

    @cleanly
    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.stop.set()
        return Empty()

    # --- its configuration

    @cleanly
    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        checked = self._settings.check(request.urn, self._open(request.news))
        self.scrubber.learn(*self._settings.secrets())
        return checked_answer(checked, self.scrubber, without=("token",))

    @cleanly
    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        changed = changed_server(self._open(request.old_inputs), self._open(request.news))
        return difference(Difference(frozenset({"serverLocation"} if changed else ())), {}, {})

    @cleanly
    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        name = request.name or request.urn.rpartition("::")[2] or "default"
        with self._lock:
            self._settings.use(request.urn, name, self._open(request.args))
            self.scrubber.learn(*self._settings.secrets())
            self._api = None
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    # --- resources

    @cleanly
    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        handler, news = self._handler(request), self._open(request.news)
        if isinstance(handler, KeepsNames):
            news = handler.named(self._open(request.olds), news)
        return checked_answer(handler.check(news), self.scrubber)

    @cleanly
    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        old, state, news = self._open(request.old_inputs), self._open(request.olds), self._open(request.news)
        with self._blaming(request, {OLD_INPUTS: old, OUTPUTS: _known(old, state), INPUTS: news}) as handler:
            return difference(handler.diff(old, state, news), old, news)

    @cleanly
    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        news = self._open(request.properties)
        with self._blaming(request, {INPUTS: news}) as handler:
            self._ask_for_token(preview=request.preview)
            if request.preview:
                return provider_pb2.CreateResponse(properties=to_struct(handler.planned(news, None)))
            made = handler.create(self._call(request), news)
        return provider_pb2.CreateResponse(id=made.id, properties=self._close(made.properties))

    @cleanly
    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        old, state, news = self._open(request.old_inputs), self._open(request.olds), self._open(request.news)
        state = _known(old, state)
        with self._blaming(request, {INPUTS: news, OLD_INPUTS: old, OUTPUTS: state}) as handler:
            self._ask_for_token(preview=request.preview)
            if request.preview:
                return provider_pb2.UpdateResponse(properties=to_struct(handler.planned(news, state)))
            properties = handler.update(self._call(request), request.id, state, news)
        return provider_pb2.UpdateResponse(properties=self._close(properties))

    @cleanly
    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        inputs, state = self._open(request.inputs), self._open(request.properties)
        with self._blaming(request, {OLD_INPUTS: inputs, OUTPUTS: _known(inputs, state)}) as handler:
            found = handler.read(self._call(request), request.id, inputs, state)
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=found.id, inputs=self._close(found.inputs), properties=self._close(found.properties)
        )

    @cleanly
    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        inputs, state = self._open(request.old_inputs), self._open(request.properties)
        with self._blaming(request, {OLD_INPUTS: inputs, OUTPUTS: _known(inputs, state)}) as handler:
            handler.delete(self._call(request), request.id, inputs, state)
        return Empty()

    # --- what this provider has not

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._unimplemented(context, f"function {request.tok}")

    def Call(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._unimplemented(context, f"method {request.tok}")

    def Construct(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._unimplemented(context, f"component {request.type}")

    def List(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._unimplemented(context, "listing of resources")

    def Parameterize(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._unimplemented(context, "parameters")

    def GetMapping(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._unimplemented(context, "mapping")

    def GetMappings(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._unimplemented(context, "mappings")

    # --- how it does it

    def _begin(self, engine: str) -> None:
        """An engine is there; what an earlier one cancelled is over."""
        self._log.connect(engine)
        self._told = False
        self.stop.clear()
        for handler in self._handlers.values():
            if isinstance(handler, Remembers):
                handler.begin()

    @contextmanager
    def _blaming(self, request: Any, given: Mapping[str, Properties]) -> Iterator[Handler]:
        handler = self._handler(request)
        with blaming(_token(request), handler, self.scrubber, given):
            yield handler

    def _handler(self, request: Any) -> Handler:
        token = _token(request)
        if token not in self._handlers:
            known = ", ".join(self._handlers)
            raise ProviderError(f"the lightly provider has no resource type {token!r}", f"it has {known}")
        return self._handlers[token]

    def _open(self, struct: Struct) -> Properties:
        properties = from_struct(struct)
        learn(self.scrubber, properties)
        return properties

    def _close(self, properties: Properties) -> Struct:
        learn(self.scrubber, properties)  # those that were made here
        return to_struct(properties)

    def _call(self, request: Any) -> HandlerCall:
        urn: str = request.urn
        return HandlerCall(
            api=self._lightly,
            tell=functools.partial(self._log.tell, urn),
            warn=functools.partial(self._log.warn, urn=urn),
            status=functools.partial(self._log.status, urn),
            pause=self._retry_policy.sleep,
            clock=self._retry_policy.clock,
            timeout=request.timeout,
        )

    def _ask_for_token(self, *, preview: bool) -> None:
        """Without a token a deployment ends at the first resource of ours, whichever that is, and a preview says so."""
        if self._settings.token or self._settings.token_is_coming:
            return
        missing = TokenMissingError()
        if not preview:
            raise missing
        with self._lock:
            told, self._told = self._told, True
        if not told:
            self._log.warn(str(missing))

    def _lightly(self) -> LightlyApi:
        with self._lock:
            if self._api is None:
                if self._settings.token is None:
                    raise TokenMissingError
                self._api = LightlyApi(
                    self._settings.token,
                    self._settings.server,
                    transport=self._transport,
                    retry_policy=self._retry_policy,
                    scrubber=self.scrubber,
                )
            return self._api

    def _pause(self, seconds: float) -> None:
        if self.stop.wait(seconds):
            raise StoppedError("waiting for Lightly")

    def _unimplemented(self, context: grpc.ServicerContext, what: str) -> None:
        abort(context, grpc.StatusCode.UNIMPLEMENTED, f"the lightly provider has no {what}", self.scrubber)


def _known(inputs: Properties, outputs: Properties) -> Properties:
    """What the state has of a resource: not every input is an output."""
    return {**inputs, **outputs}


def _token(request: Any) -> str:
    return str(request.type or request.urn.split("::")[2].rpartition("$")[2])


def serve(provider: LightlyProvider) -> tuple[grpc.Server, int]:
    """Start serving on a free port of 127.0.0.1; returns the server and its port."""
    server = grpc.server(ThreadPoolExecutor(THREADS, thread_name_prefix="lightly"), options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port
