"""Whatever an engine, a state or Lightly sends through any verb: an answer or a sentence, never a defect of ours."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import grpc
import pytest
from azure.core.credentials import AccessToken
from azure.storage.blob import UserDelegationKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lightly_access.kinds.azure.storage_api.policies import Container
from lightly_api.transport import Response
from lightly_core.pulumi_struct import from_struct, to_struct
from lightly_core.pulumi_values import Properties, has_unknown
from lightly_provider.handlers import azure_sas
from lightly_provider.server import LightlyProvider
from pulumi.runtime.proto import provider_pb2

from tests.lightly_api.test_answers import BODIES, HEADERS
from tests.lightly_provider.azure_storage import AzureStorage, Kept
from tests.lightly_provider.direct import AbortedError, ask
from tests.lightly_provider.fake_lightly import GREEN
from tests.lightly_provider.fake_time import FakeTime
from tests.lightly_provider.input_space import CLOSED, GOOD, HOSTILE, ID, KEY, good, spoiled

RIGHT = st.sampled_from([GREEN, {**GREEN, "canWrite": False, "errors": {"canWrite": "no"}}, {"id": ID, "type": "S3"}])
ANSWERS = st.lists(
    st.one_of(
        st.tuples(st.just(200), RIGHT.map(lambda answer: json.dumps(answer).encode()), st.just({})),
        st.tuples(st.sampled_from([200, 404, 409, 422, 503]), BODIES, HEADERS),
    ),
    min_size=1,
    max_size=3,
)
IDS = st.one_of(st.sampled_from([ID, f"{ID}/INPUT", "a/b/c", "", *HOSTILE]), st.text(max_size=8))
FIXTURES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class Login:
    """Of whoever deploys."""

    def __init__(self, **client: object) -> None: ...

    def get_token(self, *scopes: str, **kwargs: object) -> AccessToken:
        return AccessToken("t" * 20, 2_000_000_000)


@pytest.fixture(scope="module", autouse=True)
def clouds() -> Iterator[None]:
    """Nobody is asked: Azure is in this process, and all else is closed."""
    storage = AzureStorage(containers={"lake": Kept()})

    def container(account: str, key: Any, endpoint: str, name: str, pause: Any) -> Container:
        return Container(account, key, endpoint, name, storage.pause, storage.transport)

    def key_of_azure(self: object, start: datetime, expiry: datetime) -> UserDelegationKey:
        key = UserDelegationKey()  # type: ignore[no-untyped-call]  # of the SDK
        key.signed_oid, key.signed_tid, key.signed_service, key.signed_version = "o", "t", "b", "2026-04-06"
        key.signed_start, key.signed_expiry, key.value = "2026-11-20T23:00:00Z", "2026-11-27T23:00:00Z", KEY
        return key

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(azure_sas, "Container", container)
        patch.setattr("azure.storage.blob.BlobServiceClient.get_user_delegation_key", key_of_azure)
        patch.setattr("azure.identity.DefaultAzureCredential", Login)
        patch.setattr("azure.core.pipeline.transport.RequestsTransport.sleep", lambda self, seconds: None)
        for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "STORAGE_EMULATOR_HOST"):
            patch.setitem(os.environ, name, CLOSED)
        yield


class Engine:
    """Asks a provider whose Lightly gives these answers in turn, the last one for ever."""

    def __init__(self, kind: str, answers: list[tuple[int, bytes, dict[str, str]]]) -> None:
        left = list(answers)

        def transport(request: object) -> Response:
            return Response(*(left.pop(0) if len(left) > 1 else left[0]))

        environ = {"LIGHTLY_TOKEN": "tok"}
        self._provider = LightlyProvider(environ=environ, transport=transport, retry_policy=FakeTime().retry_policy())
        self._token = f"lightly:index:{kind}"
        ask(self._provider, "Configure", provider_pb2.ConfigureRequest(urn="urn", name="default"))

    def check(self, news: Properties) -> tuple[Properties, list[str]]:
        answer = self._ask("Check", provider_pb2.CheckRequest, news=news)
        return from_struct(answer.inputs), [failure.reason for failure in answer.failures]

    def verbs(self, id_: str, old: Properties, state: Properties, news: Properties) -> list[Callable[[], Any]]:
        """Every verb but Check."""

        def verb(name: str, message: Any, **more: Any) -> Callable[[], Any]:
            return lambda: self._ask(name, message, **more)

        update = {"id": id_, "old_inputs": old, "olds": state, "news": news}
        return [
            verb("Diff", provider_pb2.DiffRequest, **update),
            verb("Create", provider_pb2.CreateRequest, properties=news, preview=True),
            verb("Create", provider_pb2.CreateRequest, properties=news),
            verb("Update", provider_pb2.UpdateRequest, **update, preview=True),
            verb("Update", provider_pb2.UpdateRequest, **update),
            verb("Read", provider_pb2.ReadRequest, id=id_, inputs=old, properties=state),
            verb("Read", provider_pb2.ReadRequest, id=id_),
            verb("Delete", provider_pb2.DeleteRequest, id=id_, old_inputs=old, properties=state),
        ]

    def _ask(self, method: str, message: Any, **fields: Any) -> Any:
        structs = {name: to_struct(value) if isinstance(value, dict) else value for name, value in fields.items()}
        request = message(urn=f"urn:pulumi:s::p::{self._token}::r", type=self._token, **structs)
        return ask(self._provider, method, request)


@pytest.mark.parametrize("kind", GOOD)
@FIXTURES
@given(data=st.data())
def test_no_verb_takes_anything_for_a_defect_of_the_provider(kind: str, data: st.DataObject) -> None:
    engine = Engine(kind, data.draw(ANSWERS))
    anything = spoiled(kind)
    old, state, news = data.draw(anything), data.draw(anything), data.draw(anything)
    engine.check(news)
    for verb in engine.verbs(data.draw(IDS), old, state, news):
        assert_said(verb, grpc.StatusCode.INTERNAL)


@pytest.mark.parametrize("kind", GOOD)
@FIXTURES
@given(data=st.data())
def test_what_check_takes_every_verb_takes(kind: str, data: st.DataObject) -> None:
    engine = Engine(kind, data.draw(ANSWERS))
    news, faults = engine.check(data.draw(st.one_of(good(kind), spoiled(kind))))
    old, _ = engine.check(data.draw(good(kind)))
    if faults:
        return
    id_ = f"{ID}/INPUT" if kind == "Datasource" else ID
    for verb in engine.verbs(id_, old, old, news):
        blamed = () if has_unknown(news) else (grpc.StatusCode.INVALID_ARGUMENT,)
        assert_said(verb, grpc.StatusCode.INTERNAL, *blamed)


@pytest.mark.parametrize("kind", GOOD)
def test_good_inputs_go_through_every_verb(kind: str) -> None:
    for news in GOOD[kind]:
        engine = Engine(kind, [(200, json.dumps({**GREEN, "id": ID, "name": "cows", "type": "Images"}).encode(), {})])
        old, faults = engine.check(news)
        assert not faults
        for verb in engine.verbs(f"{ID}/INPUT" if kind == "Datasource" else ID, old, old, old):
            assert_said(verb, grpc.StatusCode.INTERNAL, grpc.StatusCode.INVALID_ARGUMENT)


def assert_said(verb: Callable[[], Any], *never: grpc.StatusCode) -> None:
    """It has an answer, or ends in another status than these."""
    failed = None
    try:
        verb()
    except AbortedError as failure:
        failed = failure
    assert failed is None or failed.code not in never, failed
