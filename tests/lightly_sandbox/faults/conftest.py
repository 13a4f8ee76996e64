"""Local clouds that the tests of one worker share; every test has a dataset and buckets of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.lightly_sandbox.faults.chain import Chain


@pytest.fixture(scope="package")
def clouds() -> Iterator[Sandbox]:
    with start_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(clouds: Sandbox) -> Iterator[Sandbox]:
    yield clouds
    for server in (clouds.aws, clouds.lightly):
        clouds.control(server, "POST", "/faults", [])


@pytest.fixture
def chain(sandbox: Sandbox, tmp_path: Path) -> Callable[..., Chain]:
    def make(**settings: Any) -> Chain:
        return Chain(sandbox, tmp_path, **settings)

    return make
