"""Which pages the site has, and in which order; a test holds it to what there is."""

from collections.abc import Mapping
from typing import Final

START: Final = "docs/index"
NAVIGATION: Final[Mapping[str, tuple[str, ...]]] = {
    "Begin": ("docs/start/rehearse", "docs/start/deploy", "docs/start/gitops"),
    "Use it": (
        "docs/manifest",
        "docs/what-lightly-may-do",
        "docs/guides/README",
        "docs/runbook",
    ),
    "Reference": (
        "docs/reference/manifest",
        "docs/reference/components",
        "docs/reference/cli",
        "docs/reference/report",
        "policies/README",
        "docs/glossary",
    ),
    "How it is made": ("docs/architecture", "docs/decisions/README"),
    "The project": ("README", "CHANGELOG", "CONTRIBUTING", "SECURITY"),
}
"""Heading -> the pages below it, without `.md`."""
BELOW: Final[Mapping[str, str]] = {
    "docs/guides/README": "docs/guides/*",
    "docs/decisions/README": "docs/decisions/*",
}
"""A page -> the pages that stand below it, in the order in which its own text names them."""
EVERYWHERE: Final = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "policies/README.md", "docs/**.md")
"""What the site is made of."""
