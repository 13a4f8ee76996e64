"""Every credential that was ever issued, read from the state after each run."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lightly_core.secret import Secret

from lightly_sandbox.deployer import State


@dataclass(frozen=True)
class Credential:
    """A way in that Lightly was given: a role with its external ID, a session of it, an access key, a SAS token or a
    service account's key that we made, or a given key that its owner made."""

    kind: str
    dataset: str
    purpose: str
    path: str
    """As the Datasource has it; empty for one that waits for its end, when its path is not known any more."""
    identity: str
    secret: Secret
    session_token: Secret | None = None
    registered: bool = True
    """Whether a Datasource has it. One that was only made is named after its resource: whose it is shows later."""

    @property
    def bucket(self) -> str:
        """The bucket it reaches; on Azure the account."""
        return urlsplit(self.path).netloc

    @property
    def prefix(self) -> str:
        """The directory it reaches; on Azure the container comes first."""
        return urlsplit(self.path).path.lstrip("/")

    @property
    def ours(self) -> bool:
        """Whether the deployment made it, and so ends it."""
        return self.kind != "given key"

    def __str__(self) -> str:
        return f"{self.kind} {self.identity} ({self.dataset} {self.purpose})"


def registered(state: State) -> list[Credential]:
    """The credentials in a state that shows its secrets: those registered, and those that wait for their end."""
    resources = [resource for resource in state["deployment"].get("resources", []) if "id" in resource]
    names = {it["id"]: it["outputs"]["name"] for it in resources if it["type"] == "lightly:index:Dataset"}
    sources = [it["inputs"] for it in resources if it["type"] == "lightly:index:Datasource"]
    found = [credential for source in sources if (credential := _of_datasource(source, names))]
    known = {credential.identity for credential in found}
    return [*found, *(it for it in _issued(resources) if it.identity not in known)]


def _of_datasource(inputs: Mapping[str, Any], names: Mapping[str, str]) -> Credential | None:
    """The credential of a Datasource; a mount has none."""
    if inputs["access"] not in _SHOWN:
        return None
    kind, shown = _SHOWN[inputs["access"]]
    identity, secret = shown(inputs)
    return Credential(kind, names[inputs["datasetId"]], inputs["purpose"], inputs["path"], identity, Secret(secret))


def _issued(resources: list[dict[str, Any]]) -> Iterator[Credential]:
    """What the state has beside the registered ones: made and not registered yet, or replaced and not deleted yet."""
    for it in resources:
        name = it.get("urn", "").rsplit("::", 1)[-1]
        match it["type"]:
            case "aws:iam/accessKey:AccessKey":
                secret = Secret(_plain(it["outputs"]["secret"]))
                yield Credential("access key", it["outputs"]["user"], "", "", it["id"], secret, registered=False)
            case "lightly:index:AzureSas":
                made = it["outputs"]
                path = f"azure://{made['accountName']}/{made['container']}/{made['directory']}"
                identity, token = _sas({"path": path, "sasToken": made["sasToken"]})
                yield Credential("SAS token", name, made["purpose"], path, identity, Secret(token), registered=False)
            case "gcp:serviceaccount/key:Key":
                text = base64.b64decode(_plain(it["outputs"]["privateKey"])).decode()
                identity, _ = _service_account({"credentials": text})
                yield Credential("service account key", name, "", "", identity, Secret(text), registered=False)


def _role(inputs: Mapping[str, Any]) -> tuple[str, str]:
    return _plain(inputs["roleArn"]), _plain(inputs["externalId"])


def _key(inputs: Mapping[str, Any]) -> tuple[str, str]:
    return _plain(inputs["accessKeyId"]), _plain(inputs["secretAccessKey"])


def _sas(inputs: Mapping[str, Any]) -> tuple[str, str]:
    """`account/container/policy`: the signed policy is the name by which a token is revoked."""
    token, where = _plain(inputs["sasToken"]), urlsplit(inputs["path"])
    policy = parse_qs(token.removeprefix("?")).get("si", ["user-delegation"])[0]
    return f"{where.netloc}/{where.path.split('/')[1]}/{policy}", token


def _service_account(inputs: Mapping[str, Any]) -> tuple[str, str]:
    """The account's name and the beginning of the key's id, by which a key is told from the one that replaces it."""
    text = _plain(inputs["credentials"])
    file = json.loads(text)
    return f"{file['client_email']}, key {file['private_key_id'][:8]}", text


_SHOWN: dict[str, tuple[str, Callable[[Mapping[str, Any]], tuple[str, str]]]] = {
    "delegated": ("role", _role),
    "user": ("access key", _key),
    "key": ("given key", _key),
    "sas": ("SAS token", _sas),
    "service_account": ("service account key", _service_account),
}
"""How Lightly gets in -> the kind of credential, and its identity and secret."""


def _plain(value: Any) -> str:
    """A string of a state that shows its secrets: bare, or in an envelope whose `plaintext` is JSON."""
    if isinstance(value, dict):
        return str(json.loads(value["plaintext"]))
    return str(value)


@dataclass
class CredentialLog:
    """What was issued so far, oldest first, each once."""

    credentials: dict[str, Credential] = field(default_factory=dict)

    def note(self, *credentials: Credential) -> None:
        """Remember credentials; one that is known keeps its first entry, or its first as a registered one."""
        for credential in credentials:
            name = f"{credential.kind} {credential.identity} {credential.secret.reveal()}"
            known = self.credentials.get(name)
            if known is None or (credential.registered and not known.registered):
                self.credentials.pop(name, None)
                self.credentials[name] = credential

    def current(self, dataset: str, purpose: str) -> Credential:
        """The credential that was registered last for this datasource; never a session."""
        mine = [
            c for c in self.credentials.values() if (c.dataset, c.purpose) == (dataset, purpose) and c.kind != "session"
        ]
        return mine[-1]
