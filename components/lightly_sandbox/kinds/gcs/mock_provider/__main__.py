"""The stand-in for `gcp` as a child process; the protocol is in `lightly_sandbox/process.py`."""

from lightly_sandbox.kinds.gcs.mock_provider import stand_in
from lightly_sandbox.process import announce, end_with_parent, read_settings


def main() -> None:
    """Serve until the parent is gone."""
    serving = stand_in(read_settings())
    end_with_parent(serving.stop)
    announce(serving.port)
    serving.server.wait_for_termination()


if __name__ == "__main__":
    main()
