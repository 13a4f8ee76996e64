"""A local Lightly in this process, with no cloud behind it."""

from collections.abc import Iterator

import pytest
from lightly_rehearsal.lightly.app import App
from lightly_rehearsal.lightly.serve import running

from tests.lightly_rehearsal.lightly.caller import NONCE, NOWHERE, TOKEN, Api


@pytest.fixture
def api() -> Iterator[Api]:
    with running(App(NONCE, TOKEN, NOWHERE)) as url:
        yield Api(url)
