"""Pulumi's command line: found on PATH, found where it was built before, or built from its Go module, pinned."""

from lightly_sandbox.pulumi_cli.build import PulumiMissingError
from lightly_sandbox.pulumi_cli.finder import PulumiCli, find

__all__ = ["PulumiCli", "PulumiMissingError", "find"]
