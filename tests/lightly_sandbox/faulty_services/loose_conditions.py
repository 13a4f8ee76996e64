"""A local Google Cloud that takes every binding as if it had no condition."""

from typing import Any

from lightly_policies.evaluator import gcs
from lightly_sandbox.kinds.gcs.emulator.__main__ import main


def holds(*_: Any) -> tuple[bool, str]:
    """Whatever is asked."""
    return True, "always"


gcs.holds = holds  # type: ignore[assignment,attr-defined]  # that is the fault
main()
