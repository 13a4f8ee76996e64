"""A local Google Cloud that takes every binding as if it had no condition."""

from typing import Any

from lightly_policies.judge import gcp
from lightly_rehearsal.clouds.gcs.__main__ import main


def holds(*_: Any) -> tuple[bool, str]:
    """Whatever is asked."""
    return True, "always"


gcp.holds = holds  # type: ignore[assignment,attr-defined]  # that is the lie
main()
