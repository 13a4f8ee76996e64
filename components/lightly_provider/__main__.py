"""The plugin's process: `pulumi-resource-lightly <engine address>` prints its port and serves.

That program is installed with the package, and Pulumi's engine finds it on PATH. In a clone the engine runs this folder
with `python <folder> <engine address>`, as Pulumi.yaml says, and the project itself may not be installed: after a bare
`pulumi install` there is only what requirements/deploy.txt names. `sys.path[0]` is then this folder; its parent takes
that place, so that `lightly_provider` and `lightly_access` are found, and nothing else hides behind names like
`server`; `lightly_policies` stands in a folder of its own.
"""

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

if not __package__:  # run as a folder
    components = Path(__file__).resolve().parent.parent
    sys.path[:1] = [str(components), str(components.parent / "policies")]

from lightly_provider.server import LightlyProvider, serve

_GRACE_SECONDS = 5.0
_LOOK_SECONDS = 2.0


def main(arguments: list[str]) -> int:
    """Serve until the engine ends us or is gone itself. Flags of the engine (`-v=9`) are ignored.

    It ends us by SIGINT, and kills us after five seconds of waiting (`sdk/go/common/resource/plugin/plugin.go` of
    pulumi/pulumi). A Ctrl-C does not come to us, which are in a process group of our own: the engine tells us to
    cancel, collects our answers and then ends us.
    """
    addresses = [argument for argument in arguments if not argument.startswith("-")]
    engine = addresses[0] if addresses else ""
    provider = LightlyProvider(engine=engine)
    server, port = serve(provider)
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        provider.stop.set()
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    parent = os.getppid()
    print(port, flush=True)
    while not ended.wait(_LOOK_SECONDS):
        if engine and os.getppid() != parent:  # the engine was killed: nobody will stop us
            provider.stop.set()
            break
    server.stop(_GRACE_SECONDS).wait()
    return 0


def run() -> int:
    """The program `pulumi-resource-lightly`."""
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
