"""The provider over gRPC in this process, as the engine speaks to it, and an engine that keeps what it is told."""

import contextlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from lightly_api.retry import RetryPolicy
from lightly_core.pulumi_struct import from_struct, to_struct
from lightly_core.pulumi_values import Properties
from lightly_provider.server import LightlyProvider, serve
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc, status_pb2

from tests.check_failure import placed

PROVIDER_URN = "urn:pulumi:s::p::pulumi:providers:lightly::default"
METADATA = [("grpc.max_metadata_size", 1 << 20), ("grpc.absolute_max_metadata_size", 1 << 20)]


@dataclass
class Log(engine_pb2_grpc.EngineServicer):
    """Every line the engine was sent."""

    lines: list[Any] = field(default_factory=list)

    def Log(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.lines.append(request)
        return Empty()


@dataclass
class RpcFailedError(Exception):
    """A call that ended in an error; `init` is the detail of one that is there but not healthy."""

    code: grpc.StatusCode
    text: str
    init: Any = None
    raw: str = ""


@dataclass
class Loopback:
    """Calls with plain properties."""

    stub: Any
    provider: LightlyProvider
    log: Log

    def call(self, method: str, request: Any) -> Any:
        try:
            return getattr(self.stub, method)(request, timeout=20)
        except grpc.RpcError as error:
            raise _failed(error) from None

    def configure(self, config: Properties | None = None, urn: str = PROVIDER_URN) -> Any:
        """CheckConfig and Configure, as one engine run does; returns what the state keeps."""
        checked = self.call("CheckConfig", provider_pb2.CheckRequest(urn=urn, news=to_struct(config or {})))
        assert not checked.failures, checked.failures
        self.reload(from_struct(checked.inputs), urn)
        return from_struct(checked.inputs)

    def reload(self, inputs: Properties, urn: str = PROVIDER_URN) -> None:
        """Configure with what the state has, as a refresh or destroy does."""
        name = urn.rpartition("::")[2]
        request = provider_pb2.ConfigureRequest(args=to_struct(inputs), urn=urn, name=name, acceptSecrets=True)
        self.call("Configure", request)

    def check(self, kind: str, news: Properties, olds: Properties | None = None) -> tuple[Properties, dict[str, str]]:
        request = provider_pb2.CheckRequest(urn=urn(kind), news=to_struct(news), olds=to_struct(olds or {}))
        answer = self.call("Check", request)
        return from_struct(answer.inputs), dict(placed(failure) for failure in answer.failures)

    def diff(self, kind: str, old: Properties, state: Properties, news: Properties) -> Any:
        structs: dict[str, Any] = {"old_inputs": to_struct(old), "olds": to_struct(state), "news": to_struct(news)}
        return self.call("Diff", provider_pb2.DiffRequest(urn=urn(kind), id="x", **structs))

    def create(self, kind: str, news: Properties, *, preview: bool = False) -> tuple[str, Properties]:
        request = provider_pb2.CreateRequest(urn=urn(kind), properties=to_struct(news), preview=preview)
        answer = self.call("Create", request)
        return answer.id, from_struct(answer.properties)

    def update(
        self,
        kind: str,
        resource_id: str,
        state: Properties,
        news: Properties,
        *,
        preview: bool = False,
        old: Properties | None = None,
    ) -> Properties:
        """`old` inputs are the state where nothing is said."""
        structs: dict[str, Any] = {
            "olds": to_struct(state),
            "news": to_struct(news),
            "old_inputs": to_struct(old or state),
        }
        request = provider_pb2.UpdateRequest(urn=urn(kind), id=resource_id, preview=preview, **structs)
        return from_struct(self.call("Update", request).properties)

    def read(
        self, kind: str, resource_id: str, inputs: Properties | None = None, state: Properties | None = None
    ) -> tuple[str, Properties, Properties]:
        structs: dict[str, Any] = {"inputs": to_struct(inputs or {}), "properties": to_struct(state or {})}
        answer = self.call("Read", provider_pb2.ReadRequest(urn=urn(kind), id=resource_id, **structs))
        return answer.id, from_struct(answer.inputs), from_struct(answer.properties)

    def delete(self, kind: str, resource_id: str, state: Properties) -> None:
        structs: dict[str, Any] = {"properties": to_struct(state), "old_inputs": to_struct(state)}
        self.call("Delete", provider_pb2.DeleteRequest(urn=urn(kind), id=resource_id, **structs))


def urn(kind: str) -> str:
    """The URN of a resource inside a component."""
    return f"urn:pulumi:s::p::x:index:Component$lightly:index:{kind}::r"


@contextlib.contextmanager
def loopback(environ: Mapping[str, str], retry_policy: RetryPolicy | None = None) -> Iterator[Loopback]:
    """A provider that serves, attached to an engine that logs."""
    log = Log()
    engine = grpc.server(ThreadPoolExecutor(4))
    engine_pb2_grpc.add_EngineServicer_to_server(log, engine)
    address = f"127.0.0.1:{engine.add_insecure_port('127.0.0.1:0')}"
    engine.start()
    provider = LightlyProvider(environ=environ, retry_policy=retry_policy)
    server, port = serve(provider)
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=METADATA) as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=address), timeout=20)
            yield Loopback(stub, provider, log)
    finally:
        provider.stop.set()
        server.stop(None).wait()
        engine.stop(None).wait()


def _failed(error: Any) -> RpcFailedError:
    trailers = dict(error.trailing_metadata() or ())
    found = RpcFailedError(error.code(), error.details() or "", raw=f"{error.details()} {trailers}")
    if details := trailers.get("grpc-status-details-bin"):
        status = status_pb2.Status.FromString(details)
        assert status.code == error.code().value[0]
        init = provider_pb2.ErrorResourceInitFailed()
        assert status.details[0].Unpack(init)
        found.init = init
    return found
