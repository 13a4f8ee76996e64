"""The clouds and Lightly of this machine: started together, identified, stopped together.

Three processes: the local AWS, the local Lightly (which uses the credentials that are registered with it, from
Lightly's own account), and the stand-in for Pulumi's `aws` provider, which Pulumi's engine is pointed at.
"""

import contextlib
import json
import secrets
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from lightly_access.secret import Secret

from lightly_rehearsal.process import ServerProcess, Starting, spawn

REGION = "eu-central-1"
_AWS, _LIGHTLY, _PLUGIN = "lightly_rehearsal.clouds.aws", "lightly_rehearsal.lightly", "lightly_rehearsal.plugins.aws"


class NotOurServer(RuntimeError):
    """Something answers on the port of a server that we started, and it is not that server."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} is not the server that was started here\nhint: run again; the port was taken over")


@dataclass(frozen=True)
class Account:
    """An AWS account of the local AWS and the key of its administrator."""

    account: str
    access_key_id: str
    secret_access_key: Secret


class Sandbox:
    """Running local clouds. Use it as a context manager, or call `stop`."""

    def __init__(self, aws: ServerProcess, lightly: ServerProcess, plugin: ServerProcess, token: Secret) -> None:
        self.aws, self.lightly, self.plugin, self.token = aws, lightly, plugin, token
        self._http = urllib3.PoolManager(retries=False)
        self.given: dict[str, str] = {}
        """What the user of a stack gives by the environment: the endpoint of a store, keys of its owner."""
        self.accounts = {
            name: Account(it["account"], it["access_key_id"], Secret(it["secret_access_key"]))
            for name, it in aws.ready["accounts"].items()
        }
        for server in (aws, lightly):
            self._identify(server)

    def _identify(self, server: ServerProcess) -> None:
        if self.control(server, "GET").get("nonce") != server.nonce:
            raise NotOurServer(server.url)

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
        """How many calls each side has seen: the deployer's calls to AWS, and all calls to Lightly."""
        seen = self.control(self.aws, "GET", "/calls")["by_principal"]
        ours = f":{self.accounts['customer'].account}:"
        deployer = sum(
            count for principal, count in seen.items() if ours in principal and ":assumed-role/" not in principal
        )
        return {"aws": deployer, "lightly": int(self.control(self.lightly, "GET", "/calls")["total"])}

    @contextlib.contextmanager
    def faults(self, server: ServerProcess, *faults: Mapping[str, Any]) -> Iterator[None]:
        """Faults that hold inside the block."""
        self.control(server, "POST", "/faults", list(faults))
        try:
            yield
        finally:
            self.control(server, "POST", "/faults", [])

    def environment(self) -> dict[str, str]:
        """What any tool needs to find these clouds, by the names that AWS's, Lightly's and Pulumi's tools read."""
        customer, lightly, stranger = (self.accounts[name] for name in ("customer", "lightly", "stranger"))
        return {
            "AWS_ENDPOINT_URL": self.aws.url,
            "AWS_ACCESS_KEY_ID": customer.access_key_id,
            "AWS_SECRET_ACCESS_KEY": customer.secret_access_key.reveal(),
            "AWS_SESSION_TOKEN": "",  # one of the user's own would go with these keys
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,  # the name that boto3 reads
            "LIGHTLY_SERVER_LOCATION": self.lightly.url,
            "LIGHTLY_TOKEN": self.token.reveal(),
            "PULUMI_DEBUG_PROVIDERS": f"aws:{self.plugin.port}",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "SANDBOX_LIGHTLY_AWS_ACCESS_KEY_ID": lightly.access_key_id,
            "SANDBOX_LIGHTLY_AWS_SECRET_ACCESS_KEY": lightly.secret_access_key.reveal(),
            "SANDBOX_STRANGER_AWS_ACCESS_KEY_ID": stranger.access_key_id,
            "SANDBOX_STRANGER_AWS_SECRET_ACCESS_KEY": stranger.secret_access_key.reveal(),
            **self.given,
        }

    def exports(self) -> str:
        """The environment as lines for a shell."""
        return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in self.environment().items())

    def stop(self) -> None:
        """Stop everything that was started; safe to call twice."""
        for server in (self.plugin, self.lightly, self.aws):
            server.stop()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()


def start_sandbox(log: Path | None = None) -> Sandbox:
    """Start the local clouds; they import side by side and are told of each other when the local AWS has its port.

    Raises ServerDidNotStart; whatever had started is stopped then.
    """
    token = Secret(secrets.token_hex(24))
    started: dict[str, Starting] = {}
    running: list[ServerProcess] = []
    try:
        for module in (_AWS, _LIGHTLY, _PLUGIN):
            started[module] = spawn(module, log)
        running.append(aws := started.pop(_AWS).configure({"region": REGION}).wait())
        where = {"endpoint": aws.url, "region": REGION}
        started[_LIGHTLY].configure({"token": token.reveal(), "aws": {**where, **_key(aws, "lightly")}})
        started[_PLUGIN].configure({**where, **_key(aws, "customer")})
        running.append(lightly := started.pop(_LIGHTLY).wait())
        running.append(plugin := started.pop(_PLUGIN).wait())
        return Sandbox(aws, lightly, plugin, token)
    except BaseException:
        for child in started.values():
            child.abandon()
        for server in running:
            server.stop()
        raise


def _key(aws: ServerProcess, account: str) -> dict[str, str]:
    return {name: aws.ready["accounts"][account][name] for name in ("access_key_id", "secret_access_key")}
