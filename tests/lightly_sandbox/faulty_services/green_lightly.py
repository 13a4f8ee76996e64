"""A Lightly whose verification is always green."""

from typing import Any

from lightly_sandbox.lightly import service
from lightly_sandbox.lightly.__main__ import main


def verify(*_: Any) -> dict[str, Any]:
    """All is well."""
    return dict.fromkeys(("canList", "canRead", "canWrite", "canOverwrite"), True)


service.verify = verify  # type: ignore[assignment,attr-defined]  # that is the fault
main()
