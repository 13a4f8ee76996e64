"""When a credential is replaced: the arguments that say so, and the period that a day lies in.

A credential belongs to a period, counted from an anchor; the first deployment in the next one replaces it. Another text
of `rotate_now` replaces it within its period.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, NotRequired, TypedDict

from lightly_core.fault import Fault

from lightly_access.naming import rotation_due, rotation_slot
from lightly_access.tables.rules import obeys

ANCHOR = date(2026, 1, 1)
DAYS = 90
"""CIS asks for new keys every 90 days (AWS 2.12, Azure 9.3.1.1, GCP 1.8)."""
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


@dataclass(frozen=True, slots=True)
class Period:
    """The period of a credential, `begins` to the day before `due`; `trigger` differs for each credential."""

    begins: date
    due: date
    trigger: str

    @classmethod
    def of(cls, args: RotationArgs, today: date) -> "Period":
        """The one that `today` lies in. Raises ValueError for days below 1."""
        days, anchor = args.get("rotate_after", DAYS), args.get("rotate_anchor", ANCHOR)
        slot, due = rotation_slot(today, anchor, days), rotation_due(today, anchor, days)
        return cls(anchor + timedelta(days=slot * days), due, f"{slot}/{args.get('rotate_now', '')}")

    @property
    def mark(self) -> str:
        """Eight characters of 0-9 a-f that differ with the trigger, for names of what cannot be replaced by itself."""
        return hashlib.sha256(json.dumps(self.trigger).encode()).hexdigest()[:8]
