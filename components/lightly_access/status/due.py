"""When somebody has to deploy: the one line that matters of a stack whose lights are green today. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lightly_access.deployed.stack import DeployedDataset, DeployedDatasource, DeployedStack


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The earliest of each, over all credentials of a stack.

    Attributes:
        due: by this day a deployment replaces a credential; None where none is ever replaced.
        ends, whose: from this moment on Lightly is locked out of that datasource; None where no credential ends.
    """

    due: date | None = None
    ends: datetime | None = None
    whose: str = ""

    def sentence(self, now: datetime) -> str:
        """`the next deployment is due by 2026-12-27; after 2027-01-11 tractors LIGHTLY is locked out`."""
        return "; ".join(filter(None, (self._due(now.date()), self._ends(now)))) or "no credential has an end"

    def _due(self, today: date) -> str:
        if self.due is None:
            return ""
        late = (today - self.due).days
        if late > 0:
            return f"the deployment that was due by {self.due} is {late} {'day' if late == 1 else 'days'} late"
        return f"the next deployment is due by {self.due}"

    def _ends(self, now: datetime) -> str:
        if self.ends is None:
            return ""
        if self.ends <= now:
            return f"since {_day(self.ends)} {self.whose} is locked out"
        return f"after {_day(self.ends)} {self.whose} is locked out"


def deadlines(stack: DeployedStack) -> Deadlines:
    """The earliest day on which a deployment is due, and the earliest end."""
    dues = [source.credential.due for _, source in sources(stack) if source.credential.due]
    ends = sorted(
        (source.credential.ends, f"{dataset.name} {source.purpose}")
        for dataset, source in sources(stack)
        if source.credential.ends
    )
    end, whose = ends[0] if ends else (None, "")
    return Deadlines(min(dues, default=None), end, whose)


def sources(stack: DeployedStack) -> Iterator[tuple[DeployedDataset, DeployedDatasource]]:
    """Every datasource with its dataset."""
    return ((dataset, source) for dataset in stack.datasets for source in dataset.datasources)


def _day(moment: datetime) -> str:
    """Midnight belongs to nobody: a credential that ends then has its day before it."""
    return moment.date().isoformat() if (moment.hour, moment.minute) == (0, 0) else f"{moment:%Y-%m-%d %H:%M} UTC"
