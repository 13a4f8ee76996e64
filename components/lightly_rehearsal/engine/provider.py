"""A running provider plugin, as the engine talks to it.

What is sent and how an answer is read follows `pkg/resource/plugin/provider_plugin.go` of pulumi/pulumi: secrets go only to
providers that accept them, unknowns only in previews, and a provider whose own configuration is unknown is not asked.
"""

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from lightly_rehearsal.engine import grpc_status
from lightly_rehearsal.engine import urn as urns
from lightly_rehearsal.engine.diffs import Diff
from lightly_rehearsal.engine.values import (
    Properties,
    SecretValue,
    annotate_secrets,
    has_secrets,
    has_unknowns,
    reveal,
)
from lightly_rehearsal.engine.wire import Options, from_struct, to_struct

CHANNEL_OPTIONS = [("grpc.max_receive_message_length", 400 << 20), ("grpc.max_send_message_length", 400 << 20)]
CONFIG = Options(unknowns=True)
UNKNOWN_CONFIG = (
    "The provider for this resource has inputs that are not known during preview.\n"
    "This preview may not correctly represent the changes that will be applied during an update."
)


class ProviderError(RuntimeError):
    """A provider refused or failed; the text is the provider's own."""


class DiffUnavailable(ProviderError):
    """The provider cannot tell in this preview."""


class InitFailed(ProviderError):
    """The resource exists and is not healthy: what the provider knows of it, and why."""

    def __init__(self, live: "Live", reasons: Sequence[str]) -> None:
        self.live = live
        self.reasons = list(reasons)
        lines = "".join(f"\t* {reason}\n" for reason in self.reasons)
        count = len(self.reasons)
        super().__init__(
            f"{count} error{'' if count == 1 else 's'} occurred:\n{lines}" if self.reasons else "resource init failed"
        )


@dataclass(frozen=True)
class Failure:
    """A property that did not pass Check."""

    property: str
    reason: str


@dataclass(frozen=True)
class Live:
    """A resource as its provider knows it. An empty `id` from a read: it is gone."""

    id: str
    outputs: Properties | None = field(default=None, repr=False)
    inputs: Properties | None = field(default=None, repr=False)
    refresh_before_update: bool = False


@dataclass(frozen=True)
class Target:
    """Which resource a call is about."""

    urn: str
    id: str = ""

    @property
    def who(self) -> dict[str, Any]:
        """The fields that every request has."""
        return {"urn": self.urn, "name": urns.name_of(self.urn), "type": urns.type_of(self.urn)}


@dataclass
class Protocol:
    """What the provider understands."""

    secrets: bool = False
    resources: bool = False
    preview: bool = False


class Provider:
    """One instance of a plugin. `close` ends it."""

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
        """Configure it. Unknown inputs leave it unconfigured; an error comes out when it is first used, as in Pulumi."""
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

    def check(
        self, target: Target, olds: Properties, news: Properties, *, seed: bytes, preview: bool
    ) -> tuple[Properties, list[Failure]]:
        """The inputs of a resource with their defaults, or what is wrong with them."""
        options = self._options(unknowns=preview)
        if not self._known:
            return dict(news), []
        request = provider_pb2.CheckRequest(
            **target.who, olds=to_struct(olds, options), news=to_struct(news, options), randomSeed=seed
        )
        answer = self._call(lambda: self._stub.Check(request))
        inputs = from_struct(answer.inputs, reject_unknowns=not preview)
        self._annotate(inputs, news)
        return inputs, [Failure(item.property, item.reason) for item in answer.failures]

    def _annotate(self, outputs: Properties | None, inputs: Properties | None) -> None:
        if self._protocol is not None and not self._protocol.secrets:
            annotate_secrets(outputs, inputs)

    def diff(
        self,
        target: Target,
        old_inputs: Properties,
        old_outputs: Properties,
        news: Properties,
        *,
        ignore: Sequence[str],
        unknowns: bool,
    ) -> Diff:
        """What changed between the old state and the new inputs. Raises DiffUnavailable in a preview without config."""
        options = self._options(unknowns=unknowns)
        if not self._known:
            raise DiffUnavailable(UNKNOWN_CONFIG)
        request = provider_pb2.DiffRequest(
            **target.who,
            id=target.id,
            old_inputs=to_struct(old_inputs, options),
            olds=to_struct(old_outputs, options),
            news=to_struct(news, options),
            ignoreChanges=list(ignore),
        )
        return Diff.of(self._call(lambda: self._stub.Diff(request)))

    def create(self, target: Target, inputs: Properties, *, timeout: float, preview: bool) -> Live:
        """Make it. Raises ProviderError (not made) or InitFailed (made, not healthy)."""
        options = self._options(unknowns=preview)
        if preview and not self._known:
            return Live("", {})
        if preview and self._protocol and not self._protocol.preview:
            return Live("", dict(inputs))
        request = provider_pb2.CreateRequest(
            **target.who, properties=to_struct(inputs, options), timeout=timeout, preview=preview
        )
        answer = self._live(lambda: self._stub.Create(request), inputs)
        if not answer.id and not preview:
            raise ProviderError(f"plugin returned empty resource.ID from create '{target.urn}'")
        return answer

    def _live(self, call: Callable[[], Any], inputs: Properties) -> Live:
        """The answer of Create and Update."""
        try:
            answer = self._call(call)
        except InitFailed as failed:
            self._annotate(failed.live.outputs, inputs)
            raise
        outputs = from_struct(answer.properties)
        self._annotate(outputs, inputs)
        return Live(getattr(answer, "id", ""), outputs, None, answer.refresh_before_update)

    def update(
        self,
        target: Target,
        old_inputs: Properties,
        old_outputs: Properties,
        news: Properties,
        *,
        ignore: Sequence[str],
        timeout: float,
        preview: bool,
    ) -> Live:
        """Change it in place. Raises ProviderError (not changed) or InitFailed (changed, not healthy)."""
        olds, options = self._options(), self._options(unknowns=preview)
        if preview and not self._known:
            return Live(target.id, {})
        if preview and self._protocol and not self._protocol.preview:
            return Live(target.id, dict(news))
        request = provider_pb2.UpdateRequest(
            **target.who,
            id=target.id,
            old_inputs=to_struct(old_inputs, olds),
            olds=to_struct(old_outputs, olds),
            news=to_struct(news, options),
            ignoreChanges=list(ignore),
            timeout=timeout,
            preview=preview,
        )
        return self._live(lambda: self._stub.Update(request), news)

    def read(
        self, target: Target, inputs: Properties | None, outputs: Properties | None, *, timeout: float = 0
    ) -> Live:
        """What it is now; an empty id when it is gone. InitFailed when it is there and not healthy."""
        options = self._options()
        if not self._known:
            return Live("", {}, {})
        request = provider_pb2.ReadRequest(
            **target.who,
            id=target.id,
            inputs=None if inputs is None else to_struct(inputs, options),
            properties=None if outputs is None else to_struct(outputs, options),
            timeout=timeout,
        )
        try:
            answer = self._call(lambda: self._stub.Read(request))
        except InitFailed as failed:
            self._annotate(failed.live.inputs, inputs)
            self._annotate(failed.live.outputs, outputs)
            raise
        live = Live(
            answer.id,
            from_struct(answer.properties, reject_unknowns=True) if answer.HasField("properties") else None,
            from_struct(answer.inputs, reject_unknowns=True) if answer.HasField("inputs") else None,
            answer.refresh_before_update,
        )
        self._annotate(live.inputs, inputs)
        self._annotate(live.outputs, outputs)
        return live

    def delete(self, target: Target, inputs: Properties, outputs: Properties, *, timeout: float) -> None:
        """Remove it. Raises ProviderError when it is still there."""
        options = self._options()
        request = provider_pb2.DeleteRequest(
            **target.who,
            id=target.id,
            old_inputs=to_struct(inputs, options),
            properties=to_struct(outputs, options),
            timeout=timeout,
        )
        self._call(lambda: self._stub.Delete(request))

    def invoke(self, token: str, arguments: Properties, *, preview: bool) -> tuple[Properties, list[Failure]]:
        """Call a function of the provider."""
        options = self._options()
        if not self._known:
            return {}, []
        request = provider_pb2.InvokeRequest(tok=token, args=to_struct(arguments, options), preview=preview)
        answer = self._call(lambda: self._stub.Invoke(request))
        result = from_struct(getattr(answer, "return"))
        if has_secrets(arguments) and self._protocol and not self._protocol.secrets:
            result = {
                key: value if isinstance(value, SecretValue) else SecretValue(value) for key, value in result.items()
            }
        return result, [Failure(item.property, item.reason) for item in answer.failures]


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
