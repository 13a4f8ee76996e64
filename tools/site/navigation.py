"""Which pages the site has, and in which order; a test holds it to what there is."""

import re
from collections.abc import Mapping
from typing import Final

START: Final = "docs/index"
NAVIGATION: Final[Mapping[str, tuple[str, ...]]] = {
    "Begin": ("docs/start/rehearse", "docs/start/deploy", "docs/guides/pipelines"),
    "Use it": (
        "docs/manifest",
        "docs/what-lightly-may-do",
        "docs/guides/README",
        "examples/README",
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
    "How it is made": ("docs/architecture", "docs/performance", "docs/decisions/README"),
    "The project": ("README", "CHANGELOG", "CONTRIBUTING", "SECURITY"),
}
"""Heading -> the pages below it, without `.md`."""
LISTS: Final = ("docs/guides/README", "docs/decisions/README")
"""Pages that other pages of their folder stand below, in the order in which they name them."""
EVERYWHERE: Final = (
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
    *("policies/README.md", "examples/README.md", "docs/**.md"),
)
"""What the site is made of."""


def below(page: str, text: str) -> list[str]:
    """The pages that stand below one of the lists, whose text this is; one that has a place of its own is none."""
    named = (f"{page.rpartition('/')[0]}/{name}" for name in re.findall(r"\]\(([\w-]+)\.md\)", text))
    return [each for each in named if not any(each in pages for pages in NAVIGATION.values())]
