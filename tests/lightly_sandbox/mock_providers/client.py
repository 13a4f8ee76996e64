"""Talks to a provider plugin as Pulumi's engine does: one connection for each provider resource."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from lightly_core.pulumi_struct import from_struct, to_struct
from lightly_core.pulumi_values import Properties, plain
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from tests.check_failure import placed


class ProviderError(Exception):
    """A call that ended in an error status; `init_failed` is the detail of a half-made resource."""

    def __init__(self, error: grpc.RpcError) -> None:
        call: Any = error  # grpc's stubs split what is one class
        self.text = str(call.details())
        self.init_failed: Any = None
        for key, value in call.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                status = status_pb2.Status.FromString(value)
                self.init_failed = provider_pb2.ErrorResourceInitFailed()
                status.details[0].Unpack(self.init_failed)
        super().__init__(self.text)


@dataclass
class Made:
    """A resource as the engine keeps it."""

    type: str
    name: str
    id: str
    inputs: Properties
    outputs: Properties

    def __getitem__(self, name: str) -> Any:
        return plain(self.outputs[name])


class Plugin:
    """A connection to a plugin, greeted and configured."""

    def __init__(self, port: int, config: Mapping[str, Any] | None = None, *, configure: bool = True) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)])
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)
        engine = f"127.0.0.1:{uuid.uuid4().int % 60000}"
        self.handshake = self.call("Handshake", provider_pb2.ProviderHandshakeRequest(engine_address=engine))
        self.call("Attach", plugin_pb2.PluginAttach(address=engine))
        if configure:
            self.configure(config or {})

    def close(self) -> None:
        self.channel.close()

    def call(self, method: str, request: Any) -> Any:
        try:
            return getattr(self.stub, method)(request, timeout=120)
        except grpc.RpcError as error:
            raise ProviderError(error) from error

    def check_config(self, config: Mapping[str, Any]) -> list[tuple[str, str]]:
        answer = self.call("CheckConfig", provider_pb2.CheckRequest(urn="urn", news=to_struct(config)))
        return [placed(failure) for failure in answer.failures]

    def configure(self, config: Mapping[str, Any]) -> None:
        request = provider_pb2.ConfigureRequest(args=to_struct(config), acceptSecrets=True, acceptResources=True)
        self.call("Configure", request)

    def cancel(self) -> None:
        self.call("Cancel", Empty())

    def check(
        self, type: str, name: str, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None, **more: Any
    ) -> tuple[Properties, dict[str, str]]:
        request = provider_pb2.CheckRequest(
            urn=_urn(type, name), name=name, type=type, news=to_struct(news), olds=to_struct(olds or {}), **more
        )
        answer = self.call("Check", request)
        return from_struct(answer.inputs), dict(placed(failure) for failure in answer.failures)

    def checked(
        self, type: str, name: str, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> Properties:
        inputs, failures = self.check(type, name, news, olds)
        assert failures == {}
        return inputs

    def preview(self, type: str, name: str, inputs: Mapping[str, Any]) -> Properties:
        request = provider_pb2.CreateRequest(
            urn=_urn(type, name), name=name, type=type, properties=to_struct(inputs), preview=True
        )
        return from_struct(self.call("Create", request).properties)

    def create(self, type: str, name: str, news: Mapping[str, Any]) -> Made:
        inputs = self.checked(type, name, news)
        request = provider_pb2.CreateRequest(urn=_urn(type, name), name=name, type=type, properties=to_struct(inputs))
        answer = self.call("Create", request)
        return Made(type, name, answer.id, inputs, from_struct(answer.properties))

    def diff(self, made: Made, news: Mapping[str, Any], ignore: tuple[str, ...] = ()) -> Any:
        inputs = self.checked(made.type, made.name, news, made.inputs)
        return self.call(
            "Diff",
            provider_pb2.DiffRequest(
                id=made.id,
                urn=_urn(made.type, made.name),
                name=made.name,
                type=made.type,
                olds=to_struct(made.outputs),
                old_inputs=to_struct(made.inputs),
                news=to_struct(inputs),
                ignoreChanges=ignore,
            ),
        )

    def read(self, made: Made) -> Made | None:
        """A refresh."""
        return self._read(made.type, made.name, made.id, made.inputs, made.outputs)

    def imported(self, type: str, name: str, id: str) -> Made | None:
        return self._read(type, name, id, {}, {})

    def _read(self, type: str, name: str, id: str, inputs: Properties, outputs: Properties) -> Made | None:
        request = provider_pb2.ReadRequest(
            id=id, urn=_urn(type, name), name=name, type=type, inputs=to_struct(inputs), properties=to_struct(outputs)
        )
        answer = self.call("Read", request)
        if not answer.id:
            return None
        return Made(type, name, answer.id, from_struct(answer.inputs), from_struct(answer.properties))

    def update(self, made: Made, news: Mapping[str, Any], *, preview: bool = False) -> Made:
        inputs = self.checked(made.type, made.name, news, made.inputs)
        request = provider_pb2.UpdateRequest(
            id=made.id,
            urn=_urn(made.type, made.name),
            name=made.name,
            type=made.type,
            olds=to_struct(made.outputs),
            old_inputs=to_struct(made.inputs),
            news=to_struct(inputs),
            preview=preview,
        )
        answer = self.call("Update", request)
        return Made(made.type, made.name, made.id, inputs, from_struct(answer.properties))

    def delete(self, made: Made) -> None:
        request = provider_pb2.DeleteRequest(
            id=made.id,
            urn=_urn(made.type, made.name),
            name=made.name,
            type=made.type,
            properties=to_struct(made.outputs),
            old_inputs=to_struct(made.inputs),
        )
        self.call("Delete", request)

    def invoke(self, token: str, arguments: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answer = self.call("Invoke", provider_pb2.InvokeRequest(tok=token, args=to_struct(arguments or {})))
        assert not answer.failures, [(failure.property, failure.reason) for failure in answer.failures]
        return {name: plain(value) for name, value in from_struct(getattr(answer, "return")).items()}


def _urn(type: str, name: str) -> str:
    return f"urn:pulumi:test::lightly-access::{type}::{name}"
