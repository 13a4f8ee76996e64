"""`make pins`: brings `module/go.mod` and `go.sum` into line after the version of Pulumi in the former was changed."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lightly_sandbox.pulumi_cli import go, pin


def main() -> None:
    """Run `go mod tidy` on a copy, and take what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        module = scratch / "module"
        shutil.copytree(pin.MODULE, module)
        command = go.on_path() or go.install(scratch / "toolchain", lambda words: subprocess.run(words, check=True))  # noqa: S603
        env = {**os.environ, "GOPATH": str(scratch / "go"), "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw"}
        subprocess.run([command, "mod", "tidy"], cwd=module, env=env, check=True)  # noqa: S603
        for name in ("go.mod", "go.sum"):
            shutil.copy(module / name, pin.MODULE)
    print(f"Pulumi {pin.pulumi()}, built by Go {pin.go()} or newer", file=sys.stderr)


if __name__ == "__main__":
    main()
