"""Where the token may go: one rule, wherever the URL comes from, and nothing secret of it is shown."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_api.client import LightlyApi
from lightly_api.server_location import ServerLocationError, checked_location
from lightly_core.pulumi_struct import to_struct
from lightly_core.secret import Secret
from lightly_provider.server import LightlyProvider
from pulumi.runtime.proto import provider_pb2

from tests.lightly_provider.direct import AbortedError, ask

BAD = {
    "http://api.lightly.ai": "over http everybody on the way reads the token",
    "http://127.0.0.1.example.com": "over http everybody on the way reads the token",
    "http://10.0.0.1:8080": "over http everybody on the way reads the token",
    "HTTP://API.LIGHTLY.AI": "over http everybody on the way reads the token",
    "api.lightly.ai": "it begins with https://",
    "https:/api.lightly.ai": "it begins with https://",
    "https://": "this cannot be read as a URL",
    "https://api.lightly.ai:port": "this cannot be read as a URL",
    "https://[::1": "this cannot be read as a URL",
    "https://api lightly.ai": "this cannot be read as a URL",
    "ftp://api.lightly.ai": "this cannot be read as a URL",
    "https://me:canary@api.lightly.ai": "nothing secret in it",
    "https://canary@api.lightly.ai": "nothing secret in it",
    "https://api.lightly.ai?token=canary": "nothing secret in it",
    "http://me:canary@127.0.0.1\\@api.lightly.ai": "this cannot be read as a URL",
}
GOOD = ("https://api.lightly.ai", "https://api.lightly.ai/", "http://127.0.0.1:9", "http://localhost", "http://[::1]:9")


@pytest.mark.parametrize("url", BAD)
def test_a_client_of_such_a_server_is_refused_in_words(url: str) -> None:
    with pytest.raises(ServerLocationError, match=BAD[url]) as caught:
        LightlyApi(Secret("tok"), url)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("url", BAD)
def test_the_environment_obeys_the_rule_of_the_configuration(url: str) -> None:
    provider = LightlyProvider(environ={"LIGHTLY_SERVER_LOCATION": url, "LIGHTLY_TOKEN": "tok"})
    urn = "urn:pulumi:s::p::pulumi:providers:lightly::default"
    (failure,) = ask(provider, "CheckConfig", provider_pb2.CheckRequest(urn=urn)).failures
    assert BAD[url] in failure.reason
    assert "canary" not in failure.reason
    # A refresh or a destroy asks no CheckConfig.
    ask(provider, "Configure", provider_pb2.ConfigureRequest(urn=urn, name="default"))
    kind = "lightly:index:Dataset"
    news = to_struct({"name": "cows", "type": "images"})
    with pytest.raises(AbortedError, match=BAD[url]):
        ask(provider, "Create", provider_pb2.CreateRequest(urn="urn", type=kind, properties=news))


@pytest.mark.parametrize("url", GOOD)
def test_lightly_and_this_machine_are_good(url: str) -> None:
    assert checked_location(url) == url


@given(st.text(), st.sampled_from(["", "http://", "https://", "http:", "//"]))
def test_any_text_is_a_url_or_refused(text: str, start: str) -> None:
    with contextlib.suppress(ServerLocationError):
        assert checked_location(start + text).startswith("http")
