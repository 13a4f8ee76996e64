"""What the gRPC server needs of one cloud: its table, its provider settings, and a session per configuration."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from lightly_core.pulumi_values import Value

from lightly_sandbox.mock_providers.check import Failure
from lightly_sandbox.mock_providers.resource import Function, ResourceType
from lightly_sandbox.mock_providers.sdk import Sdk


class Session(Protocol):
    """One configuration of the provider: clients that all requests under it share."""

    @property
    def region(self) -> str:
        """Where resources live that name no region of their own."""

    def work(self, cancelled: threading.Event, timeout: float, region: str | None) -> Any:
        """The cloud as one request may use it."""


class Cloud(Protocol):
    """A cloud that a mock provider serves."""

    @property
    def package(self) -> str:
        """The provider's name, such as `aws`."""

    @property
    def sdk(self) -> Sdk:
        """The SDK of the provider that it stands in for."""

    @property
    def types(self) -> Mapping[str, ResourceType]:
        """Its resource types by token."""

    @property
    def functions(self) -> Mapping[str, Function]:
        """Its functions by token."""

    def check_settings(self, settings: Mapping[str, Value]) -> list[Failure]:
        """What is wrong with the provider's settings; settings that are not implemented are refused by name."""

    def open(self, settings: Mapping[str, Any]) -> Session:
        """A session for these plain settings; the same settings give the same session."""

    def explain(self, error: Exception) -> str | None:
        """An error of the cloud as `<code>: <message>`; None for an error that is not the cloud's."""


@dataclass
class Connection:
    """One engine talking to us about one provider resource.

    A request does not say which provider resource it belongs to, and Pulumi's engine opens a connection for each
    (`NewProvider` in `pkg/resource/plugin/provider_plugin.go`): so a configuration belongs to a connection.
    """

    engine: str = ""
    settings: Mapping[str, Any] | None = None
    session: Session | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)


class SharedConnectionError(Exception):
    """Two different configurations arrived over one connection, so that requests could not be told apart."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"two different configurations of the provider `{package}` came over one connection, expected one "
            "connection each\nhint: open the channel with the option ('grpc.use_local_subchannel_pool', 1)"
        )


class Connections:
    """All connections by their peer address; safe to use from several threads."""

    def __init__(self, package: str, open_session: Callable[[Mapping[str, Any]], Session]) -> None:
        self._package, self._open = package, open_session
        self._by_peer: dict[str, Connection] = {}
        self._lock = threading.Lock()

    def greet(self, peer: str, engine: str) -> None:
        """An engine said hello.

        The operating system gives ports to others later: another engine means a new connection.
        """
        with self._lock:
            known = self._by_peer.get(peer)
            if known is None or known.engine != engine:
                self._by_peer[peer] = Connection(engine)

    def configure(self, peer: str, settings: Mapping[str, Any]) -> Connection:
        """Give the connection its configuration. Raises SharedConnectionError when it has another one."""
        with self._lock:
            connection = self._by_peer.setdefault(peer, Connection())
            if connection.settings is not None and connection.settings != settings:
                raise SharedConnectionError(self._package)
            if connection.session is None:
                connection.settings, connection.session = dict(settings), self._open(settings)
            connection.cancelled.clear()
            return connection

    def of(self, peer: str) -> Connection | None:
        """The connection, if it said anything before."""
        with self._lock:
            return self._by_peer.get(peer)

    def cancel(self, peer: str) -> None:
        """Its waiting operations should give up."""
        if connection := self.of(peer):
            connection.cancelled.set()
