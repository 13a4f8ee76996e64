"""Clouds that repeat what they were asked, drop the line or are not who they say: the provider gives nothing away.

What leaves it: gRPC status, details and trailers, lines in the engine's log, its own log and its output.
"""

import base64
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.protobuf.json_format import MessageToJson
from lightly_access.kinds.azure.storage_api import delegation, policies
from lightly_core.capability import Purpose, expected
from lightly_core.pulumi_values import Properties, SecretValue, Value

from tests.lightly_provider.echoing_cloud import HOWS, EchoingCloud, echoing_cloud
from tests.lightly_provider.fake_lightly import TOKEN, FakeLightly
from tests.lightly_provider.fake_time import FakeTime
from tests.lightly_provider.loopback import Loopback, RpcFailedError, loopback
from tests.lightly_sandbox.hygiene.secret_search import SecretSearch

KEY = "kZ8+Wq3/Lm5Xv9Rt2Yb7Nc4Hd6Jf1Pg0As8Ue+Qi"
ACCOUNT_KEY = base64.b64encode(b"canary: the key of an account, as Azure has it in base64").decode()
SIGNATURE = "c2lnbmF0dXJlLW9mLWEtY2FuYXJ5+/LzQ3MTE="
SAS = f"sv=2022-11-02&sr=c&si=lightly-a&spr=https&sig={quote(SIGNATURE, safe='')}"
HEADER = "identity-header-of-the-deployer-4711"


@pytest.fixture(scope="module")
def key_file() -> str:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "acme-ml",
            "private_key_id": "ab" * 20,
            "private_key": pem,
            "client_email": "lightly@acme-ml.iam.gserviceaccount.com",
            "token_uri": "https://oauth2.googleapis.com/token",
        }
    )


@pytest.fixture
def secrets(key_file: str) -> dict[str, str]:
    return {
        "the token": TOKEN, "the key": KEY, "the account key": ACCOUNT_KEY, "the SAS": SAS, "the key file": key_file,
        "the identity header": HEADER,
    }  # fmt: skip


@pytest.fixture
def provider(lightly: FakeLightly, time: FakeTime) -> Iterator[Loopback]:
    with loopback({}, time.retry_policy()) as found:
        found.configure({"token": TOKEN, "serverLocation": lightly.url})
        yield found


@pytest.fixture(params=HOWS)
def cloud(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EchoingCloud]:
    """The echoing cloud, found by what each client looks for."""
    for user in (delegation, policies):
        monkeypatch.setattr(user, "options", impatient)
    with echoing_cloud(request.param, tmp_path) as itself:
        for name, value in (
            ("AWS_ENDPOINT_URL", itself.url), ("STORAGE_EMULATOR_HOST", itself.url),
            ("IDENTITY_ENDPOINT", f"{itself.url}/identity"), ("IDENTITY_HEADER", HEADER),
        ):  # fmt: skip
            monkeypatch.setenv(name, value)
        yield itself


def impatient(transport: Any = None) -> dict[str, Any]:
    """The SDK's options, without its pauses."""
    return {"retry_total": 0, "connection_timeout": 5, "read_timeout": 5}


def given(kind: str, cloud: EchoingCloud, key_file: str) -> tuple[str, str, dict[str, Value]]:
    """The access, the path and the probed key of a kind of store."""
    return {
        "s3": (
            "user",
            "s3://out/x/",
            {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": KEY, "region": "eu-west-1"},
        ),
        "azure": ("sas", "azure://acme01/out/x/", {"sasToken": SAS, "endpoint": f"{cloud.url}/acme01"}),
        "gcs": ("service_account", "gs://out-acme/x/", {"credentials": key_file}),
    }[kind]  # type: ignore[return-value]  # the values of a key are values


def verification(dataset_id: str, kind: str, cloud: EchoingCloud, key_file: str) -> Properties:
    access, path, key = given(kind, cloud, key_file)
    proof: dict[str, Value] = {str(name): wanted for name, wanted in expected(Purpose.LIGHTLY).items()}
    entry: dict[str, Value] = {
        "kind": kind, "access": access, "path": path, "identity": "it", "fingerprint": "ab", "proof": proof,
    }  # fmt: skip
    return {
        "datasetId": dataset_id, "dataset": "cows", "datasources": {"LIGHTLY": entry},
        "credentials": SecretValue({"LIGHTLY": key}), "deadline": 2.0, "confirmations": 1.0,
    }  # fmt: skip


def sas(cloud: EchoingCloud, method: str) -> Properties:
    made: Properties = {
        "accountName": "acme01", "endpoint": f"{cloud.url}/acme01", "container": "out", "directory": "x/",
        "hierarchical": False, "purpose": "LIGHTLY", "policy": "lightly-a", "method": method,
        "start": "2026-11-20T23:00:00Z", "expiry": "2026-11-26T00:00:00Z",
    }  # fmt: skip
    return made | ({"accountKey": SecretValue(ACCOUNT_KEY)} if method == "stored_policy" else {})


class Said:
    """All that left the provider."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def hear(self, failure: RpcFailedError) -> None:
        self.texts += [failure.text] if failure.init else [failure.text, failure.raw]
        if failure.init:  # its inputs travel beside it, sealed
            self.texts += failure.init.reasons
            outputs = failure.init.properties.fields
            self.texts += [MessageToJson(outputs[name]) for name in ("lights", "probes") if name in outputs]


def all_of(said: Said, provider: Loopback, logs: str, output: str) -> dict[str, str]:
    """Each channel by its name."""
    lines = "\n".join(MessageToJson(line) for line in provider.log.lines)
    return {"answers": "\n".join(said.texts), "the engine's log": lines, "the log": logs, "the output": output}


@pytest.mark.parametrize("kind", ["s3", "azure", "gcs"])
def test_a_probe_gives_nothing_away(
    provider: Loopback,
    lightly: FakeLightly,
    cloud: EchoingCloud,
    kind: str,
    key_file: str,
    secrets: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.WARNING)  # what a process shows where nobody asked for more
    news = verification(lightly.add("cows"), kind, cloud, key_file)
    cloud.knows.append({"s3": KEY, "azure": SAS, "gcs": key_file}[kind])
    checked, faults = provider.check("Verification", news)
    assert faults == {}
    said = Said()
    try:
        _, outputs = provider.create("Verification", checked)
        said.texts.append(repr(outputs))
    except RpcFailedError as failure:
        said.hear(failure)
    assert said.texts
    shown = all_of(said, provider, caplog.text, "".join(capfd.readouterr()))
    assert {channel: found for channel, text in shown.items() if (found := SecretSearch(secrets).found(text))} == {}


@pytest.mark.parametrize("method", ["stored_policy", "user_delegation"])
def test_a_token_that_cannot_be_made_gives_nothing_away(
    provider: Loopback,
    cloud: EchoingCloud,
    method: str,
    secrets: dict[str, str],
    key_file: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.WARNING)  # what a process shows where nobody asked for more
    cloud.knows += [SAS, ACCOUNT_KEY]
    news, faults = provider.check("AzureSas", sas(cloud, method))
    assert faults == {}
    state = {**news, "sasToken": SecretValue(SAS)}
    said = Said()
    for deed in (
        lambda: provider.read("AzureSas", "acme01/out/lightly-a", news, state),
        lambda: provider.create("AzureSas", news),
        lambda: provider.delete("AzureSas", "acme01/out/lightly-a", state),
    ):
        try:
            deed()
        except RpcFailedError as failure:
            said.hear(failure)
    assert said.texts, "the cloud refused"
    shown = all_of(said, provider, caplog.text, "".join(capfd.readouterr()))
    assert {channel: found for channel, text in shown.items() if (found := SecretSearch(secrets).found(text))} == {}
