"""The cases of a datasource, made when somebody looks at them: thousands of datasources differ in their names alone."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lightly_policies.alike import Decided, Moved
from lightly_policies.proof import Outcome

from lightly_access.analysis.case import Case
from lightly_access.analysis.tally import Tally


@dataclass(frozen=True, slots=True, eq=False)
class Cases(Collection[Case]):
    """Each outcome of a proof as a case.

    Attributes:
        outcomes: those of the proof.
        statement: what is named where a statement decides, instead of its own name.
    """

    outcomes: Collection[Outcome]
    statement: str | None = None

    def __iter__(self) -> Iterator[Case]:
        return (Case.of(outcome, self.statement) for outcome in self.outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)

    def __contains__(self, case: object) -> bool:
        return case in tuple(self)

    @property
    def tally(self) -> Tally:
        """What they come to, counted once for all paths that one stands in for: names and requests are not counted."""
        return _tally(self.outcomes.models, self.statement) if isinstance(self.outcomes, Moved) else Tally.of(self)


@lru_cache(maxsize=1024)
def _tally(models: tuple[Decided, ...], statement: str | None) -> Tally:
    return Tally.of(Case.of(outcome, statement) for model in models for outcome in model.outcomes)
