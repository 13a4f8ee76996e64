"""The policy pack's process: Pulumi's engine starts it; it prints its port and serves."""

import os
import signal
import sys
import threading
from types import FrameType

from lightly_policies.guardrails.server import Guardrails, serve

_LOOK_SECONDS = 2.0


def main() -> int:
    """Serve until the engine ends us, or is gone itself.

    It ends us by SIGINT, and kills us after five seconds of waiting (`sdk/go/common/resource/plugin/plugin.go` of
    pulumi/pulumi). A Ctrl-C does not come to us, which are in a process group of our own.
    """
    server, port = serve(Guardrails())
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    parent = os.getppid()
    print(port, flush=True)
    while not ended.wait(_LOOK_SECONDS):
        if os.getppid() != parent:
            break
    server.stop(0).wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
