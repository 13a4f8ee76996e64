"""A registered SAS token is really used: what it lacks is the light it belongs to, in Azure's words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import urllib3
from azure.storage.blob import AccessPolicy, BlobServiceClient, ContainerClient, generate_container_sas
from lightly_policies.sas import token as bound_token
from lightly_sandbox.emulators.server import listening
from lightly_sandbox.kinds.azure.emulator.install import azurite
from lightly_sandbox.kinds.azure.lightly import AzureStorage
from lightly_sandbox.lightly.app import App
from lightly_sandbox.lightly.storage import Storages
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.lightly.caller import NONCE, TOKEN, Api
from tests.lightly_sandbox.lightly.test_verify import FIELDS, red, verified


@dataclass
class Store:
    """A container with an image below `in/` and a placeholder at `out/`, seen by its owner."""

    account: str
    key: str
    container: ContainerClient

    @property
    def name(self) -> str:
        return str(self.container.container_name)

    def sas(self, permission: str, *, hours: float = 1, protocol: str = "https") -> str:
        until = datetime.now(UTC) + timedelta(hours=hours)
        text: str = generate_container_sas(
            self.account, self.name, self.key, permission=permission, expiry=until, protocol=protocol,
            start=datetime.now(UTC) - timedelta(hours=2),
        )  # fmt: skip
        return text

    def source(self, purpose: str, path: str, token: str) -> dict[str, Any]:
        where = {"type": "AZURE", "fullPath": f"{self.name}/{path}", "accountName": self.account}
        return {"purpose": purpose, **where, "accountKey": token}

    def stored(self) -> list[str]:
        return sorted(self.container.list_blob_names())


@pytest.fixture(scope="module")
def azure() -> Iterator[ServerProcess]:
    with start("lightly_sandbox.kinds.azure.emulator", {"azurite": str(azurite())}).wait() as server:
        yield server


@pytest.fixture(scope="module")
def account(azure: ServerProcess) -> tuple[str, str]:
    """A hierarchical account, in which tokens for containers work as well; its name and key."""
    ready = azure.announcement
    group = f"{azure.url}/subscriptions/{ready['subscription']}/resourceGroups/acme"
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/acmetest"

    def arm(method: str, url: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {ready['token']}"}
        answer = urllib3.request(method, f"{url}?api-version=2024-01-01", json=body, headers=headers)
        assert answer.status < 300, answer.data
        return answer.json()

    rules = {"supportsHttpsTrafficOnly": True, "isHnsEnabled": True}
    body = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": rules}
    arm("PUT", group, {"location": "westeurope"})
    arm("PUT", account, body)
    return "acmetest", str(arm("POST", f"{account}/listKeys")["keys"][0]["value"])


@pytest.fixture
def store(azure: ServerProcess, account: tuple[str, str]) -> Iterator[Store]:
    name, key = account
    url, ca = f"https://127.0.0.1:{azure.announcement['tls_port']}/{name}", azure.announcement["ca_file"]
    credential = {"account_name": name, "account_key": key}
    with (
        BlobServiceClient(url, credential=credential, connection_verify=ca) as service,
        service.create_container(f"container-{uuid4().hex[:8]}") as container,
    ):
        container.upload_blob("in/a.png", b"a picture")
        container.upload_blob("out/", b"")
        yield Store(name, key, container)


@pytest.fixture
def api(azure: ServerProcess) -> Iterator[Api]:
    cloud = AzureStorage(f"https://127.0.0.1:{azure.announcement['tls_port']}", azure.announcement["ca_file"])
    with listening(App(NONCE, TOKEN, Storages(cloud))) as url:
        yield Api(url)


def test_least_privilege_on_both_sides_is_green_and_leaves_nothing_behind(api: Api, store: Store) -> None:
    before = store.stored()
    answers, errors = verified(
        api, store.source("INPUT", "in/", store.sas("rl")), store.source("LIGHTLY", "out/", store.sas("rwdl"))
    )
    assert (red(answers), errors) == ([], {})
    assert store.stored() == before


@pytest.mark.parametrize("token", ["{}", "?{}"])
def test_a_token_may_begin_with_a_question_mark(api: Api, store: Store, token: str) -> None:
    answers, _ = verified(api, store.source("LIGHTLY", "out/", token.format(store.sas("rwdl"))))
    assert red(answers) == []


@pytest.mark.parametrize(
    ("permission", "expected"),
    [("rwd", ["canList"]), ("wdl", ["canRead"]), ("rdl", ["canWrite", "canOverwrite"]), ("rcdl", ["canOverwrite"])],
)
def test_a_missing_permission_is_its_own_light(api: Api, store: Store, permission: str, expected: list[str]) -> None:
    answers, errors = verified(api, store.source("LIGHTLY", "out/", token := store.sas(permission)))
    assert red(answers) == expected
    for text in errors.values():
        assert "AuthorizationPermissionMismatch" in text
        assert "RequestId:" in text
        assert f"{store.account}/{store.name}/out/" in text
        assert token.rpartition("sig=")[2] not in text


def test_a_refused_input_shows_although_lightly_is_fine(api: Api, store: Store) -> None:
    answers, errors = verified(
        api, store.source("INPUT", "in/", store.sas("l")), store.source("LIGHTLY", "out/", store.sas("rwdl"))
    )
    assert red(answers) == ["canRead"]
    assert f"{store.name}/in/a.png" in errors["canRead"]


@pytest.mark.parametrize("spoil", ["expired", "another key", "another container", "another account", "no sas"])
def test_what_cannot_work_is_refused_everywhere(api: Api, store: Store, spoil: str) -> None:
    source = store.source("LIGHTLY", "out/", store.sas("rwdl"))
    changed: dict[str, Any] = {
        "expired": {"accountKey": store.sas("rwdl", hours=-1)},
        "another key": {"accountKey": source["accountKey"].replace("sig=", "sig=AAAA")},
        "another container": {"fullPath": "container-of-nobody/out/"},
        "another account": {"accountName": "acmenobody"},
        "no sas": {"accountKey": store.key},
    }[spoil]
    answers, errors = verified(api, source | changed)
    assert red(answers) == list(FIELDS)
    assert store.key not in str(errors)


def test_a_token_for_a_directory_stays_in_it(api: Api, store: Store) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    policy = AccessPolicy(permission="rwdl", start=datetime.now(UTC) - timedelta(hours=1), expiry=until)
    store.container.set_container_access_policy({"lightly-a": policy})
    bound = bound_token(store.account, store.name, "lightly-a", store.key, directory="out")
    assert red(verified(api, store.source("LIGHTLY", "out/", bound))[0]) == []
    assert red(verified(api, store.source("LIGHTLY", "in/", bound))[0]) == list(FIELDS)
    store.container.set_container_access_policy({})
    answers, errors = verified(api, store.source("LIGHTLY", "out/", bound))
    assert red(answers) == list(FIELDS)
    assert "AuthenticationFailed" in errors["canList"], "its policy is gone"


def test_a_directory_that_is_not_there_cannot_be_listed(api: Api, store: Store) -> None:
    answers, errors = verified(api, store.source("LIGHTLY", "new/", store.sas("rwdl")))
    assert red(answers) == ["canList", "canRead"]
    assert "not even a placeholder" in errors["canList"]
    assert "BlobNotFound" in errors["canRead"]


def test_an_empty_container_may_be_the_directory(api: Api, store: Store) -> None:
    for name in store.stored():
        store.container.delete_blob(name)
    assert red(verified(api, store.source("LIGHTLY", "", store.sas("rwdl")))[0]) == []


def test_an_empty_image_can_be_read(api: Api, store: Store) -> None:
    store.container.upload_blob("empty/a.png", b"")
    assert red(verified(api, store.source("LIGHTLY", "empty/", store.sas("rwdl")))[0]) == []


def test_without_azure_in_reach_there_is_no_answer(store: Store) -> None:
    with listening(App(NONCE, TOKEN, Storages())) as url:
        api = Api(url)
        dataset = api.new_dataset()
        api("PUT", f"/v1/datasets/{dataset}/datasource", store.source("INPUT", "in/", store.sas("rl")))
        assert api("GET", f"/v1/datasets/{dataset}/datasource/verify").status == 400
