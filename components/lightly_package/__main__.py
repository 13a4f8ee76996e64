"""The plugin's process: `pulumi-resource-lightly-access <engine address>` prints its port and serves.

Installed, that program is on PATH; in a clone the engine runs this folder, as PulumiPlugin.yaml says. See the same file
of `lightly_provider` for what it then finds, and how it ends.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

if not __package__:  # run as a folder
    components = Path(__file__).resolve().parent.parent
    sys.path[:1] = [str(components), str(components.parent / "policies")]

from lightly_package.server import PackageServicer, serve

_GRACE_SECONDS = 5.0
_LOOK_SECONDS = 2.0


async def _serve(engine: str) -> None:
    """Serve until the engine ends us, which it does by SIGINT, or is gone itself."""
    server, port = await serve(PackageServicer(engine))
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    parent = os.getppid()
    print(port, flush=True)
    while not ended.is_set() and not (engine and os.getppid() != parent):
        await asyncio.wait([loop.create_task(ended.wait())], timeout=_LOOK_SECONDS)
    await server.stop(_GRACE_SECONDS)


def run() -> None:
    """The program `pulumi-resource-lightly-access`. Flags of the engine (`-v=9`) are ignored."""
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    asyncio.run(_serve(addresses[0] if addresses else ""))
    # The SDK leaves a server of callbacks for each component, and Python complains of each when it ends by itself.
    os._exit(0)


if __name__ == "__main__":
    run()
