"""Azure containers and Cloud Storage buckets registered as Lightly's client 1.5.26 does it."""

import json

import pytest
from lightly_api.client import LightlyApi
from lightly_api.registration import THUMBNAILS
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, plain
from lightly_provider.handlers.datasource import DatasourceHandler
from lightly_provider.handlers.handler import Call

from tests.lightly_provider.fake_lightly import FakeLightly

HANDLER = DatasourceHandler()
TOKEN = "sv=2024-11-04&sr=d&sdd=1&si=lightly-a&spr=https&sig=canary%2Bsignature%3D"
KEY = json.dumps({"type": "service_account", "client_email": "a@b.iam.gserviceaccount.com", "private_key": "canary"})
AZURE: Properties = {
    "kind": "azure",
    "access": "sas",
    "path": "azure://acmephotos/datalake/cows/brown/",
    "sasToken": SecretValue(TOKEN),
}
GCS: Properties = {
    "kind": "gcs",
    "access": "service_account",
    "path": "gs://acme-frames/cows/",
    "projectId": "acme-ml",
    "credentials": SecretValue(KEY),
}
BODIES: list[tuple[Properties, dict[str, str]]] = [
    (
        AZURE,
        {"type": "AZURE", "accountName": "acmephotos", "accountKey": f"?{TOKEN}", "fullPath": "datalake/cows/brown/"},
    ),
    (
        GCS,
        {"type": "GCS", "gcsProjectId": "acme-ml", "gcsCredentials": KEY, "fullPath": "gs://acme-frames/cows/"},
    ),
]


@pytest.fixture
def call(api: LightlyApi) -> Call:
    return Call(api=lambda: api)


@pytest.fixture
def dataset(lightly: FakeLightly) -> Properties:
    return {"datasetId": lightly.add("cows"), "purpose": "LIGHTLY"}


@pytest.mark.parametrize(("access", "body"), BODIES, ids=["azure", "gcs"])
def test_the_body_is_the_clients_and_reading_it_back_is_no_drift(
    lightly: FakeLightly, call: Call, dataset: Properties, access: Properties, body: dict[str, str]
) -> None:
    checked = HANDLER.check({**dataset, **access})
    assert not checked.failures
    made = HANDLER.create(call, checked.inputs)
    assert lightly.seen[-1].body == {"purpose": "LIGHTLY", "thumbSuffix": THUMBNAILS, **body}
    found = HANDLER.read(call, made.id, made.properties, made.properties)
    assert found is not None
    assert HANDLER.diff(found.inputs, found.properties, made.properties).changes == frozenset()


@pytest.mark.parametrize(
    ("path", "full"), [("azure://acme01/lake/", "lake/"), ("azure://acme01/lake/a b/ü/", "lake/a b/ü/")]
)
def test_every_path_of_a_container_comes_back_as_it_was(
    lightly: FakeLightly, call: Call, dataset: Properties, path: str, full: str
) -> None:
    made = HANDLER.create(call, {**dataset, **AZURE, "path": path})
    key = (str(dataset["datasetId"]), "LIGHTLY")
    assert lightly.datasources[key]["fullPath"] == full
    lightly.datasources[key]["fullPath"] = full.rstrip("/")
    for old in (made.properties, {}):
        found = HANDLER.read(call, made.id, old, made.properties)
        assert found is not None
        assert found.inputs["path"] == path


@pytest.mark.parametrize(
    ("access", "field", "value", "changes"),
    [
        (AZURE, "accountName", "another1", {"path": "azure://another1/datalake/cows/brown/"}),
        (AZURE, "fullPath", "datalake/pigs/", {"path": "azure://acmephotos/datalake/pigs/"}),
        (AZURE, "accountName", "acme*****", {}),
        (AZURE, "accountKey", "?sv=another", {}),
        (AZURE, "accountKey", "*****", {}),
        (GCS, "gcsProjectId", "acme-other", {"projectId": "acme-other"}),
        (GCS, "gcsProjectId", "*****", {}),
        (GCS, "gcsCredentials", "*****", {}),
        (GCS, "fullPath", "gs://acme-frames/cows", {}),
        (GCS, "fullPath", "gs://acme-other/cows/", {"path": "gs://acme-other/cows/"}),
    ],
)
def test_drift_is_shown_and_what_is_masked_or_secret_is_as_it_was(
    lightly: FakeLightly, call: Call, dataset: Properties, access: Properties, field: str, value: str,
    changes: dict[str, str],
) -> None:  # fmt: skip
    made = HANDLER.create(call, {**dataset, **access})
    lightly.datasources[str(dataset["datasetId"]), "LIGHTLY"][field] = value
    found = HANDLER.read(call, made.id, made.properties, made.properties)
    assert found is not None
    assert found.inputs == {**made.properties, **changes}


@pytest.mark.parametrize("access", [AZURE, GCS])
def test_an_import_has_no_secret_even_when_lightly_shows_it(
    call: Call, dataset: Properties, access: Properties
) -> None:
    made = HANDLER.create(call, {**dataset, **access})
    found = HANDLER.read(call, made.id, {}, {})
    assert found is not None
    assert "canary" not in repr(plain(found.inputs))
    assert len(HANDLER.diff(found.inputs, found.properties, {**dataset, **access}).changes) == 1


@pytest.mark.parametrize(
    ("access", "wrong", "said"),
    [
        (AZURE, {"sasToken": "sp=rl&se=2027-01-01"}, "hint: it has no signature"),
        (AZURE, {"sasToken": f"{TOKEN}&srt=co&ss=b"}, "hint: an account SAS reaches every container"),
        (AZURE, {"sasToken": TOKEN.replace("sr=d", "sr=b")}, "hint: Lightly lists: the token must be for"),
        (AZURE, {"sasToken": TOKEN.replace("https", "https,http")}, "hint: the token must be for https only"),
        (AZURE, {"sasToken": TOKEN.replace("si=lightly-a", "sp=rl")}, "neither rights and end nor a stored policy"),
        (AZURE, {"sasToken": None}, "is needed"),
        (AZURE, {"path": "azure://acmephotos/datalake"}, "expected azure://<account>/<container>/<directory>/"),
        (AZURE, {"path": "azure://acmephotos/datalake/cows"}, "hint: it ends in /"),
        (AZURE, {"path": "azure://Acme/datalake/cows/"}, "expected a storage account's name"),
        (AZURE, {"path": "azure://acmephotos/$web/cows/"}, "expected a container's name"),
        (AZURE, {"path": "azure://acmephotos/datalake/../cows/"}, "no . or .. as a directory"),
        (AZURE, {"path": "gs://acme-frames/cows/"}, "expected azure://"),
        (AZURE, {"access": "service_account"}, "expected sas for a store of kind azure"),
        (AZURE, {"region": "eu-central-1"}, "does not belong here"),
        (GCS, {"credentials": "canary"}, "hint: this is no JSON"),
        (GCS, {"credentials": "[" * 100_000}, "hint: this is no JSON"),
        (GCS, {"credentials": '{"type": "authorized_user"}'}, "its `type` is service_account"),
        (GCS, {"credentials": '{"type": "service_account", "client_email": "canary"}'}, "hint: it has no private_key"),
        (GCS, {"projectId": "1234567890"}, "hint: the id, not the number"),
        (GCS, {"path": "gs://goog-frames/cows/"}, "Google reserves names that start with goog"),
        (GCS, {"path": "gs://acme-frames/cows"}, "hint: it ends in /"),
        (GCS, {"sasToken": "x"}, "does not belong here"),
    ],
)
def test_a_wrong_one_is_refused_and_no_secret_is_shown(
    dataset: Properties, access: Properties, wrong: Properties, said: str
) -> None:
    failures = HANDLER.check({**dataset, **access, **wrong}).failures
    assert [failure for failure in failures if said in failure.reason], failures
    assert "canary" not in repr(failures)


def test_a_token_that_was_pasted_with_its_question_mark_is_registered_with_one(
    lightly: FakeLightly, call: Call, dataset: Properties
) -> None:
    news = HANDLER.check({**dataset, **AZURE, "sasToken": f"?{TOKEN}"})
    assert not news.failures
    HANDLER.create(call, news.inputs)
    assert lightly.seen[-1].body
    assert lightly.seen[-1].body["accountKey"] == f"?{TOKEN}"


@pytest.mark.parametrize(("access", "name"), [(AZURE, "sasToken"), (GCS, "credentials")])
def test_secrets_that_came_in_clear_are_sealed_and_unknown_ones_are_accepted(
    dataset: Properties, access: Properties, name: str
) -> None:
    clear = HANDLER.check({**dataset, **access, name: plain(access[name])})
    assert isinstance(clear.inputs[name], SecretValue)
    assert not HANDLER.check({**dataset, **access, name: UNKNOWN}).failures


@pytest.mark.parametrize(("access", "words"), [(AZURE, "stored access policy"), (GCS, "with the service account")])
def test_after_destroy_it_is_said_what_ends_the_credential(
    call: Call, dataset: Properties, access: Properties, words: str
) -> None:
    told: list[str] = []
    news: Properties = {**dataset, **access}
    HANDLER.delete(Call(api=call.api, tell=told.append), "x/LIGHTLY", news, news)
    assert words in told[0]
