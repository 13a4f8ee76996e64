"""The reach of one datasource: its cases as a table, who gets in, for how long, and what a leak would cost."""

from collections.abc import Collection
from dataclasses import dataclass, field

from lightly_core.capability import Capability, Purpose

from lightly_access.analysis.case import Case
from lightly_access.analysis.cases import Cases
from lightly_access.analysis.tally import ASSUME, Cell, Row, Tally


@dataclass(frozen=True, slots=True)
class Words:
    """What a table cannot say, in sentences; none of them names the path, so that equal reaches read alike.

    Attributes:
        way: how Lightly gets in: `a role that Lightly assumes`.
        who: who can get in.
        long: for how long.
        leak: what somebody reaches who gets hold of the credential.
        notes: what was assumed, and what is wider than one might think.
    """

    way: str
    who: str
    long: str
    leak: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """What Lightly can do with one datasource.

    Attributes:
        dataset, purpose, kind, access: as the manifest has them.
        path: where, such as `s3://acme-datalake/projects/cows/`.
        words: who, how long, leak, notes.
        cases: every case that was decided; empty when nothing can be decided offline.
        unexpected: a sentence, with the statement that decides, for whatever is wider or narrower than the purpose.
        tally: what the cases come to.
    """

    dataset: str
    purpose: Purpose
    kind: str
    access: str
    path: str
    words: Words
    cases: Collection[Case] = field(repr=False)
    unexpected: tuple[str, ...] = ()
    tally: Tally = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tally = self.cases.tally if isinstance(self.cases, Cases) else Tally.of(self.cases)
        object.__setattr__(self, "tally", tally)

    @property
    def evaluated(self) -> bool:
        """Whether there was anything that could be decided offline."""
        return self.tally.tried > 0

    @property
    def ok(self) -> bool:
        """Nothing wider and nothing narrower than the purpose, as far as it could be evaluated."""
        return not self.unexpected

    def row(self, capability: Capability) -> Row:
        """One capability at its three places."""
        return self.tally.rows[capability]

    @property
    def others(self) -> tuple[Case, ...]:
        """All that is no light: other actions, other times, keys used otherwise than through the store."""
        lights = {*Capability, ASSUME}
        return tuple(case for case in self.cases if case.capability not in lights)

    @property
    def ways_in(self) -> Cell:
        """Who may become who has the right: one must, all others must not."""
        return self.tally.ways_in
