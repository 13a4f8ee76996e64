"""What the cases of one datasource come to: each capability at its three places, and all that is no light."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lightly_core.capability import Capability
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

    @classmethod
    def of(cls, cases: Iterable[Case]) -> "Row":
        """The sum of the cases of a capability."""
        those = [case for case in cases if case.place]
        cells = {place: Cell.of(case for case in those if case.place is place) for place in Place}
        return cls(cells, tuple(dict.fromkeys(case.statement for case in those if case.statement)))


@dataclass(frozen=True, slots=True, eq=False)  # so that what is said of it can be remembered by which one it is
class Tally:
    """The sums of a datasource's cases.

    Attributes:
        rows: each capability at its three places.
        ways_in: who may become who has the right: one must, all others must not.
        others: all that is no light: other actions, other times, keys used otherwise than through the store.
        tried: how many cases there are.
        exceptions: which of the cases, counted from 0, are no light and allowed nevertheless, as they must be.
    """

    rows: Mapping[Capability, Row]
    ways_in: Cell
    others: Cell
    tried: int
    exceptions: tuple[int, ...]

    @classmethod
    def of(cls, cases: Iterable[Case]) -> "Tally":
        """The sums of these cases."""
        by_capability: dict[str | None, list[Case]] = {}
        others, exceptions, tried = [], [], 0
        for number, case in enumerate(cases):
            tried += 1
            by_capability.setdefault(case.capability, []).append(case)
            if case.capability not in _LIGHTS:
                others.append(case)
                if case.allowed and case.ok:
                    exceptions.append(number)
        rows = {capability: Row.of(by_capability.get(capability, ())) for capability in Capability}
        return cls(rows, Cell.of(by_capability.get(ASSUME, ())), Cell.of(others), tried, tuple(exceptions))


_LIGHTS = frozenset({*Capability, ASSUME})
