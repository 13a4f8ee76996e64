"""The mock provider for `aws` as a child process."""

from lightly_sandbox.kinds.s3.mock_provider import mock_provider
from lightly_sandbox.mock_providers.child import run


def main() -> None:
    """Serve until the parent is gone."""
    run(mock_provider)


if __name__ == "__main__":
    main()
