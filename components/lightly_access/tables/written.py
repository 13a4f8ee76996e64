"""The tables of a manifest as they were written: unchecked, where they stand, and what is wrong with the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lightly_core.fault import Fault

from lightly_access.tables.problem import Place, Problem, Where

NAMESPACE = "lightly-access"
NAMED = ("stores", "datasets")
"""The tables whose keys are names chosen by the user; a manifest folder holds these two."""
ACCOUNTS = "accounts"
"""The names in this one are chosen by the user too; it stands in the configuration only."""
EMPTY = "empty"
"""Said by a stack that shall have neither stores nor datasets."""
SHARD = "shard"
"""Which part of the manifest the stack deploys."""
KEYS = (*NAMED, ACCOUNTS, "manifest", "verify", "tags", SHARD, EMPTY)


@dataclass
class Tables:
    """What was written, unchecked, where it stands, and what is wrong with the writing itself."""

    stores: dict[str, object] = field(default_factory=dict)
    datasets: dict[str, object] = field(default_factory=dict)
    accounts: dict[str, object] = field(default_factory=dict)
    verify: object = None
    tags: object = None
    shard: object = None
    places: dict[Where, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    secrets: frozenset[str] | None = None
    """Names of the secrets of external credentials in the configuration; None where it was not looked at."""

    def named(self, table: str) -> dict[str, object]:
        """The stores, the datasets or the accounts."""
        return {"stores": self.stores, "datasets": self.datasets, ACCOUNTS: self.accounts}[table]

    def refuse(self, path: Where, got: object, expected: str, hint: str | None = None) -> None:
        """Note a problem."""
        self.problems.append(Problem.of(path, got, Fault(expected, hint)))

    def owner(self, store: Mapping[object, object]) -> Mapping[object, object] | None:
        """The account that a store names; None where it names none, or one that is not there."""
        name = store.get("owner")
        return table(self.accounts[name]) if isinstance(name, str) and name in self.accounts else None


def deployed_stores(tables: Tables) -> list[object]:
    """The stores of which a deployment makes something: they themselves, or access to them."""
    made = [name for name, store in tables.stores.items() if table(store).get("create") is True]
    for dataset in tables.datasets.values():
        for source in (table(table(dataset).get(purpose)) for purpose in ("input", "lightly")):
            if source.get("role_arn") is None and source.get("secret") is None:
                made.append(str(source.get("store")))
    return [store for name, store in tables.stores.items() if name in made]


def table(value: object) -> Mapping[object, object]:
    """The value as a table; an empty one when it is something else, which is reported elsewhere."""
    return value if isinstance(value, Mapping) else {}
