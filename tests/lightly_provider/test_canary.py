"""Secrets put into every input, under every fault: none comes out anywhere but in a sealed property."""

import itertools
import json
import logging
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from google.protobuf.json_format import MessageToJson
from lightly_core.capability import Purpose, expected
from lightly_core.pulumi_values import Properties, SecretValue, Value, plain

from tests.lightly_provider.fake_lightly import GREEN, TOKEN, FakeLightly, Fault
from tests.lightly_provider.fake_time import FakeTime
from tests.lightly_provider.loopback import Loopback, RpcFailedError, loopback

KEY = 'canary"key/4711+ä='
EXTERNAL_ID = "canary:external/4711="
SIGNATURE = "canary+signature/4711="
SAS = f"sv=2024-11-04&sr=c&si=lightly-a&spr=https&sig={quote(SIGNATURE, safe='')}"
PRIVATE_KEY = "canary-private-key-of-a-service-account\n"
KEY_FILE = json.dumps({"type": "service_account", "client_email": "a@b.example", "private_key": PRIVATE_KEY})
SECRETS = (TOKEN, KEY, EXTERNAL_ID, SAS, SIGNATURE, KEY_FILE, PRIVATE_KEY)
ACCESSES = ("user", "delegated", "sas", "service_account")
ECHO = " ".join(
    [*SECRETS, *map(quote, SECRETS), *(quote(s, safe="") for s in SECRETS), *(json.dumps(s) for s in SECRETS)]
)
FAULTS = {
    "echoed as text": Fault("ANY", ".*", 400, body=ECHO.encode()),
    "echoed as json": Fault("ANY", ".*", 422, body=json.dumps({"code": "BAD", "error": ECHO}).encode()),
    "echoed as html": Fault("ANY", ".*", 403, body=f"<html>{ECHO}</html>".encode()),
    "echoed when down": Fault("ANY", ".*", 503, body=ECHO.encode(), times=99),
    "dropped": Fault("ANY", ".*", drop=True, times=99),
    "redirected": Fault("ANY", ".*", 307, {"Location": f"http://127.0.0.1:9/?token={quote(TOKEN)}"}),
    "no json": Fault("ANY", ".*", 200, body=ECHO.encode()),
}


@pytest.fixture
def provider(lightly: FakeLightly, time: FakeTime) -> Iterator[Loopback]:
    with loopback({}, time.retry_policy()) as found:
        found.configure({"token": TOKEN, "serverLocation": lightly.url})
        yield found


def datasource(dataset_id: str, access: str) -> Properties:
    s3: Properties = {"kind": "s3", "path": "s3://out/", "region": "eu-central-1"}
    own: dict[str, Properties] = {
        "user": {**s3, "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": SecretValue(KEY)},
        "delegated": {**s3, "roleArn": "arn:aws:iam::123456789012:role/x", "externalId": SecretValue(EXTERNAL_ID)},
        "sas": {"kind": "azure", "path": "azure://acme01/out/x/", "sasToken": SecretValue(SAS)},
        "service_account": {
            "kind": "gcs",
            "path": "gs://out/x/",
            "projectId": "acme-ml",
            "credentials": SecretValue(KEY_FILE),
        },
    }
    return {"datasetId": dataset_id, "purpose": "LIGHTLY", "access": access, **own[access]}


def verification(dataset_id: str, lightly: FakeLightly | None = None) -> Properties:
    """It, and with `lightly` what it verifies is registered there."""
    proof: dict[str, Value] = {str(name): wanted for name, wanted in expected(Purpose.LIGHTLY).items()}
    entry: dict[str, Value] = {"kind": "s3", "access": "user", "path": "s3://out/", "identity": "AKIA", "proof": proof}
    table: dict[str, Value] = {"LIGHTLY": {**entry, "fingerprint": "ab"}}
    if lightly:
        lightly.register(dataset_id, table)
    return {"datasetId": dataset_id, "dataset": "cows", "datasources": table, "deadline": 5.0, "confirmations": 2.0}


def assert_clean(text: str) -> None:
    for secret in SECRETS:
        for form in (secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1]):
            assert form not in text
    assert "canary" not in text, text[max(0, text.index("canary") - 200) : text.index("canary") + 200]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_error_no_log_and_no_detail_holds_a_secret(
    provider: Loopback, lightly: FakeLightly, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    caplog.set_level(logging.DEBUG)
    dataset_id = lightly.add("cows")
    user, delegated = datasource(dataset_id, "user"), datasource(dataset_id, "delegated")
    for access in ACCESSES:  # as every run does first: so the secrets are known
        assert provider.check("Datasource", datasource(dataset_id, access))[1] == {}
    said: list[str] = []
    for method in ("GET", "PUT", "POST", "DELETE"):
        found = FAULTS[fault]
        lightly.faults.append(Fault(method, found.path, found.status, found.headers, found.body, found.drop, times=999))
    deeds: list[Callable[[], object]] = [
        lambda: provider.create("Dataset", {"name": "calves", "type": "images"}),
        lambda: provider.create("Datasource", user),
        lambda: provider.create("Datasource", datasource(dataset_id, "sas")),
        lambda: provider.create("Datasource", datasource(dataset_id, "service_account")),
        lambda: provider.update("Datasource", f"{dataset_id}/LIGHTLY", user, delegated),
        lambda: provider.create("Verification", verification(dataset_id)),
        lambda: provider.read("Dataset", dataset_id),
        lambda: provider.read("Datasource", f"{dataset_id}/LIGHTLY", user, user),
        lambda: provider.delete("Dataset", dataset_id, {"name": "cows", "adopted": False, "onRemove": "delete"}),
    ]
    for deed in deeds:
        try:
            deed()
        except RpcFailedError as failure:
            said.append(f"{failure.text} {failure.raw} {failure.init}")
    assert len(said) >= 4
    assert_clean(" ".join(said))
    assert_clean(caplog.text)
    assert_clean(" ".join(MessageToJson(line) for line in provider.log.lines))


def test_words_of_lightly_that_hold_a_secret_reach_neither_state_nor_display(
    provider: Loopback, lightly: FakeLightly
) -> None:
    dataset_id = lightly.add("cows")
    for access in ACCESSES:
        provider.create("Datasource", {**datasource(dataset_id, access), "replaceRegistered": True})
    lightly.verdicts = [{**GREEN, "canWrite": False, "errors": {"canWrite": f"denied for {ECHO}"}}]
    with pytest.raises(RpcFailedError) as caught:
        provider.create("Verification", verification(dataset_id, lightly))
    init = caught.value.init
    assert "denied for <secret>" in init.reasons[0]
    assert_clean(MessageToJson(init))
    assert_clean(caught.value.text)
    assert_clean(" ".join(MessageToJson(line) for line in provider.log.lines))


def test_only_the_secret_of_a_credential_is_hidden_and_not_its_id_and_place(
    provider: Loopback, lightly: FakeLightly
) -> None:
    dataset_id = lightly.add("cows")
    public = {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "region": "eu-central-1", "endpoint": "http://127.0.0.1:9"}
    key: dict[str, Value] = {**public, "secretAccessKey": KEY}
    news = {**verification(dataset_id, lightly), "credentials": SecretValue({"LIGHTLY": key})}
    said = f"AKIAIOSFODNN7EXAMPLE in eu-central-1 at http://127.0.0.1:9 with {KEY} may not"
    lightly.verdicts = [{**GREEN, "canWrite": False, "errors": {"canWrite": said}}]
    with pytest.raises(RpcFailedError) as caught:
        provider.create("Verification", news)
    reasons = " ".join(caught.value.init.reasons)
    assert "AKIAIOSFODNN7EXAMPLE in eu-central-1 at http://127.0.0.1:9 with <secret> may not" in reasons
    assert_clean(MessageToJson(caught.value.init).replace(json.dumps(KEY)[1:-1], "", 1))


def test_secrets_in_answers_are_sealed(provider: Loopback, lightly: FakeLightly) -> None:
    dataset_id = lightly.add("cows")
    external_id = provider.create("ExternalId", {})[1]
    assert isinstance(external_id["value"], SecretValue)
    for access in ACCESSES:
        news = {**datasource(dataset_id, access), "replaceRegistered": True}
        answers = [
            provider.check("Datasource", plain_table(news))[0],  # even when they came in clear
            provider.create("Datasource", news)[1],
            provider.update("Datasource", "x", news, news),
            *provider.read("Datasource", f"{dataset_id}/LIGHTLY", news, news)[1:],
            *provider.read("Datasource", f"{dataset_id}/LIGHTLY")[1:],  # import
        ]
        for answer, name in itertools.product(answers, ("secretAccessKey", "externalId", "sasToken", "credentials")):
            assert name not in answer or isinstance(answer[name], SecretValue)


def test_a_bad_secret_is_a_fault_that_does_not_show_it(provider: Loopback) -> None:
    news = {**datasource("a" * 24, "delegated"), "externalId": SecretValue("canary 4711 with spaces")}
    _, faults = provider.check("Datasource", news)
    assert "<secret>" in faults["externalId"]
    assert_clean(repr(faults))


def plain_table(properties: Properties) -> Properties:
    return {name: plain(value) for name, value in properties.items()}
