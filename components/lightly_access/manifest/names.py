"""Names that entries had before, and the names of datasets at Lightly: each is one entry's alone."""

from collections.abc import Iterator

from lightly_core.fault import Fault

from lightly_access.tables.problem import Problem
from lightly_access.tables.written import ACCOUNTS, NAMED, Tables, table


def problems(tables: Tables) -> Iterator[Problem]:
    """What two entries cannot both be called."""
    for kind in (*NAMED, ACCOUNTS):
        yield from _aliases(kind, tables)
    yield from _at_lightly(tables)


def _aliases(kind: str, tables: Tables) -> Iterator[Problem]:
    """An old name that is still, or twice, somebody's: only one of them can go on with what was made under it."""
    entries, owners = tables.named(kind), dict[str, str]()
    for name, raw in entries.items():
        written = table(raw).get("aliases")
        aliases = [old for old in written if isinstance(old, str)] if isinstance(written, list) else []
        for old in aliases:
            place = (kind, name, "aliases")
            if old in entries:
                whose = "this entry's own key" if old == name else f"the key of {kind}.{old}"
                hint = f"it is {whose}: `aliases` are keys that are gone from the manifest"
                yield Problem.of(place, old, Fault("a key that it had before", hint))
            elif owners.setdefault(old, name) != name or aliases.count(old) > 1:
                hint = f"{kind}.{owners[old]} names it too" if owners[old] != name else "it stands there twice"
                yield Problem.of(place, old, Fault("every alias once", hint))


def _at_lightly(tables: Tables) -> Iterator[Problem]:
    """A dataset is found by its name: Lightly's client 1.5.26 makes no second one of a name (`create_dataset` in
    api_workflow_datasets.py), and so do we. Whether its API would refuse one is not documented."""
    first: dict[str, str] = {}
    for key, raw in tables.datasets.items():
        written = table(raw).get("name")
        name = written if isinstance(written, str) else key
        if first.setdefault(name, key) != key:
            place = ("datasets", key, "name") if isinstance(written, str) else ("datasets", key)
            hint = f"datasets.{first[name]} has it too"
            yield Problem.of(place, name, Fault("a name at Lightly that is its own", hint))
