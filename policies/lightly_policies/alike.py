"""Paths that no proof can tell apart: what is decided for one is decided for all of them, case by case.

A stack has thousands of paths and a handful of grants, and all that a proof asks of a path is this: is a name that is
asked about the path without its last `/`, or does it begin with the path? The names are the path with something behind
it, the places that `case.beside` gives, and the names of other stores. So a proof may ask about a path that stands in
for this one, if

- both are plain: directories without an empty part, and without what is escaped or a wildcard in some document. Then a
  document names each as it is, and what is behind it is matched by itself.
- both have the same places beside them. None of those begins with its path, since `beside` leaves such a place out, and
  none is the path without its `/`, since it is empty or ends in one. Neither does a file in such a place begin with the
  path, because nothing in the file's own name is a `/`.
- the document about this path, moved to the other one, is a document about the other one: all that it says of paths is
  that something begins with this path or is this path without its `/`. Each kind of document has that checked where it
  is moved (`proof_aws`, `proof_gcs`, `proof_sas`), and one that says anything else is decided by itself.

Whatever then is not as expected is decided once more, by itself, so that its sentences name its own path.
tests/lightly_policies/test_alike.py compares both ways.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from lightly_policies.case import Case, beside
from lightly_policies.proof import Outcome, Proof

_PLAIN = re.compile(r'(?:[^/*?$"\\\n]+/)+')
_MODEL_PATHS = ("stands/", "stands/in/", "1/", "1/2/", "elsewhere/", "elsewhere/elsewhere/")
"""With and without a parent; without letters, so that nothing differs by case; and what begins with itself."""


def _places(path: str) -> tuple[tuple[str, bool], ...]:
    """Which places are beside a path, and which of them is the whole store."""
    return tuple((where, bool(place)) for where, place in beside(path))


_BY_PLACES = {_places(path): path for path in reversed(_MODEL_PATHS)}


def model_path(path: str) -> str | None:
    """The path that stands in for this one; None where it is decided by itself."""
    return _BY_PLACES.get(_places(path)) if _PLAIN.fullmatch(path) else None


@dataclass(frozen=True, slots=True, eq=False)  # so that what is counted of it can be remembered by which one it is
class Decided:
    """What was decided of one document.

    Attributes:
        capabilities: as in a Proof.
        outcomes: every case with its decision.
        faults: what the document names too much.
        wrong: a sentence for each outcome that is not as it must be.
    """

    capabilities: dict[str, bool]
    outcomes: tuple[Outcome, ...]
    faults: tuple[str, ...] = ()
    wrong: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wrong", tuple(outcome.sentence for outcome in self.outcomes if not outcome.ok))

    @property
    def ok(self) -> bool:
        """Whether a path that it stands in for need not be decided by itself: there is nothing to say of it."""
        return not self.wrong and not self.faults


class Moved(Collection[Outcome]):
    """The outcomes of a path whose model was decided: its cases are made when somebody looks at them.

    Attributes:
        models: what was decided, in the order of these outcomes. Those of the first have other names and requests.
    """

    __slots__ = ("_cases", "models")

    def __init__(self, models: tuple[Decided, ...], cases: Callable[[], Iterable[Case]]) -> None:
        self.models, self._cases = models, cases

    def __iter__(self) -> Iterator[Outcome]:
        first, *others = self.models
        for case, outcome in zip(self._cases(), first.outcomes, strict=True):
            yield Outcome(case, outcome.decision)
        for model in others:
            yield from model.outcomes

    def __len__(self) -> int:
        return sum(len(model.outcomes) for model in self.models)

    def __contains__(self, outcome: object) -> bool:
        return outcome in tuple(self)


def proof(
    models: tuple[Decided, ...], moved: Callable[[], Iterable[Case]] | None = None, accepted: tuple[str, ...] = ()
) -> Proof:
    """The proof of a path, of documents that were decided: the first is about it and has its capabilities.

    `moved`: makes the cases of the path, where its model was decided.
    """
    outcomes = Moved(models, moved) if moved else tuple(each for model in models for each in model.outcomes)
    wrong, faults = (chain.from_iterable(each) for each in zip(*((m.wrong, m.faults) for m in models), strict=True))
    return Proof(dict(models[0].capabilities), (*wrong, *faults), outcomes, accepted)
