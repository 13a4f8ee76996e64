"""Every kind has all that the sandbox asks of one; a sixth is one folder and one row."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest
import urllib3
from lightly_sandbox import credential_clients, fixtures
from lightly_sandbox.calls import calls_in_words
from lightly_sandbox.credential_log import Credential
from lightly_sandbox.emulators.server import listening
from lightly_sandbox.excerpt import known
from lightly_sandbox.kinds import registry
from lightly_sandbox.kinds.credential_client import Attack, CredentialClient
from lightly_sandbox.kinds.estate import Estate
from lightly_sandbox.kinds.fixture import Files, Fixture, Listing
from lightly_sandbox.kinds.kind import SandboxKind
from lightly_sandbox.kinds.storage import Storage
from lightly_sandbox.lightly.app import App
from lightly_sandbox.lightly.findings import READING, Findings
from lightly_sandbox.lightly.models import Managed
from lightly_sandbox.lightly.paths import invalid_path
from lightly_sandbox.lightly.storage import Storages
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.services import Announcement, CloudService
from lightly_sandbox.start import start_sandbox

from tests.lightly_sandbox.lightly.caller import NONCE, TOKEN, Api

SERVER = """
from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.emulators.control import Control
from lightly_sandbox.emulators.counts import Counts
from lightly_sandbox.emulators.faults import Faults
from lightly_sandbox.emulators.messages import json_answer
from lightly_sandbox.emulators.server import Listener
from lightly_sandbox.process import announce, end_with_parent, read_settings

counts = Counts()
control = Control("memory", read_settings()["nonce"], counts, Faults(Clock()))
held = {}

def answer(request):
    if controlled := control.answer(request):
        return controlled
    counts.add("deployer", request.method)
    if request.method == "PUT":
        held[request.path] = request.body.decode()
    return json_answer(200, held)

announce(Listener(answer).server_port, key="the-key")
end_with_parent().join()
"""


class MemoryService(CloudService):
    def lightly(self, started: Announcement) -> dict[str, dict[str, str]]:
        return {"memory": {"key": started["key"]}}

    def environment(self, started: Announcement) -> dict[str, str]:
        return {"MEMORY_ENDPOINT": started["url"]}

    def is_deployer(self, started: Announcement, principal: str) -> bool:
        return principal == "deployer"


class MemoryFixture(Fixture):
    def names(self, stores: Iterable[Any]) -> frozenset[str]:
        return frozenset(store.kind for store in stores)

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        for name, content in files:
            urllib3.request("PUT", f"{sandbox.services['memory'].server.url}/{name}", body=content)

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        held = urllib3.request("GET", sandbox.services["memory"].server.url).json()
        return {"memory": frozenset(held.items())}


class MemoryCredentialClient(CredentialClient):
    accesses: Mapping[str, str] = {"remembered": "memory key"}

    def shown(self, inputs: Mapping[str, Any]) -> tuple[str, str]:
        return "the memory", inputs["memoryKey"]

    def use(self, sandbox: Sandbox, credential: Credential) -> str | None:
        return None if credential.secret.reveal() == "the-key" else "Forgotten"

    def attacks(self, sandbox: Sandbox, credential: Credential) -> Iterator[Attack]:
        yield Attack("forgets", "Forgotten")


class MemoryStorage(Storage):
    types = (Managed,)

    def __init__(self, key: str) -> None:
        self.key = key

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self | None:
        return cls(settings["memory"]["key"]) if "memory" in settings else None

    @classmethod
    def check(cls, source: Managed) -> None:
        if not source.full_path.startswith("memory://"):
            raise invalid_path(source.full_path, "memory://")

    def look(self, source: Managed, *, writing: bool) -> Findings:
        findings = Findings({})
        if self.key != "the-key":
            findings.say(READING, "Forgotten")
        return findings


class MemoryKind(SandboxKind):
    name = "memory"

    def __init__(self, module: str) -> None:
        self.service = MemoryService("memory", "Memory", module)

    def fixture(self, estate: Estate) -> Fixture:
        return MemoryFixture(estate)

    def credential_client(self) -> CredentialClient:
        return MemoryCredentialClient()

    def storage(self) -> type[Storage]:
        return MemoryStorage


@pytest.fixture
def sixth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxKind]:
    (tmp_path / "memory_emulator.py").write_text(SERVER)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{':'.join(filter(None, sys.path))}")
    row = MemoryKind("memory_emulator")
    registry.ROWS.append(row)
    yield row
    registry.ROWS.remove(row)


def test_the_kinds_are_those_of_the_product() -> None:
    from lightly_access.kinds import registry as product

    assert set(registry.names()) == set(product.kinds())


@pytest.mark.parametrize("kind", registry.ROWS, ids=lambda kind: kind.name)
def test_a_kind_has_all_that_is_asked_of_one(kind: SandboxKind) -> None:
    assert kind.storage().types
    assert kind.fixture(Estate({}, ())).asked().keys() <= {
        "accounts",
        "keys",
        "projects",
        "subscription",
        "subscriptions",
    }
    client = kind.credential_client()
    assert client is None or client.accesses


def test_no_two_kinds_have_the_same_datasource_or_access() -> None:
    types = [its for kind in registry.ROWS for its in kind.storage().types]
    clients = [client for kind in registry.ROWS if (client := kind.credential_client())]
    accesses = [access for client in clients for access in client.accesses]
    assert len(set(types)) == len(types)
    assert len(set(accesses)) == len(accesses)


def test_a_sixth_kind_is_one_row(sixth: SandboxKind, tmp_path: Path) -> None:
    assert known(("memory",)) == {"memory"}
    with start_sandbox(tmp_path / "log.txt", ("memory",), tmp_path) as sandbox:
        assert sandbox.environment()["MEMORY_ENDPOINT"] == sandbox.services["memory"].server.url
        manifest: Any = SimpleNamespace(stores={"m": SimpleNamespace(kind="memory")}, datasets={}, accounts={})
        owners = fixtures.owners(manifest)
        assert owners.keys() == {"memory"}
        assert owners["memory"].adopted == {"memory"}
        fixtures.seed(sandbox, owners, [("a.png", b"image")])
        assert [owner.stores(sandbox) for owner in owners.values()] == [{"memory": frozenset({("/a.png", "image")})}]
        assert calls_in_words(sandbox.calls()) == "calls: 2 to Memory, 0 to Lightly"
        resources = [
            {"id": "d1", "type": "lightly:index:Dataset", "outputs": {"name": "memories"}},
            {
                "id": "s1",
                "type": "lightly:index:Datasource",
                "inputs": {
                    "access": "remembered",
                    "datasetId": "d1",
                    "purpose": "INPUT",
                    "path": "memory://m/",
                    "memoryKey": "the-key",
                },
            },
        ]
        (credential,) = credential_clients.registered({"deployment": {"resources": resources}})
        assert str(credential) == "memory key the memory (memories INPUT)"
        assert credential_clients.kind_of(credential) is sixth
        assert credential_clients.use(sandbox, credential) is None
        assert credential_clients.sessions(sandbox, credential) == []
        assert [attack.refused for attack in credential_clients.attacks(sandbox, credential)] == ["Forgotten"]
    assert (tmp_path / "log.txt").read_text() == ""


@pytest.mark.usefixtures("sixth")
@pytest.mark.parametrize(("key", "listed"), [("the-key", True), ("another", False)])
def test_the_local_lightly_uses_a_sixth_kind(key: str, listed: bool) -> None:
    with listening(App(NONCE, TOKEN, Storages.of({"memory": {"key": key}}))) as url:
        api = Api(url)
        where = f"/v1/datasets/{api.new_dataset()}/datasource"
        source = {"purpose": "INPUT", "type": "LIGHTLY", "fullPath": "elsewhere"}
        assert api("PUT", where, source).status == 400
        assert api("PUT", where, {**source, "fullPath": "memory://m/"}).status == 200
        assert api("GET", f"{where}/verify").json()["canList"] is listed
