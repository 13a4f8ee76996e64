"""A local Lightly in this process, with no cloud behind it."""

from collections.abc import Iterator

import pytest
from lightly_sandbox.emulators.server import listening
from lightly_sandbox.lightly.app import LARGEST_BODY, App

from tests.lightly_sandbox.lightly.caller import NONCE, NOWHERE, TOKEN, Api


@pytest.fixture
def api() -> Iterator[Api]:
    with listening(App(NONCE, TOKEN, NOWHERE), LARGEST_BODY) as url:
        yield Api(url)
