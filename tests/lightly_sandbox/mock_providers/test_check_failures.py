"""What the engine shows of the faults that mock providers find: nothing that was given as a secret, and no setting."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lightly_core.pulumi_struct import to_struct
from lightly_core.pulumi_values import Properties, SecretValue, Value, plain
from lightly_sandbox.kinds.azure.mock_provider.cloud import AzureCloud
from lightly_sandbox.kinds.azure.mock_provider.session import Place
from lightly_sandbox.kinds.gcs.mock_provider.clients import Access
from lightly_sandbox.kinds.gcs.mock_provider.cloud import GoogleCloud
from lightly_sandbox.kinds.s3.mock_provider.clients import Key
from lightly_sandbox.kinds.s3.mock_provider.cloud import AwsCloud
from lightly_sandbox.mock_providers.server import MockProvider
from pulumi.runtime.proto import provider_pb2

from tests.check_failure import displayed
from tests.lightly_provider.direct import ask

CANARY = "canary+4711/x=="
CLOUDS: dict[str, Any] = {
    "aws": AwsCloud(Key("http://127.0.0.1:9", "eu-central-1", "AKIAX", "s" * 20)),
    "azure-native": AzureCloud(Place("http://127.0.0.1:9", "http://127.0.0.1:9", "", "s", "t", "x" * 20, "")),
    "gcp": GoogleCloud(Access("http://127.0.0.1:9", "acme-ml", "x" * 20)),
}
HELD: st.SearchStrategy[Value] = st.sampled_from([CANARY, f"'{CANARY}'", [CANARY], {"status": CANARY}, [{"a": CANARY}]])
OTHERS: st.SearchStrategy[Value] = st.one_of(st.none(), st.booleans(), st.text(max_size=9))


@pytest.mark.parametrize("package", CLOUDS)
@settings(max_examples=60)
@given(data=st.data())
def test_no_fault_of_a_resource_shows_what_is_secret(package: str, data: st.DataObject) -> None:
    cloud = CLOUDS[package]
    token = data.draw(st.sampled_from(sorted(cloud.types)))
    names = [prop.name for prop in cloud.types[token].inputs]
    sealed = data.draw(st.dictionaries(st.sampled_from(names), HELD.map(SecretValue), min_size=1, max_size=4))
    others = data.draw(st.dictionaries(st.sampled_from(names), OTHERS, max_size=4))
    news: Properties = {**others, **sealed, **data.draw(st.dictionaries(st.sampled_from(["sekret"]), HELD))}
    request = provider_pb2.CheckRequest(urn=f"urn:pulumi:s::p::{token}::r", type=token, news=to_struct(news))
    assert_hidden(ask(MockProvider(cloud), "Check", request), news)


@pytest.mark.parametrize("package", CLOUDS)
@given(data=st.data())
def test_no_fault_of_the_settings_shows_one(package: str, data: st.DataObject) -> None:
    cloud = CLOUDS[package]
    names = st.sampled_from([*sorted(cloud.sdk.settings()), "secretkey"])
    news: Properties = data.draw(st.dictionaries(names, st.one_of(HELD, HELD.map(SecretValue)), max_size=5))
    request = provider_pb2.CheckRequest(urn="urn", news=to_struct(news))
    assert_hidden(ask(MockProvider(cloud), "CheckConfig", request), news)


def assert_hidden(answer: Any, news: Properties) -> None:
    for failure in answer.failures:
        assert "canary" not in displayed(failure, {name: plain(value) for name, value in news.items()})
