"""The manifest: what the stack's configuration asks for, as frozen values that were checked.

    stores:   where data lies, declared once            name -> Store
    datasets: what Lightly may see of it, and how       name -> Dataset (input, lightly: Datasource)
    accounts: whose the stores are, and how to get in   name -> Account

`Manifest.parse` gives the values or raises ManifestError with all problems at once; `Manifest.check` gives both.
Pure: neither Pulumi nor a cloud SDK is imported.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from lightly_access.manifest import checking
from lightly_access.manifest.checking import single
from lightly_access.manifest.models import Dataset, TagTable, Verify
from lightly_access.manifest.relations import relations
from lightly_access.manifest.tables import gather
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.problem import ManifestError, Place, Problem, Where
from lightly_access.tables.shard import Shard, shard_fault
from lightly_access.tables.table import AccountTable, StoreTable
from lightly_access.tables.written import EMPTY, NAMESPACE, SHARD, Tables

__all__ = ["Checked", "Dataset", "Datasource", "Manifest", "ManifestError", "Place", "Problem", "Verify"]


@dataclass(frozen=True)
class Manifest:
    """A checked manifest, whole also where a stack deploys a `shard` of it: rules and quotas are about all of it.

    `warnings` are what was accepted and should be looked at.
    """

    stores: Mapping[str, StoreTable]
    datasets: Mapping[str, Dataset]
    verify: Verify
    tags: Mapping[str, str]
    accounts: Mapping[str, AccountTable] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[Problem, ...] = ()
    shard: Shard | None = None

    @classmethod
    def parse(cls, config: Mapping[str, object], *, root: Path | None = None) -> "Manifest":
        """The manifest in a stack's configuration; `lightly-access:manifest` is a folder relative to `root`.

        Keys may be written `lightly-access:stores` or `stores`; None is the same as nothing; a table may be JSON text,
        as Pulumi hands it to a program. Raises ManifestError with every problem.
        """
        checked = cls.check(config, root=root)
        if checked.manifest is None:
            raise ManifestError(checked.problems, checked.warnings)
        return checked.manifest

    @classmethod
    def check(
        cls, config: Mapping[str, object], *, root: Path | None = None, places: Mapping[Where, Place] | None = None
    ) -> "Checked":
        """The same without raising: problems, warnings and, when there is no problem, the manifest.

        `places` says in which line a value stands, where that is known.
        """
        return check_tables(gather(config, root, places or {}))

    def to_config(self) -> dict[str, Any]:
        """The configuration that gives this manifest, normalised: defaults left out, the folder's files merged in."""

        def plain(models: Mapping[str, BaseModel]) -> dict[str, Any]:
            return {name: model.model_dump(mode="json", exclude_defaults=True) for name, model in models.items()}

        config: dict[str, Any] = {"stores": plain(self.stores), "datasets": plain(self.datasets)}
        if self.accounts:
            config["accounts"] = plain(self.accounts)
        if verify := self.verify.model_dump(mode="json", exclude_defaults=True):
            config["verify"] = verify
        if self.tags:
            config["tags"] = dict(self.tags)
        if not self.stores and not self.datasets:
            config[EMPTY] = True
        if self.shard:
            config[SHARD] = str(self.shard)
        return {f"{NAMESPACE}:{key}": value for key, value in config.items()}


@dataclass(frozen=True)
class Checked:
    """What a check found; `manifest` is None when there are problems."""

    manifest: Manifest | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_tables(tables: Tables) -> Checked:
    """Check gathered tables: every value by itself, then the entries against each other."""
    problems = list(tables.problems)
    stores = checking.stores(tables, problems)
    datasets = checking.datasets(tables, problems)
    accounts = checking.accounts(tables, problems)
    verify = single(Verify, "verify", {} if tables.verify is None else tables.verify, problems)
    tags = single(TagTable, "tags", {} if tables.tags is None else tables.tags, problems)
    between, warnings = relations(tables)
    if tables.shard is not None and (fault := shard_fault(tables.shard)):
        problems.append(Problem.of((SHARD,), tables.shard, fault))

    def placed(found: list[Problem]) -> tuple[Problem, ...]:
        return tuple(dict.fromkeys(problem.at(_place(problem.path, tables.places)) for problem in found))

    refused, accepted = placed(problems + between), placed(warnings)
    if refused or verify is None or tags is None:
        return Checked(None, refused, accepted)
    named = (MappingProxyType(stores), MappingProxyType(datasets))
    shard = Shard.parse(str(tables.shard)) if tables.shard is not None else None
    manifest = Manifest(*named, verify, tags.root, MappingProxyType(accounts), accepted, shard)
    beyond = placed(list(checking.documents(manifest.stores, manifest.datasets)))
    return Checked(None if beyond else manifest, beyond, accepted)


def _place(path: Where, places: Mapping[Where, Place]) -> Place | None:
    """The line of the value, or of the nearest thing around it."""
    return next((places[path[:end]] for end in range(len(path), 0, -1) if path[:end] in places), None)
