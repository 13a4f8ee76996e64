"""One server for all tests that only read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lightly_access.kinds.local.serving.site import Site, fill, serving


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The mounts of `fill`, served."""
    folder = tmp_path_factory.mktemp("mounts")
    fill(folder)
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="package")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mounts of `fill`, not served."""
    folder = tmp_path_factory.mktemp("tree")
    fill(folder)
    return folder
