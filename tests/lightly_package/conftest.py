"""The package's plugin, as a process of its own that the engine attaches to."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from lightly_sandbox.deployer.command import ATTACH, without_logins

FOLDER = Path(__file__).parents[2] / "components" / "lightly_package"


@contextlib.contextmanager
def attached(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment of a deployment, with the package among the providers to attach to."""
    inside = {**without_logins(os.environ), **environment}
    with subprocess.Popen(
        [sys.executable, str(FOLDER)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=inside
    ) as plugin:
        assert plugin.stdout
        assert plugin.stderr
        port = plugin.stdout.readline().strip()
        yield {**environment, ATTACH: f"{environment.get(ATTACH, '')},lightly-access:{port}".lstrip(",")}
        plugin.terminate()
        assert plugin.stderr.read() == ""
    assert plugin.returncode == 0
