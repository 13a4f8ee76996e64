"""What a manifest would take away from what is deployed, because a key is not there any more. Pure."""

from collections.abc import Mapping
from typing import Any

from lightly_core.counted import counted

from lightly_access.deployed.replaced import replaced
from lightly_access.deployed.stack import DeployedDataset, DeployedStack, DeployedStore
from lightly_access.fleet.elsewhere import misplaced
from lightly_access.kinds import registry
from lightly_access.manifest import Dataset, Manifest, Problem


def gone(manifest: Manifest, deployed: DeployedStack) -> tuple[list[Problem], list[Problem]]:
    """Problems: what was renamed without saying so, a dataset of another shard, a store that another one would take the
    place of, and a manifest in which all datasets are gone. Warnings: the rest that the next deployment would remove.
    """
    problems, warnings = list[Problem](), list[Problem]()
    datasets = {dataset.name: dataset for dataset in deployed.datasets}
    for table, entries, found in (
        ("stores", manifest.stores, deployed.stores),
        ("datasets", manifest.datasets, datasets),
    ):
        new = {key for key, entry in entries.items() if not {key, *entry.aliases} & found.keys()}
        for key in missing(entries, found):
            old = found[key]
            if renamed := next((each for each in sorted(new) if _is_same(manifest, each, old)), None):
                problems.append(_renamed(table, key, renamed))
            elif warning := _gone(table, key, old):
                warnings.append(warning)
    for problem in replaced(manifest, deployed):
        (warnings if problem.forced else problems).append(problem.said)
    problems += misplaced(manifest, deployed.stack, datasets)
    if datasets and not manifest.datasets:
        hint = "the next `pulumi up` would remove all of them; `pulumi destroy` is how a stack is removed"
        problems.append(Problem(("datasets",), "nothing", f"the {len(datasets)} that are deployed", hint))
    return problems, warnings


def missing(entries: Mapping[str, Any], deployed: Mapping[str, Any]) -> list[str]:
    """The keys that are deployed and that no entry has, or had before."""
    known = {name for key, entry in entries.items() for name in (key, *entry.aliases)}
    return [key for key in deployed if key not in known]


def _is_same(manifest: Manifest, key: str, old: DeployedDataset | DeployedStore) -> bool:
    if isinstance(old, DeployedStore):
        store = manifest.stores[key]
        container = registry.kind_of(store.kind).container
        return bool(getattr(store, container, None) == old.outputs.get(container, ""))
    return bool(old.paths) and _paths(manifest, manifest.datasets[key]) == old.paths


def _paths(manifest: Manifest, dataset: Dataset) -> dict[str, str]:
    stores = {purpose: manifest.stores[source.store] for purpose, source in dataset.sources.items()}
    return {
        str(purpose): registry.kind_of(stores[purpose].kind).registered_path(stores[purpose], source.path, purpose)
        for purpose, source in dataset.sources.items()
    }


def _renamed(table: str, old: str, new: str) -> Problem:
    return Problem(
        (table, new),
        f"{old} under another key",
        f"aliases: [{old}]",
        f"{table}.{old} is deployed and has the same data: without it the next `pulumi up` makes everything of it anew "
        "and removes the old",
    )


def _gone(table: str, key: str, old: DeployedDataset | DeployedStore) -> Problem | None:
    if isinstance(old, DeployedStore):
        if not old.made:
            return None
        hint = (
            f"the next `pulumi up` removes what was made for it ({counted(old.made, 'resource')}); "
            f"under another key it goes on with `aliases: [{key}]`"
        )
        return Problem((table, key), "nothing", "the entry of a store that is deployed", hint)
    stays = "deletes it at Lightly" if old.goes else "leaves it at Lightly"
    hint = (
        f"the next `pulumi up` ends Lightly's access and {stays}; under another key it goes on with "
        f"`aliases: [{key}]`, and `revoked: true` ends the access alone"
    )
    return Problem((table, key), "nothing", f"the entry of a dataset that is deployed (id {old.id})", hint)
