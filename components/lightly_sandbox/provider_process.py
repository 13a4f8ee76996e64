"""The `lightly` provider as a child process; the protocol is in `lightly_sandbox/process.py`.

It serves every run of a sandbox: Pulumi attaches to it, as to the mock providers, and need not start it each time.
"""

import os

from lightly_provider.server import LightlyProvider, serve

from lightly_sandbox.process import announce, end_with_parent, read_settings


def main() -> None:
    """Serve until the parent is gone, in the environment that it gives."""
    os.environ.update(read_settings()["environment"])
    provider = LightlyProvider()
    server, port = serve(provider)

    def stop() -> None:
        provider.stop.set()
        server.stop(1).wait()

    end_with_parent(stop)
    announce(port)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
