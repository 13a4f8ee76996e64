"""Finds Pulumi's command line."""

import functools
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lightly_core.pulumi_version import OLDEST, Version, first

from lightly_sandbox import user_cache
from lightly_sandbox.pulumi_cli import pin
from lightly_sandbox.pulumi_cli.build import build
from lightly_sandbox.user_cache import Tell, say


@dataclass(frozen=True)
class PulumiCli:
    """An executable, and its version."""

    path: Path
    version: Version


@functools.cache
def find(tell: Tell = say) -> PulumiCli:
    """The one on PATH when it is new enough, else the pinned one, built when it was not. Raises PulumiMissingError."""
    if found := on_path():
        return found
    version = pin.pulumi()
    return PulumiCli(build(folder(), version, tell), version)


def on_path() -> PulumiCli | None:
    """The one on PATH, when it is new enough."""
    path = shutil.which("pulumi")
    version = path and _version(path)
    return PulumiCli(Path(path), version) if path and version and version >= OLDEST else None


def folder() -> Path:
    """Where a built one is kept, for every checkout of this user."""
    return user_cache.folder("pulumi")


def _version(executable: str) -> Version | None:
    """What it says of itself; None for what is no Pulumi, or does not run."""
    kept = ("PATH", "HOME", "PULUMI_HOME", "SYSTEMROOT", "TMPDIR")  # none of the user's logins
    env = {name: os.environ[name] for name in kept if name in os.environ} | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        said = subprocess.run(  # noqa: S603 - what the user has on PATH as `pulumi`
            [executable, "version"], env=env, capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return first(said) if said.startswith("v") else None
