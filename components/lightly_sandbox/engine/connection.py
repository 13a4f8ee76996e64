"""The connection to a provider plugin: greeting, its own configuration, and how it fails.

Source: `pkg/resource/plugin/provider_plugin.go` of pulumi/pulumi.
"""

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from lightly_sandbox.engine import grpc_status
from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.answers import Failure, InitFailed, Live, ProviderError, Target
from lightly_sandbox.engine.diffs import Diff
from lightly_sandbox.engine.values import Properties, annotate_secrets, has_unknowns, reveal
from lightly_sandbox.engine.wire import Options, from_struct, to_struct

CHANNEL_OPTIONS = [
    ("grpc.max_receive_message_length", 400 << 20),
    ("grpc.max_send_message_length", 400 << 20),
    # An init failure carries the resource's properties in its trailers; the defaults (8 and 16 KiB) lose them.
    ("grpc.max_metadata_size", 4 << 20),
    ("grpc.absolute_max_metadata_size", 4 << 20),
    # A connection for each provider resource, as Pulumi's engine has: a plugin may keep settings by connection.
    ("grpc.use_local_subchannel_pool", 1),
]
CONFIG = Options(unknowns=True)


@dataclass
class Protocol:
    """What the provider understands."""

    secrets: bool = False
    resources: bool = False
    preview: bool = False


class Connection:
    """A connection to one instance of a plugin. `close` ends both."""

    def __init__(self, package: str, channel: grpc.Channel, close: Callable[[], None]) -> None:
        self.package = package
        self._channel = channel
        self._stub = provider_pb2_grpc.ResourceProviderStub(channel)
        self._close = close
        self._protocol: Protocol | None = None
        self._known = True
        self._config_error: ProviderError | None = None

    def close(self) -> None:
        """Close the connection and end the process, when there is one. Safe to call twice."""
        self._channel.close()
        self._close()

    def cancel(self) -> None:
        """Ask it to give up what it is doing."""
        with contextlib.suppress(grpc.RpcError):
            self._stub.Cancel(empty_pb2.Empty(), timeout=2)

    def handshake(self, engine: str, directory: str | None) -> None:
        """Say hello; an old provider that does not know this call is fine."""
        request = provider_pb2.ProviderHandshakeRequest(
            engine_address=engine,
            root_directory=directory,
            program_directory=directory,
            configure_with_urn=True,
            invoke_with_preview=True,
        )
        try:
            answer = self._stub.Handshake(request)
        except grpc.RpcError as error:
            if grpc_status.code(error) is not grpc.StatusCode.UNIMPLEMENTED:
                raise ProviderError(f"provider {self.package}: {_text(error)}") from None
        else:
            self._protocol = Protocol(answer.accept_secrets, answer.accept_resources, preview=True)

    def attach(self, engine: str) -> None:
        """Tell a provider that was running already where the engine is."""
        self._call(lambda: self._stub.Attach(plugin_pb2.PluginAttach(address=engine)))

    def check_config(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list[Failure]]:
        """The provider's own configuration, checked."""
        request = provider_pb2.CheckRequest(
            **Target(urn).who, olds=to_struct(olds, CONFIG), news=to_struct(news, CONFIG)
        )
        try:
            answer = self._stub.CheckConfig(request)
        except grpc.RpcError as error:
            if grpc_status.code(error) is grpc.StatusCode.UNIMPLEMENTED:
                return dict(news), []
            raise ProviderError(_text(error)) from None
        inputs = from_struct(answer.inputs)
        annotate_secrets(inputs, news)
        return inputs, [Failure(item.property, item.reason) for item in answer.failures]

    def diff_config(self, urn: str, old_inputs: Properties, old_outputs: Properties, news: Properties) -> Diff:
        """What a change of the provider's configuration means."""
        request = provider_pb2.DiffRequest(
            **Target(urn).who,
            old_inputs=to_struct(old_inputs, CONFIG),
            olds=to_struct(old_outputs, CONFIG),
            news=to_struct(news, CONFIG),
        )
        try:
            return Diff.of(self._stub.DiffConfig(request))
        except grpc.RpcError as error:
            if grpc_status.code(error) is grpc.StatusCode.UNIMPLEMENTED:
                return Diff("unknown")
            raise ProviderError(_text(error)) from None

    def configure(self, urn: str, id_: str, inputs: Properties) -> None:
        """Configure it. Unknown inputs leave it unconfigured; an error comes out at its first use, as in Pulumi."""
        if has_unknowns({key: value for key, value in inputs.items() if key != "version"}):
            self._known = False
            self._protocol = self._protocol or Protocol()
            return
        variables = {
            f"{urns.provider_package(urns.type_of(urn))}:config:{key}": _config_text(reveal(value))
            for key, value in inputs.items()
            if key != "version"
        }
        request = provider_pb2.ConfigureRequest(
            **Target(urn).who,
            id=id_,
            acceptSecrets=True,
            acceptResources=True,
            sends_old_inputs=True,
            sends_old_inputs_to_delete=True,
            variables=variables,
            args=to_struct(inputs, Options(unknowns=True, secrets=True, resources=True)),
        )
        try:
            answer = self._stub.Configure(request)
        except grpc.RpcError as error:
            self._config_error = ProviderError(_missing_keys(error) or _text(error))
            return
        if self._protocol is None:
            self._protocol = Protocol(answer.acceptSecrets, answer.acceptResources, answer.supportsPreview)

    def _options(self, *, unknowns: bool = False) -> Options:
        if self._config_error:
            raise self._config_error
        assert self._protocol is not None, "the engine configures a provider before it uses it"
        return Options(unknowns, self._protocol.secrets, self._protocol.resources)

    def _call(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except grpc.RpcError as error:
            failed = grpc_status.detail(error, provider_pb2.ErrorResourceInitFailed())
            if failed is None:
                raise ProviderError(_text(error)) from None
        live = Live(
            failed.id,
            from_struct(failed.properties) if failed.HasField("properties") else None,
            from_struct(failed.inputs) if failed.HasField("inputs") else None,
            failed.refresh_before_update,
        )
        raise InitFailed(live, failed.reasons)

    def _annotate(self, outputs: Properties | None, inputs: Properties | None) -> None:
        if self._protocol is not None and not self._protocol.secrets:
            annotate_secrets(outputs, inputs)


def _config_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _text(error: grpc.RpcError) -> str:
    if grpc_status.code(error) is grpc.StatusCode.UNAVAILABLE:
        return f"the provider does not answer any more ({grpc_status.text(error)})"
    return grpc_status.text(error)


def _missing_keys(error: grpc.RpcError) -> str:
    found = grpc_status.detail(error, provider_pb2.ConfigureErrorMissingKeys())
    return "\n".join(
        f'missing required configuration key "{key.name}": {key.description}\n'
        f"Set a value using the command `pulumi config set {key.name} <value>`."
        for key in (found.missingKeys if found else ())
    )
