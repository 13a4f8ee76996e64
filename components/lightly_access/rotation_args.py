"""The arguments that say when a credential is replaced."""

from datetime import date
from typing import Annotated, NotRequired, TypedDict

from lightly_core.fault import Fault

from lightly_access.tables.rules import obeys

_MOST_DAYS = 36500


def _days(value: int) -> Fault | None:
    return None if 1 <= value <= _MOST_DAYS else Fault(f"a whole number of days from 1 to {_MOST_DAYS}")


class RotationArgs(TypedDict):
    """When the credential of an access is replaced."""

    rotate_after: NotRequired[Annotated[int, obeys(_days)]]
    """Days after which a deployment replaces the credential (default 90, as CIS asks)."""
    rotate_anchor: NotRequired[date]
    """The day from which the periods are counted."""
    rotate_now: NotRequired[str]
    """Any text; another text replaces the credential at the next deployment."""
