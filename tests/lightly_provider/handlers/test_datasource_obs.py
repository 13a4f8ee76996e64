"""An S3-compatible store registered with an external key, as Lightly's client 1.5.26 does it."""

import pytest
from lightly_api.client import LightlyApi
from lightly_api.registration import THUMBNAILS
from lightly_core.capability import Purpose
from lightly_core.pulumi_values import Properties, SecretValue, Value
from lightly_provider.handlers.datasource import DatasourceHandler
from lightly_provider.handlers.handler import Call

from tests.lightly_provider.fake_lightly import FakeLightly

HANDLER = DatasourceHandler()
SECRET = "the-secret-of-the-archive"
OBS: dict[str, Value] = {
    "purpose": "INPUT", "kind": "obs", "access": "key", "given": True, "path": "obs://archive/in/",
    "endpoint": "https://obs.example.com", "accessKeyId": "ARCHIVEKEY", "secretAccessKey": SecretValue(SECRET),
}  # fmt: skip


@pytest.fixture
def news(lightly: FakeLightly) -> Properties:
    checked = HANDLER.check({"datasetId": lightly.add("apples"), **OBS})
    assert not checked.failures
    return checked.inputs


def test_the_body_is_the_clients(lightly: FakeLightly, api: LightlyApi, news: Properties) -> None:
    made = HANDLER.create(Call(api=lambda: api), news)
    assert made.id == f"{news['datasetId']}/INPUT"
    assert lightly.seen[-1].body == {
        "purpose": "INPUT", "type": "OBS", "thumbSuffix": THUMBNAILS, "fullPath": "obs://archive/in/",
        "obsEndpoint": "https://obs.example.com", "obsAccessKeyId": "ARCHIVEKEY", "obsSecretAccessKey": SECRET,
    }  # fmt: skip


def test_drift_is_seen_and_the_secret_stays_as_it_was(api: LightlyApi, news: Properties) -> None:
    call = Call(api=lambda: api)
    made = HANDLER.create(call, news)
    same = HANDLER.read(call, made.id, news, made.properties)
    assert same is not None
    assert HANDLER.diff(news, same.properties, same.inputs).changes == frozenset()
    HANDLER.update(call, made.id, made.properties, {**news, "endpoint": "https://elsewhere.example.com"})
    moved = HANDLER.read(call, made.id, news, made.properties)
    assert moved is not None
    assert HANDLER.diff(news, moved.properties, moved.inputs).changes == {"endpoint"}
    imported = HANDLER.read(call, made.id, {}, {})
    assert imported is not None
    assert "secretAccessKey" not in imported.inputs


def test_after_destroy_the_user_is_told_to_whom_the_key_belongs(news: Properties, api: LightlyApi) -> None:
    said: list[str] = []
    HANDLER.delete(Call(api=lambda: api, tell=said.append), f"{news['datasetId']}/{Purpose.INPUT}", news, news)
    assert "still works: end it where you made it" in said[0]


@pytest.mark.parametrize(
    ("spoiled", "property"),
    [
        ({"path": "s3://archive/in/"}, "path"),
        ({"path": "obs://archive"}, "path"),
        ({"endpoint": "http://obs.example.com"}, "endpoint"),
        ({"endpoint": None}, "endpoint"),
        ({"accessKeyId": ""}, "accessKeyId"),
        ({"secretAccessKey": None}, "secretAccessKey"),
        ({"region": "eu-central-1"}, "region"),
        ({"roleArn": "arn:aws:iam::123456789012:role/x"}, "roleArn"),
    ],
)
def test_what_lightly_would_refuse_is_refused_by_name(
    lightly: FakeLightly, spoiled: dict[str, Value], property: str
) -> None:
    checked = HANDLER.check({"datasetId": lightly.add("apples"), **OBS, **spoiled})
    assert [failure.property for failure in checked.failures] == [property]
    assert SECRET not in repr(checked.failures)


@pytest.mark.parametrize(("kind", "access"), [("obs", "delegated"), ("obs", "user"), ("s3", "key")])
def test_each_kind_has_its_own_ways_in(lightly: FakeLightly, kind: str, access: str) -> None:
    checked = HANDLER.check({"datasetId": lightly.add("apples"), **OBS, "kind": kind, "access": access})
    assert "access" in {failure.property for failure in checked.failures}
