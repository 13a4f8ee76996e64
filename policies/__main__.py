"""The policy pack's process: `pulumi preview --policy-pack policies` starts it; it prints its port and serves.

Pulumi runs this folder by `python -m pulumi.policy <engine> <folder>`, which puts it first on `sys.path`: so
`lightly_policies` is found, though the project may not be installed. The words that it shares with the components,
`lightly_core`, stand beside this folder in a clone, and else are installed.
"""

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

_COMPONENTS = Path(__file__).resolve().parents[1] / "components"
if _COMPONENTS.is_dir():  # before what is installed: pack and words must be of one version
    sys.path.insert(1, str(_COMPONENTS))

from lightly_policies.guardrails.server import Guardrails, serve  # noqa: E402 - is found there

_LOOK_SECONDS = 2.0


def main() -> int:
    """Serve until the engine ends us, or is gone itself. Ctrl-C reaches the engine too, which then ends us."""
    server, port = serve(Guardrails())
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()
    print(port, flush=True)
    while not ended.wait(_LOOK_SECONDS):
        if os.getppid() != parent:
            break
    server.stop(0).wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
