"""A running provider plugin, as the engine talks to it.

What is sent and how an answer is read follows `pkg/resource/plugin/provider_plugin.go` of pulumi/pulumi: secrets go
only to providers that accept them, unknowns only in previews, and a provider whose own configuration is unknown is
not asked.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pulumi.runtime.proto import provider_pb2

from lightly_sandbox.engine.answers import DiffUnavailable, Failure, InitFailed, Live, ProviderError, Target
from lightly_sandbox.engine.connection import Connection
from lightly_sandbox.engine.diffs import Diff
from lightly_sandbox.engine.values import Properties, SecretValue, has_secrets
from lightly_sandbox.engine.wire import from_struct, to_struct

UNKNOWN_CONFIG = (
    "The provider for this resource has inputs that are not known during preview.\n"
    "This preview may not correctly represent the changes that will be applied during an update."
)


class Provider(Connection):
    """One instance of a plugin, asked about resources."""

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
