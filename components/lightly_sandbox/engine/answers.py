"""What providers say about resources, and how they fail.

Source: `proto/pulumi/provider.proto` and `parseError` in `pkg/resource/plugin/provider_plugin.go` of pulumi/pulumi.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.values import Properties


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
