"""SAS tokens, as whoever got hold of one would use and change them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from lightly_core.secret import Secret

from lightly_sandbox.credential_log import Credential, revealed
from lightly_sandbox.kinds.azure.client import Bearer, refusal
from lightly_sandbox.kinds.azure.fixtures import PAYROLL
from lightly_sandbox.kinds.credential_client import Attack, CredentialClient, attempt
from lightly_sandbox.sandbox import Sandbox

_LATER = {"clock_offset_seconds": 20 * 365 * 24 * 3600}


def enter(sandbox: Sandbox, credential: Credential) -> Bearer:
    return Bearer(sandbox, credential.bucket, dict(parse_qsl(credential.secret.reveal().removeprefix("?"))))


class AzureCredentialClient(CredentialClient):
    """Whoever got hold of a SAS token."""

    accesses: Mapping[str, str] = {"sas": "SAS token"}

    def shown(self, inputs: Mapping[str, Any]) -> tuple[str, str]:
        """`account/container/policy`: the signed policy is the name by which a token is revoked."""
        token, where = revealed(inputs["sasToken"]), urlsplit(inputs["path"])
        policy = parse_qs(token.removeprefix("?")).get("si", ["user-delegation"])[0]
        return f"{where.netloc}/{where.path.split('/')[1]}/{policy}", token

    def issued(self, resource: Mapping[str, Any]) -> Credential | None:
        """A token is a resource of its own."""
        if resource["type"] != "lightly:index:AzureSas":
            return None
        made, name = resource["outputs"], resource.get("urn", "").rsplit("::", 1)[-1]
        path = f"azure://{made['accountName']}/{made['container']}/{made['directory']}"
        identity, token = self.shown({"path": path, "sasToken": made["sasToken"]})
        return Credential("SAS token", name, made["purpose"], path, identity, Secret(token), registered=False)

    def outlasts(self, credential: Credential) -> str | None:
        if not credential.identity.endswith("/user-delegation"):
            return None
        return "a token of a user delegation key ends in 7 days, or with `az storage account revoke-delegation-keys`"

    def use(self, sandbox: Sandbox, credential: Credential) -> str | None:
        container, _, directory = credential.prefix.partition("/")
        return attempt(lambda: enter(sandbox, credential).list(container, directory), refusal)

    def attacks(self, sandbox: Sandbox, credential: Credential) -> Iterator[Attack]:
        """Leave the container or directory, write where only reading is granted, change the token, use no TLS."""
        bearer, who = enter(sandbox, credential), f"{credential.dataset} {credential.purpose}"
        container, _, directory = credential.prefix.partition("/")
        inside = f"{container}/{directory}x"
        own = bearer.with_token(si=None, sp="racwdl", se="2099-01-01T00:00:00Z")
        tries: list[tuple[str, Callable[[], object]]] = [
            ("lists another container", lambda: bearer.list(PAYROLL)),
            ("writes to another container", lambda: bearer.write(f"{PAYROLL}/x")),
            ("lists the account's containers", lambda: bearer.ask("GET", comp="list")),
            ("sets stored policies", lambda: bearer.ask("PUT", container, b"", restype="container", comp="acl")),
            ("deletes the container", lambda: bearer.ask("DELETE", container, restype="container")),
            ("lists without TLS", lambda: bearer.ask("GET", container, tls=False, restype="container", comp="list")),
            ("writes with permissions of its own", lambda: own.write(inside)),
            *_by_another_policy(bearer, container, directory),
            ("lists without its signature", lambda: bearer.with_token(sig=None).list(container, directory)),
            *(_beside(bearer, container, directory) if directory and bearer.bound else ()),
            *(_reading_only(bearer, inside) if credential.purpose == "INPUT" else ()),
        ]
        for what, action in tries:
            yield Attack.tried(f"{who} {what}", action, refusal)
        with sandbox.faults(sandbox.services["azure"].server, _LATER):
            yield Attack(f"{who} lists after the token's end", self.use(sandbox, credential))


def _by_another_policy(bearer: Bearer, container: str, directory: str) -> list[tuple[str, Callable[[], object]]]:
    """Only a token that lives by a stored access policy can name another one."""
    other = bearer.with_token(si="another")
    return [("lists under another policy's name", lambda: other.list(container, directory))] if bearer.by_policy else []


def _beside(bearer: Bearer, container: str, directory: str) -> list[tuple[str, Callable[[], object]]]:
    """Only a token for a directory can be told to stay in it."""
    beside = f"{directory.rstrip('/')}-not-yours/"
    whole = bearer.with_token(sr="c", sdd=None)
    return [
        ("lists the whole container", lambda: bearer.list(container)),
        ("lists beside its path", lambda: bearer.list(container, beside)),
        ("reads beside its path", lambda: bearer.read(f"{container}/{beside}secret.png")),
        ("writes beside its path", lambda: bearer.write(f"{container}/{beside}x")),
        ("makes its token one for the container", lambda: whole.list(container)),
    ]


def _reading_only(bearer: Bearer, inside: str) -> list[tuple[str, Callable[[], object]]]:
    return [
        ("writes to its path", lambda: bearer.write(inside)),
        ("deletes from its path", lambda: bearer.delete(inside)),
    ]
