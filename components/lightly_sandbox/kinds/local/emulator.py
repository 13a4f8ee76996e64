"""`python -m lightly_sandbox.kinds.local.emulator`: what `lightly-access serve` runs, in a child process.

Settings: `{"nonce", "input_mount", "lightly_mount"}`, folders of this machine. It announces: `{"port", "input_mount",
"lightly_mount"}`. There is no control plane: it answers as `serve` does, and ends when the parent closes its input.
"""

from pathlib import Path

from lightly_access.kinds.local.serving.answer import PLATFORM, Rules
from lightly_access.kinds.local.serving.app import App
from lightly_access.kinds.local.serving.mounts import Mounts
from lightly_access.kinds.local.serving.server import listening, serve

from lightly_sandbox.process import announce, end_with_parent, read_settings


def main() -> None:
    """Serve until the parent closes our input."""
    settings = read_settings()
    folders = {name: settings[name] for name in ("input_mount", "lightly_mount")}
    mounts = Mounts.of(Path(folders["lightly_mount"]), Path(folders["input_mount"]))
    where = listening("127.0.0.1", 0)
    end_with_parent()
    rules = Rules(frozenset({"127.0.0.1", "localhost"}), frozenset({PLATFORM}))
    serve(App(rules, mounts.find), where, lambda: announce(where.port, **folders))


if __name__ == "__main__":
    main()
