"""The reach of one datasource: its cases as a table, who gets in, for how long, and what a leak would cost."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lightly_core.capability import Capability, Purpose
from lightly_policies.case import Place

from lightly_access.analysis.case import Case

FROM_NETWORK = "from your network"
ASSUME = "assume"
"""The capability of a case about who may become Lightly's role."""


@dataclass(frozen=True, slots=True)
class Cell:
    """All cases of one capability at one place. No case at all: the place does not exist.

    Attributes:
        tried: how many cases.
        allowed, expected: how many of them were, and must be, allowed.
        ok: whether every single one came out as it must.
        by_network, by_network_expected: whether what was, and must be, allowed is just what came from your network.
    """

    tried: int
    allowed: int
    expected: int
    ok: bool
    by_network: bool = False
    by_network_expected: bool = False

    @classmethod
    def of(cls, cases: Iterable[Case]) -> "Cell":
        """The sum of cases."""
        those = [(case.allowed, case.expected, case.network) for case in cases]
        asked = any(network is not None for _, _, network in those)
        return cls(
            len(those),
            sum(allowed for allowed, _, _ in those),
            sum(expected for _, expected, _ in those),
            all(allowed is expected for allowed, expected, _ in those),
            asked and all(allowed is bool(network) for allowed, _, network in those),
            asked and all(expected is bool(network) for _, expected, network in those),
        )

    @property
    def decision(self) -> str:
        """`allowed`, `refused`, `from your network`, `partly`, or `none` where nothing can be tried."""
        return FROM_NETWORK if self.by_network else _in_words(self.allowed, self.tried)

    @property
    def wanted(self) -> str:
        """What must be decided, in the same words."""
        return FROM_NETWORK if self.by_network_expected else _in_words(self.expected, self.tried)


def _in_words(those: int, of: int) -> str:
    if not of:
        return "none"
    return "allowed" if those == of else "partly" if those else "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """One capability at its three places.

    Attributes:
        cells: place -> Cell.
        statements: what allowed or denied any of it, in the order of the cases; empty when nothing allows it.
    """

    cells: dict[Place, Cell]
    statements: tuple[str, ...]


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
    """

    dataset: str
    purpose: Purpose
    kind: str
    access: str
    path: str
    words: Words
    cases: tuple[Case, ...] = field(repr=False)
    unexpected: tuple[str, ...] = ()

    @property
    def evaluated(self) -> bool:
        """Whether there was anything that could be decided offline."""
        return bool(self.cases)

    @property
    def ok(self) -> bool:
        """Nothing wider and nothing narrower than the purpose, as far as it could be evaluated."""
        return not self.unexpected

    def row(self, capability: Capability) -> Row:
        """One capability at its three places."""
        those = [case for case in self.cases if case.capability == capability and case.place]
        return Row(
            {place: Cell.of(case for case in those if case.place is place) for place in Place}, _statements(those)
        )

    @property
    def others(self) -> tuple[Case, ...]:
        """All that is no light: other actions, other times, keys used otherwise than through the store."""
        lights = {*Capability, ASSUME}
        return tuple(case for case in self.cases if case.capability not in lights)

    @property
    def ways_in(self) -> Cell:
        """Who may become who has the right: one must, all others must not."""
        return Cell.of(case for case in self.cases if case.capability == ASSUME)


def _statements(cases: Iterable[Case]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case.statement for case in cases if case.statement))
