"""A local Lightly in this process, with no cloud behind it."""

from collections.abc import Iterator

import pytest
from lightly_sandbox.lightly.app import App
from lightly_sandbox.lightly.serve import running

from tests.lightly_sandbox.lightly.caller import NONCE, NOWHERE, TOKEN, Api


@pytest.fixture
def api() -> Iterator[Api]:
    with running(App(NONCE, TOKEN, NOWHERE)) as url:
        yield Api(url)
