"""A PATH and a cache of the test's own, with executables that stand for Pulumi and Go."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lightly_sandbox.pulumi_cli import pin

GO = """
import os, sys, time
from pathlib import Path
here = Path(__file__).parent
match sys.argv[1]:
    case "version":
        print("go version go{version} linux/amd64")
    case "list":
        print("go: downloading example.org/module v1.0.0", file=sys.stderr)
        print("example.org/module")
    case "build":
        with (here / "builds").open("a") as builds:
            builds.write("built\\n")
        time.sleep({seconds})
        if {fails!r}:
            print({fails!r}, file=sys.stderr)
            sys.exit(1)
        assert os.environ["GOTOOLCHAIN"] == "local"
        (Path(os.environ["GOMODCACHE"]) / "module").mkdir(parents=True)
        made = Path(sys.argv[sys.argv.index("-o") + 1])
        made.write_text("#!/bin/sh\\necho v{pulumi}\\n")
        made.chmod(0o755)
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, but for a shell's; the cache is beside it."""
    (folder := tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def go(path: Path) -> Callable[..., Path]:
    """Puts a Go on PATH that builds in `seconds`, or `fails` with these words; the file that counts its builds."""

    def put(version: str = str(pin.go()), seconds: float = 0.0, fails: str = "") -> Path:
        script = path / "go"
        text = GO.format(version=version, seconds=seconds, fails=fails, pulumi=pin.pulumi())
        script.write_text(f"#!{sys.executable}\n{text}")
        script.chmod(0o755)
        return path / "builds"

    return put


def put_pulumi(folder: Path, said: str) -> Path:
    """A `pulumi` that says this when it is asked for its version."""
    folder.mkdir(parents=True, exist_ok=True)
    (script := folder / "pulumi").write_text(f"#!/bin/sh\n{said}\n")
    script.chmod(0o755)
    return script
