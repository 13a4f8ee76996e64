"""Finds Pulumi's command line, or builds it, ahead of a rehearsal: `python -m lightly_sandbox.pulumi_cli`."""

import sys

from lightly_sandbox.pulumi_cli import PulumiMissingError, find


def main() -> int:
    """Say which one it is."""
    try:
        found = find()
    except PulumiMissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    print(f"Pulumi {found.version} is {found.path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
