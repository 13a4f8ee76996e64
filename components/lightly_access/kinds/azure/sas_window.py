"""From when to when a SAS token lives: a function of its period, so that an unchanged deployment changes nothing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from lightly_core.azure import LONGEST_DELEGATION

from lightly_access.rotation import DAYS, Period

GRACE = timedelta(days=15)
"""For how long a token outlives the day on which it should be replaced. A weekly run comes up to 7 days after that day,
and one that is missed makes it 14; one more day is for a run that is late. So one missed run cuts nobody off."""

EARLY = timedelta(hours=1)
"""How long before its period a token begins: clocks differ, and Azure advises 15 minutes or more
(https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/storage/common/storage-sas-overview.md)."""

DELEGATED_DAYS = 5
"""The longest period of a user-delegation SAS: a deployment a day still comes in time (`deploy_every`)."""

DELEGATED_DEFAULT = 3
"""The period of a user-delegation SAS where none is said: half of its life is for deployments that are late."""

LONGEST_LIFE = timedelta(days=DAYS + GRACE.days + 1)
"""What no token outlives, rounded up to days; the account's SAS policy allows it."""


def deploy_every(period_days: int) -> int:
    """After how many days at most the next deployment must come, whenever the last one was, for a user-delegation SAS.

    A token lives for 7 days from its period's begin, and the last deployment of a period may be on its last day; one
    day more is for `EARLY`, for the hour of the day, and for a deployment that takes its time.
    """
    return LONGEST_DELEGATION.days - 1 - period_days


@dataclass(frozen=True, slots=True)
class Window:
    """A token's life; both ends in UTC."""

    start: datetime
    expiry: datetime

    @classmethod
    def stored(cls, period: Period) -> "Window":
        """Of a token with a stored policy: until it is due, and the grace."""
        return cls(_midnight(period.begins) - EARLY, _midnight(period.due) + GRACE)

    @classmethod
    def delegated(cls, period: Period) -> "Window":
        """Of a user-delegation SAS: the 7 days that Azure gives."""
        start = _midnight(period.begins) - EARLY
        return cls(start, start + LONGEST_DELEGATION)

    @property
    def texts(self) -> tuple[str, str]:
        """Both ends as Azure writes them."""
        return self.start.strftime("%Y-%m-%dT%H:%M:%SZ"), self.expiry.strftime("%Y-%m-%dT%H:%M:%SZ")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
