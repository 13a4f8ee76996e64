"""The gRPC side of a mock provider: Pulumi's ResourceProvider over a table of resource types.

Source: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto. The engine attaches to a running
server that `PULUMI_DEBUG_PROVIDERS=<package>:<port>` names; Attach, Handshake, CheckConfig, DiffConfig and Configure
then come in that spirit, once for each provider resource, each over a connection of its own (see `cloud.py`).
"""

import concurrent.futures
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from lightly_core.check_failure import told
from lightly_core.pulumi_struct import UnsupportedValueError, from_struct, to_struct
from lightly_core.pulumi_values import SecretValue, Value, has_unknown, plain
from lightly_core.scrub import Scrubber
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from lightly_sandbox.mock_providers.check import Failure
from lightly_sandbox.mock_providers.cloud import Cloud, Connections, SharedConnectionError
from lightly_sandbox.mock_providers.failure import InitFailedError, OperationFailedError, abort
from lightly_sandbox.mock_providers.naming import Mode, NameRequest
from lightly_sandbox.mock_providers.operations import Operations
from lightly_sandbox.mock_providers.resource import RefusedError

_WORKERS = 64
_MESSAGE_BYTES = 400 * 1024 * 1024  # as Pulumi's engine: `maxRPCMessageSize` in sdk/go/common/util/rpcutil/serve.go
_ENGINE_SETTINGS = frozenset({"version", "pluginDownloadURL", "__internal", "__pulumi-go-provider-version"})


def _spoken(method: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what a method raises into a status with one scrubbed sentence, never a traceback."""

    @wraps(method)
    def answer(self: "MockProvider", request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request, context)
        except InitFailedError as failed:
            abort(context, self.scrubber.scrub(str(failed)), failed.detail(self.scrubber))
        except (OperationFailedError, RefusedError, SharedConnectionError, UnsupportedValueError) as failure:
            abort(context, self.scrubber.scrub(str(failure)))
        except Exception as error:
            what = f"{method.__name__}: unexpected {type(error).__name__}: {error}"
            abort(
                context,
                self.scrubber.scrub(f"the mock provider failed in {what}\nhint: this is a defect of the rehearsal"),
            )

    return answer


class MockProvider(provider_pb2_grpc.ResourceProviderServicer):
    """A cloud as a Pulumi resource provider."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.scrubber = Scrubber()
        self._connections = Connections(cloud.package, cloud.open)
        self._operations = Operations(cloud)

    # the provider and its configuration

    @_spoken
    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._connections.greet(context.peer(), request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=False, accept_outputs=False, supports_autonaming_configuration=True
        )

    @_spoken
    def Attach(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._connections.greet(context.peer(), request.address)
        return Empty()

    @_spoken
    def GetPluginInfo(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=self.cloud.sdk.version)

    @_spoken
    def GetSchema(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        raise RefusedError(f"the mock provider for `{self.cloud.package}` has no schema\nhint: use the SDK's package")

    @_spoken
    def CheckConfig(self, request: Any, _context: grpc.ServicerContext) -> Any:
        settings = self._struct(request.news)
        failures = self.cloud.check_settings({k: v for k, v in settings.items() if k not in _ENGINE_SETTINGS})
        sealed = {name: SecretValue(value) for name, value in settings.items()}  # any of them may be a key
        return provider_pb2.CheckResponse(inputs=request.news, failures=self._failures(failures, sealed))

    @_spoken
    def DiffConfig(self, request: Any, _context: grpc.ServicerContext) -> Any:
        """A change of region replaces no provider: Pulumi's aws 7 lets each resource decide by its own region.

        Source: https://github.com/pulumi/pulumi-aws/pull/5656.
        """
        olds, news = plain(self._struct(request.old_inputs)), plain(self._struct(request.news))
        assert isinstance(olds, dict)
        assert isinstance(news, dict)
        changed = sorted(
            k for k in olds.keys() | news.keys() if k not in _ENGINE_SETTINGS and olds.get(k) != news.get(k)
        )
        changes = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes, diffs=changed)

    @_spoken
    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        settings = self._struct(request.args)
        chosen = {k: plain(v) for k, v in settings.items() if k not in _ENGINE_SETTINGS and v is not None}
        if not has_unknown(dict(settings)):
            failures = self.cloud.check_settings(chosen)
            if failures:
                raise RefusedError("; ".join(f"{failure.path}: {failure.reason}" for failure in failures))
            self._connections.configure(context.peer(), chosen)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    @_spoken
    def Cancel(self, _request: Any, context: grpc.ServicerContext) -> Any:
        self._connections.cancel(context.peer())
        return Empty()

    # resources

    @_spoken
    def Check(self, request: Any, _context: grpc.ServicerContext) -> Any:
        names = request.autonaming
        name_request = NameRequest(_name(request), bytes(request.randomSeed), names.proposed_name, Mode(names.mode))
        inputs, failures = self._operations.check(
            _type(request), self._struct(request.olds), self._struct(request.news), name_request
        )
        return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=self._failures(failures, inputs))

    @_spoken
    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        found = self._operations.diff(
            _type(request),
            self._struct(request.old_inputs),
            self._struct(request.olds),
            self._struct(request.news),
            frozenset(request.ignoreChanges),
            self._connections.of(context.peer()),
        )
        changes = provider_pb2.DiffResponse.DIFF_SOME if found.changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=changes,
            diffs=found.changed,
            replaces=found.replaces,
            deleteBeforeReplace=found.delete_first,
            hasDetailedDiff=True,
            detailedDiff={
                path: provider_pb2.PropertyDiff(kind=_kind(change), inputDiff=True)
                for path, change in found.detailed.items()
            },
        )

    @_spoken
    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        inputs, connection = self._struct(request.properties), self._connections.of(context.peer())
        if request.preview:
            outputs = self._operations.foretell(_type(request), inputs, connection)
            return provider_pb2.CreateResponse(properties=to_struct(outputs))
        id, outputs = self._operations.create(_type(request), _name(request), inputs, connection, request.timeout)
        self.scrubber.learn_from(dict(outputs))
        return provider_pb2.CreateResponse(id=id, properties=to_struct(outputs))

    @_spoken
    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        found = self._operations.read(
            _type(request),
            request.id,
            self._struct(request.inputs),
            self._struct(request.properties),
            self._connections.of(context.peer()),
            request.timeout,
        )
        if found is None:
            return provider_pb2.ReadResponse()
        id, inputs, outputs = found
        return provider_pb2.ReadResponse(id=id, inputs=to_struct(inputs), properties=to_struct(outputs))

    @_spoken
    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        kind, olds, news = _type(request), self._struct(request.olds), self._struct(request.news)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=to_struct(self._operations.foretell_update(kind, olds, news)))
        connection = self._connections.of(context.peer())
        outputs = self._operations.update(kind, request.id, olds, news, connection, request.timeout)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    @_spoken
    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        outputs = self._struct(request.properties)
        connection = self._connections.of(context.peer())
        self._operations.delete(_type(request), request.id, outputs, connection, request.timeout)
        return Empty()

    @_spoken
    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        arguments = self._struct(request.args)
        answer, failures = self._operations.invoke(request.tok, arguments, self._connections.of(context.peer()))
        return provider_pb2.InvokeResponse(
            **{"return": to_struct(answer)}, failures=self._failures(failures, arguments)
        )

    def _struct(self, struct: Any) -> Any:
        values = from_struct(struct)
        self.scrubber.learn_from(values)
        return values

    def _failures(self, failures: list[Failure], given: Mapping[str, Value]) -> list[Any]:
        told_of = [told(failure.path, failure.reason, given, self.scrubber) for failure in failures]
        return [provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in told_of]


def _kind(change: int) -> Any:
    """The generated enum has no type at run time."""
    return change


def _type(request: Any) -> str:
    """The type token; an older engine says it only in the URN: `urn:pulumi:stack::project::parent$type::name`."""
    return str(request.type or request.urn.split("::")[2].rsplit("$", 1)[-1])


def _name(request: Any) -> str:
    return str(request.name or request.urn.split("::", 3)[-1])


@dataclass
class Serving:
    """A mock provider that listens."""

    port: int
    server: grpc.Server

    def stop(self, grace: float = 1.0) -> None:
        """Finish what runs within `grace` seconds and stop; safe to call twice."""
        self.server.stop(grace).wait()


def serve(cloud: Cloud) -> Serving:
    """Serve a cloud on a free port of the loopback address, in this process."""
    workers = concurrent.futures.ThreadPoolExecutor(_WORKERS, thread_name_prefix=f"mock provider-{cloud.package}")
    options = [("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.max_send_message_length", _MESSAGE_BYTES)]
    server = grpc.server(workers, options=options)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(MockProvider(cloud), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return Serving(port, server)
