"""What the engine shows of faults: the values of secrets never, whatever is wrong with them and wherever they stand."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_core.pulumi_struct import to_struct
from lightly_core.pulumi_values import Properties, SecretValue, Value, plain
from lightly_core.resource_types import RESOURCES
from lightly_core.resource_types.configuration import CONFIGURATION
from lightly_core.resource_types.resource_type import Property
from lightly_provider.server import LightlyProvider
from pulumi.runtime.proto import provider_pb2

from tests.check_failure import displayed
from tests.lightly_provider.direct import ask

CANARY = "canary+4711/x=="
FORMS = (
    CANARY,
    f"'{CANARY}'\n",
    f"https://acme.blob.core.windows.net/lake?sv=2024-11-04&sig={CANARY}",
    f"https://me:{CANARY}@obs.example.com",
    f'{{"type": "service_account", "private_key": "{CANARY}"}}',
    f"arn:{CANARY} with spaces",
)
HELD: st.SearchStrategy[Value] = st.sampled_from(FORMS).flatmap(
    lambda text: st.sampled_from(
        [text, [text], {text: text}, {"INPUT": text}, {"INPUT": {text: text}}, {"LIGHTLY": [text]}]
    )
)
OTHERS: st.SearchStrategy[Value] = st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=20))


def guarded(rows: tuple[Property, ...]) -> st.SearchStrategy[Properties]:
    """Inputs whose secret and guarded ones, and those that nobody knows, hold the canary; in clear or sealed."""
    names = [row.name for row in rows if row.secret or row.guarded] + ["sasTokn", "secret"]
    others = {row.name: OTHERS for row in rows if row.name not in names}
    secret: st.SearchStrategy[Value] = HELD.map(SecretValue)
    held = st.dictionaries(st.sampled_from(names), st.one_of(HELD, secret), min_size=1)
    sealed = st.dictionaries(st.sampled_from([row.name for row in rows]), secret, max_size=2)
    return st.tuples(st.fixed_dictionaries({}, optional=others), held, sealed).map(_merged)


def _merged(parts: Iterable[Properties]) -> Properties:
    return {name: value for part in parts for name, value in part.items()}


@pytest.mark.parametrize("kind", RESOURCES, ids=lambda kind: kind.token)
@given(data=st.data())
def test_no_fault_of_a_resource_shows_what_is_secret(kind: Any, data: st.DataObject) -> None:
    news = data.draw(guarded(kind.inputs))
    urn = f"urn:pulumi:s::p::{kind.token}::r"
    request = provider_pb2.CheckRequest(urn=urn, type=kind.token, news=to_struct(news))
    answer = ask(LightlyProvider(environ={}), "Check", request)
    assert_hidden(answer, news)


@given(guarded(CONFIGURATION))
def test_no_fault_of_the_configuration_shows_what_is_secret(news: Properties) -> None:
    request = provider_pb2.CheckRequest(urn="urn:pulumi:s::p::pulumi:providers:lightly::default", news=to_struct(news))
    answer = ask(LightlyProvider(environ={}), "CheckConfig", request)
    assert_hidden(answer, news)
    assert "token" not in answer.inputs.fields


def assert_hidden(answer: Any, news: Properties) -> None:
    known = {name: plain(value) for name, value in news.items()}
    for failure in answer.failures:
        assert "canary" not in displayed(failure, known)


def test_a_fault_that_hides_its_property_names_it_in_its_reason() -> None:
    news: Properties = {"name": "x", "type": SecretValue("canary")}
    urn = "urn:pulumi:s::p::lightly:index:Dataset::r"
    answer = ask(LightlyProvider(environ={}), "Check", provider_pb2.CheckRequest(urn=urn, news=to_struct(news)))
    named, hidden = answer.failures
    assert (named.property, hidden.property) == ("name", "")
    assert named.reason.startswith("got 'x', expected")
    assert hidden.reason.startswith("type: got <secret>, expected images or videos")
