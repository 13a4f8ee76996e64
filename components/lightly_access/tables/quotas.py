"""How many things of a sort a cloud lets one account have: said before a deployment stops in the middle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lightly_access.tables.problem import Problem
from lightly_access.tables.written import Tables


@dataclass(frozen=True, slots=True)
class Quota:
    """Of one sort of thing. `most` is what a raised quota can be; None where the cloud does not say."""

    noun: str
    default: int
    most: int | None
    raised: str
    """How it is raised; empty where it never is."""
    fewer: str
    """What needs fewer of them."""

    def problems(self, counted: Mapping[str, int]) -> Iterator[Problem]:
        """Where (an account, in words) -> how many: what cannot be, whatever is raised."""
        for where, count in counted.items():
            if self.most is not None and count > self.most:
                yield self._problem(where, count, f"at most {self.most}, whatever is raised", self.fewer)

    def warnings(self, counted: Mapping[str, int]) -> Iterator[Problem]:
        """What needs a raised quota."""
        ways = "; or ".join(filter(None, (self.raised, self.fewer)))
        for where, count in counted.items():
            if count > self.default and (self.most is None or count <= self.most):
                yield self._problem(where, count, f"at most {self.default}, the default quota", ways)

    def _problem(self, where: str, count: int, expected: str, hint: str) -> Problem:
        return Problem(("datasets",), f"{count} {self.noun} in {where}", expected, hint)


def account_of(tables: Tables, store: Mapping[object, object]) -> str:
    """The account that owns a store, in words that tell it from all others."""
    owner = store.get("owner")
    return f"accounts.{owner}" if isinstance(owner, str) and owner in tables.accounts else "the account of your login"
