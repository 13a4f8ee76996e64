"""Whatever a cloud's server does, each of our clients comes to an end: none waits for an answer that drips."""

import ast
import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import lightly_access
import lightly_api
import lightly_cli
import lightly_provider
import pytest
from lightly_access.doctor import http
from lightly_access.doctor.finding import NotReachedError
from lightly_access.kinds.azure import probe
from lightly_access.kinds.azure.probe import SasTarget
from lightly_access.kinds.azure.storage_api.errors import AzureError
from lightly_access.kinds.azure.storage_api.policies import Container
from lightly_access.kinds.contents import BucketUnreadableError
from lightly_access.kinds.gcs.bucket_contents import Project
from lightly_access.kinds.s3.bucket_contents import Account
from lightly_api import bounded
from lightly_core.secret import Secret

from tests.lightly_api.test_transport import HEAD, dripping, server

SECONDS = 0.3
KEYS = {"accessKeyId": "AKIAEXAMPLE000000000", "secretAccessKey": "x" * 40}
Use = Callable[[str], object]


def azure_policies(url: str) -> object:
    key = Secret("a2V5a2V5a2V5a2V5")
    return Container("acme", key, f"{url}/acme", "lake", lambda _: None).policy("x")


def azure_probe(url: str) -> object:
    target = SasTarget("acme", "lake", "in/", Secret("sv=1"), url)
    loop = asyncio.new_event_loop()  # asyncio.run would take away the one that Pulumi's SDK uses in other tests
    try:
        return loop.run_until_complete(target.client().delete("in/.lightly/x"))
    finally:
        loop.close()


USES: dict[str, tuple[Use, type[Exception]]] = {
    "what a bucket of S3 holds": (lambda url: Account("eu-central-1", KEYS).contents("acme"), BucketUnreadableError),
    "a key of KMS": (lambda url: Account("eu-central-1", KEYS).key("arn:aws:kms:x"), BucketUnreadableError),
    "stored policies of Azure": (azure_policies, AzureError),
    "a probe of Azure that deletes": (azure_probe, TimeoutError),
    "what a bucket of Google holds": (lambda url: Project({"accessToken": "x"}).clean("acme"), BucketUnreadableError),
    "doctor": (lambda url: http.ask("GET", f"{url}/x", Secret("x"), []), NotReachedError),
}
DRIPS = {  # an hour of it: whoever raises before that has given up
    "headers": dripping(HEAD + b"X-More: ", b"x"),
    "a body": dripping(HEAD + b"Content-Length: 99999\r\n\r\n", b" "),
}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "SECONDS", SECONDS)
    monkeypatch.setattr(probe, "SECONDS", SECONDS)
    monkeypatch.setattr("azure.core.pipeline.transport.RequestsTransport.sleep", lambda *_: None)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("drip", DRIPS)
def test_a_client_gives_an_answer_up_that_drips(use: str, drip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ask, error = USES[use]
    with server(DRIPS[drip]) as url:
        for name in ("AWS_ENDPOINT_URL", "STORAGE_EMULATOR_HOST"):
            monkeypatch.setenv(name, url)
        with pytest.raises(error):
            ask(url)


MAKERS = {
    "client": {"kinds/s3/client.py"},  # of boto3; a probe's client() is obstore's, see below
    "resource": set(),
    "BlobServiceClient": {"kinds/azure/storage_api/delegation.py"},
    "ContainerClient": {"kinds/azure/storage_api/policies.py", "kinds/azure/storage_api/contents.py"},
    "DefaultAzureCredential": {"kinds/azure/storage_api/client.py"},
    "ClientSecretCredential": {"kinds/azure/storage_api/client.py"},
}
"""What opens a client of a cloud, and the only places where it may stand."""


def calls() -> Iterator[tuple[Path, ast.Call, ast.AST]]:
    """Every call in the product, with what it stands in."""
    for package in (lightly_access, lightly_api, lightly_provider, lightly_cli):
        for path in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            for outer in ast.walk(tree):
                for inner in ast.iter_child_nodes(outer):
                    if isinstance(inner, ast.Call):
                        yield path, inner, outer


def test_every_client_is_made_with_limits() -> None:
    seen = 0
    for path, call, outer in calls():
        name = ast.unparse(call.func).rpartition(".")[2]
        spread = [ast.unparse(word.value) for word in call.keywords if word.arg is None]
        if name in ("PoolManager", "ProxyManager"):
            assert isinstance(outer, ast.Call), (path, ast.unparse(call))
            assert ast.unparse(outer.func) == "bounded", (path, ast.unparse(call))
        elif name in ("S3Store", "AzureStore", "GCSStore") and path.name == "probe.py":
            assert any(each.startswith("options(") for each in spread), (path, name)
        elif name == "client" and (not call.args or isinstance(call.func, ast.Name)):
            continue  # of a target: one of obstore, above; or a function of ours, which is looked at where it stands
        elif name in MAKERS:
            assert any(str(path).endswith(place) for place in MAKERS[name]), (path, ast.unparse(call))
            limits = name == "client" or any("options(" in each for each in spread) or "transport=" in ast.unparse(call)
            assert limits, (path, ast.unparse(call))
        else:
            assert name not in ("urlopen", "HTTPConnection", "HTTPSConnection", "request_encode_url"), path
            continue
        seen += 1
    assert seen >= 14
