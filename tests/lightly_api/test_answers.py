"""Whatever Lightly answers, a call has a result or ends in a sentence."""

import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lightly_api.client import LightlyApi
from lightly_api.errors import LightlyError
from lightly_api.transport import Response
from lightly_core.capability import Purpose
from lightly_core.secret import Secret

from tests.lightly_provider.fake_time import FakeTime

ID = "a" * 24
CALLS: dict[str, Callable[[LightlyApi], object]] = {
    "named": lambda api: api.datasets.named("cows"),
    "get": lambda api: api.datasets.get(ID),
    "first": lambda api: api.datasets.first(3),
    "create": lambda api: api.datasets.create("cows", "Images"),
    "rename": lambda api: api.datasets.rename(ID, "calves"),
    "delete": lambda api: api.datasets.delete(ID),
    "datasource": lambda api: api.datasources.get(ID, Purpose.INPUT),
    "datasources": lambda api: api.datasources.all(ID),
    "seen": lambda api: api.datasources.seen(ID, Purpose.INPUT),
    "register": lambda api: api.datasources.put(ID, Purpose.INPUT, {"type": "S3"}),
    "verify": lambda api: api.datasources.verify(ID),
    "store a run": lambda api: api.runs.store_config({}),
    "schedule": lambda api: api.runs.schedule(ID, ID),
}
KEYS = ["id", "name", "type", "nSamples", "canList", "canWrite", "errors", "code", "error", "configId", "fullPath"]
KEYS += ["purpose"]
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just("\ud800"), st.just("S3"))
JSON: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.sampled_from(KEYS), inner)), max_leaves=12
)
DEEP = b'{"id":' * 20_000 + b"1" + b"}" * 20_000
BODIES = st.one_of(
    JSON.map(lambda value: json.dumps(value).encode()), st.binary(), st.just(DEEP), st.just(b"[" * 20_000)
)
HEADERS = st.dictionaries(
    st.just("retry-after"), st.sampled_from(["1", "²", "-1", "inf", "Thu, 99 Foo 0001", "9" * 99])
)


@pytest.mark.parametrize("name", CALLS)
@given(answers=st.lists(st.tuples(st.integers(200, 599), BODIES, HEADERS), min_size=1, max_size=3))
@example(answers=[(200, DEEP, {})])
@example(answers=[(400, DEEP, {})])
@example(answers=[(200, b'{"id": "x", "name": "\\ud83d", "errors": {"canList": "\\uDE00"}}', {})])
@example(answers=[(200, b'[{"id": "x", "name": {"a": 1}, "type": [[1]]}]', {})])
def test_any_answer_gives_a_result_or_a_sentence(name: str, answers: list[tuple[int, bytes, dict[str, str]]]) -> None:
    given_ = list(answers)

    def transport(request: object) -> Response:
        status, body, headers = given_.pop(0) if len(given_) > 1 else given_[0]
        return Response(status, body, headers)

    api = LightlyApi(Secret("tok"), "https://x", transport=transport, retry_policy=FakeTime().retry_policy())
    with contextlib.suppress(LightlyError):
        result = CALLS[name](api)
        json.dumps(result, default=_fields, ensure_ascii=False).encode()


def _fields(value: Any) -> object:
    """Of a result of ours; the keys of its tables are words of ours."""
    return asdict(value)
