"""When a credential is replaced: the period that a day lies in.

A credential belongs to a period, counted from an anchor; the first deployment in the next one replaces it. Another text
of `rotate_now` replaces it within its period.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from lightly_access.naming import rotation_due, rotation_slot

if TYPE_CHECKING:
    from lightly_access.rotation_args import RotationArgs  # which brings pydantic

ANCHOR = date(2026, 1, 1)
DAYS = 90
"""CIS asks for new keys every 90 days (AWS 2.12, Azure 9.3.1.1, GCP 1.8)."""


@dataclass(frozen=True, slots=True)
class Period:
    """The period of a credential, `begins` to the day before `due`; `trigger` differs for each credential."""

    begins: date
    due: date
    trigger: str

    @classmethod
    def of(cls, args: "RotationArgs", today: date) -> "Period":
        """The one that `today` lies in. Raises ValueError for days below 1."""
        days, anchor = args.get("rotate_after", DAYS), args.get("rotate_anchor", ANCHOR)
        slot, due = rotation_slot(today, anchor, days), rotation_due(today, anchor, days)
        return cls(anchor + timedelta(days=slot * days), due, f"{slot}/{args.get('rotate_now', '')}")

    @property
    def mark(self) -> str:
        """Eight characters of 0-9 a-f that differ with the trigger, for names of what cannot be replaced by itself."""
        return hashlib.sha256(json.dumps(self.trigger).encode()).hexdigest()[:8]
