"""Providers as resources: checked, compared and created like others, and looked up by their reference.

Source: `pkg/resource/deploy/providers/registry.go` of pulumi/pulumi. A provider is loaded and checked under a
provisional reference; creating, updating or keeping it configures it and registers it under its id.
"""

import threading
import uuid
from typing import Final

from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.answers import Failure, Live, ProviderError
from lightly_sandbox.engine.diffs import Diff
from lightly_sandbox.engine.plugins import PluginHost
from lightly_sandbox.engine.provider import Provider
from lightly_sandbox.engine.state import Resource
from lightly_sandbox.engine.values import Properties, reveal, same
from lightly_sandbox.engine.wire import UNKNOWN_STRING

INTERNAL: Final = "__internal"
_UNSUPPORTED: Final = ("parameterization", "pluginChecksums", "envVarMappings")


class UnknownProvider(ProviderError):
    """A resource names a provider that is neither in this run nor in the state."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"could not find provider {reference}\nhint: the state names it; was it removed from the program?"
        )


def provider_inputs(inputs: Properties) -> Properties:
    """The inputs without what only the engine uses."""
    return {key: value for key, value in inputs.items() if key != INTERNAL}


class Registry:
    """The providers of a run."""

    def __init__(self, host: PluginHost, olds: list[Resource]) -> None:
        self._host = host
        self._olds = olds
        self._checked: dict[str, Provider] = {}
        self._configured: dict[str, Provider] = {}
        self._aliases: dict[str, str] = {}
        self._lock = threading.RLock()

    def alias(self, urn: str, old: str) -> None:
        """A provider that was called `old` is called `urn` now."""
        with self._lock:
            self._aliases[old] = urn

    def get(self, reference: str) -> Provider:
        """The provider of a reference; one that is only in the state is loaded. Raises ProviderError."""
        urn, id_ = urns.parse_reference(reference)
        with self._lock:
            renamed = urns.reference(self._aliases.get(urn, urn), id_)
            found = self._configured.get(reference) or self._configured.get(renamed)
            if found:
                return found
            for old in self._olds:
                if old.urn == urn and old.id == id_:
                    return self._keep(old, fresh=True)
        raise UnknownProvider(reference)

    def _load(self, urn: str, inputs: Properties) -> Provider:
        internal = inputs.get(INTERNAL) or {}
        for name in _UNSUPPORTED:
            if internal.get(name):
                raise ProviderError(
                    f"provider {urn}: {name} is not supported by the local engine; hint: use Pulumi's engine"
                )
        version = reveal(inputs.get("version", ""))
        return self._host.load(urns.provider_package(urns.type_of(urn)), version if isinstance(version, str) else "")

    def check(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list[Failure]]:
        """Load the provider and check its configuration."""
        provider = self._load(urn, news)
        inputs, failures = provider.check_config(urn, provider_inputs(olds), provider_inputs(news))
        if failures:
            provider.close()
            return inputs, failures
        if "version" in news:
            checked = inputs.setdefault("version", news["version"])
            if not same(checked, news["version"]):
                raise ProviderError(f"provider {urn!r} attempted to change version")
        if INTERNAL in news:
            inputs[INTERNAL] = news[INTERNAL]
        with self._lock:
            stale = self._checked.pop(urn, None)
            self._checked[urn] = provider
        if stale:
            stale.close()
        return inputs, []

    def diff(self, urn: str, old: Resource, news: Properties) -> Diff:
        """What a change of its configuration means; `urn` is its name now."""
        with self._lock:
            provider = self._checked.get(urn)
        return self.diff_with(provider or self.get(urns.reference(old.urn, old.id)), old, news)

    @staticmethod
    def diff_with(provider: Provider, old: Resource, news: Properties) -> Diff:
        """The same, asked of a given instance."""
        filtered = provider_inputs(news)
        found = provider.diff_config(old.urn, provider_inputs(old.inputs), old.outputs or {}, filtered)
        if found.changes == "unknown":
            return Diff(
                "none" if same(old.outputs or {}, filtered) else "some", found.replaces, found.diffs, found.detail
            )
        return found

    def create(self, urn: str, inputs: Properties, *, preview: bool) -> Live:
        """Configure a new provider and register it."""
        return self._configure(urn, UNKNOWN_STRING if preview else str(uuid.uuid4()), inputs)

    def update(self, urn: str, id_: str, inputs: Properties) -> Live:
        """Configure it anew under the id that it has."""
        return self._configure(urn, id_, inputs)

    def _configure(self, urn: str, id_: str, inputs: Properties) -> Live:
        with self._lock:
            provider = self._checked.pop(urn, None)
        provider = provider or self._load(urn, inputs)
        filtered = provider_inputs(inputs)
        provider.configure(urn, id_, filtered)
        with self._lock:
            self._configured[urns.reference(urn, id_)] = provider
        return Live(id_, filtered)

    def keep(self, resource: Resource) -> None:
        """Register a provider that did not change."""
        with self._lock:
            self._keep(resource, fresh=False)

    def _keep(self, resource: Resource, *, fresh: bool) -> Provider:
        reference = urns.reference(resource.urn, resource.id)
        if reference in self._configured:
            return self._configured[reference]
        provider = None if fresh else self._checked.pop(resource.urn, None)
        provider = provider or self._load(resource.urn, resource.inputs)
        provider.configure(resource.urn, resource.id, provider_inputs(resource.inputs))
        self._configured[reference] = provider
        return provider
