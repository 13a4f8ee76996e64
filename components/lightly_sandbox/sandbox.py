"""The clouds and Lightly of this machine: started together, identified, stopped together.

For every kind of store that is wanted: the local cloud, the mock provider that Pulumi's engine is pointed at, and in
front of them the local Lightly, which uses the credentials that are registered with it.
"""

import contextlib
import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from lightly_core.secret import Secret

from lightly_sandbox.deployer.command import ATTACH
from lightly_sandbox.process import ServerProcess, Starting, spawn
from lightly_sandbox.services import PROVIDER, REGION, Announcement, CloudService

__all__ = ["REGION", "Account", "ForeignServerError", "Sandbox"]


class ForeignServerError(RuntimeError):
    """Something answers on the port of a server that we started, and it is not that server."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} is not the server that was started here\nhint: run again; the port was taken over")


@dataclass(frozen=True)
class Account:
    """An AWS account of the local AWS and the key of its administrator."""

    account: str
    access_key_id: str
    secret_access_key: Secret


@dataclass
class Started:
    """A cloud that runs: its server, and the mock provider in front of it."""

    service: CloudService
    server: ServerProcess
    mock_provider: ServerProcess | None = None

    @property
    def announcement(self) -> Announcement:
        """What the server said when it had started, and its URL."""
        return {**self.server.announcement, "url": self.server.url}


class Sandbox:
    """Running local clouds. Use it as a context manager, or call `stop`."""

    def __init__(
        self, services: Mapping[str, Started], lightly: ServerProcess, token: Secret, log: Path | None = None
    ) -> None:
        self.services, self.lightly, self.token, self._log = services, lightly, token, log
        self._http = urllib3.PoolManager(retries=False)
        self._provider: Starting | ServerProcess | None = None
        self.given: dict[str, str] = {}
        """What the user of a stack gives by the environment: the endpoint of a store, keys of its owner."""
        self.accounts = {
            name: Account(made["account"], made["access_key_id"], Secret(made["secret_access_key"]))
            for name, made in (self.aws.announcement["accounts"].items() if "aws" in services else ())
        }
        for server in (*self._clouds().values(), lightly):
            self._identify(server)

    @property
    def aws(self) -> ServerProcess:
        """The local AWS. Raises KeyError when it was not asked for."""
        return self.services["aws"].server

    def _clouds(self) -> dict[str, ServerProcess]:
        """The servers with a control plane."""
        return {name: cloud.server for name, cloud in self.services.items() if cloud.service.controlled}

    def _identify(self, server: ServerProcess) -> None:
        if self.control(server, "GET").get("nonce") != server.nonce:
            raise ForeignServerError(server.url)

    def control(self, server: ServerProcess, method: str, path: str = "", body: object = None) -> dict[str, Any]:
        """A call to a server's control plane, which only its parent may use."""
        answer = self._http.request(
            method,
            f"{server.url}/_sandbox{path}",
            headers={"X-Sandbox-Nonce": server.nonce, "Content-Type": "application/json"},
            body=None if body is None else json.dumps(body).encode(),
        )
        if answer.status >= 300:
            raise RuntimeError(f"{server.module}: control call {path or '/'} answered {answer.status}")
        value: dict[str, Any] = json.loads(answer.data or b"{}")
        return value

    def calls(self) -> dict[str, int]:
        """How many calls each cloud has seen: the deployer's calls to each cloud, and all calls to Lightly."""
        seen = {}
        for name, server in self._clouds().items():
            principals = self.control(server, "GET", "/calls")["by_principal"]
            cloud = self.services[name]
            deployers = (who for who in principals if cloud.service.is_deployer(cloud.announcement, who))
            seen[name] = sum(principals[who] for who in deployers)
        return {**seen, "lightly": int(self.control(self.lightly, "GET", "/calls")["total"])}

    @contextlib.contextmanager
    def faults(self, server: ServerProcess, *faults: Mapping[str, Any]) -> Iterator[None]:
        """Faults that hold inside the block."""
        self.control(server, "POST", "/faults", list(faults))
        try:
            yield
        finally:
            self.control(server, "POST", "/faults", [])

    def environment(self) -> dict[str, str]:
        """What any tool needs to find these clouds, by the names that the tools read."""
        found: dict[str, str] = {}
        plugins = []
        for cloud in self.services.values():
            found |= cloud.service.environment(cloud.announcement)
            if cloud.service.mock_provider and cloud.mock_provider:
                plugins.append(f"{cloud.service.mock_provider.package}:{cloud.mock_provider.port}")
        return {
            **found,
            "LIGHTLY_SERVER_LOCATION": self.lightly.url,
            "LIGHTLY_TOKEN": self.token.reveal(),
            ATTACH: ",".join(plugins),
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **self.given,
        }

    def start_provider(self) -> None:
        """Start the `lightly` provider, for whoever deploys; it serves every run."""
        if not self._provider:
            self._provider = spawn(PROVIDER, self._log).configure({"environment": self.environment()})

    def deployment(self) -> dict[str, str]:
        """What Pulumi needs to deploy here: the environment, and the `lightly` provider among those to attach to."""
        self.start_provider()
        if isinstance(self._provider, Starting):
            self._provider = self._provider.wait()
        assert self._provider
        found = self.environment()
        attached = filter(None, (found[ATTACH], f"lightly:{self._provider.port}"))
        return {**found, ATTACH: ",".join(attached)}

    def exports(self) -> str:
        """The environment as lines for a shell."""
        shells = (cloud.service.shell(cloud.announcement) for cloud in self.services.values())
        found = {**self.environment(), **{name: value for shell in shells for name, value in shell.items()}}
        return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in found.items())

    def stop(self) -> None:
        """Stop everything that was started, who uses others before these; safe to call twice."""
        if isinstance(self._provider, Starting):
            self._provider.abandon()
        users = [self._provider] if isinstance(self._provider, ServerProcess) else []
        users += [cloud.mock_provider for cloud in self.services.values() if cloud.mock_provider]
        for servers in ([*users, self.lightly], [cloud.server for cloud in self.services.values()]):
            for server in servers:
                server.ask_to_end()
            for server in servers:
                server.stop()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
