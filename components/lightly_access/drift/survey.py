"""All accesses of a dataset, each looked at by its kind of store."""

from collections.abc import Iterable, Iterator

from lightly_access.doctor.stack import Stack
from lightly_access.drift.deployed import DeployedAccess
from lightly_access.drift.drift import Drift, together
from lightly_access.kinds import registry
from lightly_access.once import Once


def drift(accesses: Iterable[DeployedAccess], stack: Stack, once: Once) -> Drift:
    """What differs from what was deployed; `stack` says whose login looks into which account, `once` is that of the
    round."""
    return together(registry.kind_of(each.kind).drift(each, stack, _owner(each, stack), once) for each in accesses)


def notes_of(found: Drift) -> Iterator[str]:
    """What is no drift: what stood open before us, and what could not be read."""
    for finding in found.notes:
        yield f"{finding.where}: {finding.what}; the store is not ours, so that is left to you"
    for entry in found.unreadable:
        needs = f"; it needs {entry.needs}" if entry.needs else ""
        yield f"not looked at in the cloud: {entry.what} ({entry.reason}){needs}"


def _owner(deployed: DeployedAccess, stack: Stack) -> str | None:
    """The account of its store, where the manifest is there and says one."""
    dataset = stack.manifest.datasets.get(deployed.dataset)
    source = dataset.sources.get(deployed.purpose) if dataset else None
    store = stack.manifest.stores.get(source.store) if source else None
    owner = getattr(store, "owner", None)
    return str(owner) if owner else None
