"""A fake Lightly and a clock of its own for each test."""

from collections.abc import Iterator

import pytest
from lightly_api.client import LightlyApi
from lightly_core.secret import Secret

from tests.lightly_provider.fake_lightly import TOKEN, FakeLightly, fake_lightly
from tests.lightly_provider.fake_time import FakeTime


@pytest.fixture
def lightly() -> Iterator[FakeLightly]:
    with fake_lightly() as fake:
        yield fake


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def api(lightly: FakeLightly, time: FakeTime) -> LightlyApi:
    return LightlyApi(Secret(TOKEN), lightly.url, retry_policy=time.retry_policy())
