"""A dataset whose creation at Lightly was interrupted.

Lightly has no field that would tell whose it is. What does: a note in the state that a run was making one of this name
(or whoever runs this, who says so), that nobody has put anything into it, and that it is not older than a day.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from lightly_api.client import LightlyApi
from lightly_api.datasets import Dataset
from lightly_api.errors import ProviderError
from lightly_core import lightly_rules
from lightly_core.capability import Purpose
from lightly_core.hint import without_hint
from lightly_core.resource_types import DATASOURCE

from lightly_access.recover.decision import Decision, Deed
from lightly_access.recover.operation import Known, Operation
from lightly_access.recover.planned import PLANNED
from lightly_access.recover.way import UnaskedError

_LATEST = timedelta(days=1)


def asking(api: LightlyApi | None, why_not: str = "") -> Callable[[Operation, Known], Decision]:
    """With what Lightly is asked; None where there is no token, or it is not known whose."""
    return lambda operation, known: _dataset(operation, known, api, why_not)


def registered(known: Known, api: LightlyApi | None) -> frozenset[str] | None:
    """Every text in the registrations of the datasets of a state; None where Lightly cannot be asked."""
    if api is None:
        return None
    ids = [str(each["id"]).partition("/") for each in known.resources if each.get("type") == DATASOURCE.token]
    try:
        found = [api.datasources.get(dataset, Purpose(purpose)) or {} for dataset, _, purpose in ids]
    except (ProviderError, ValueError):
        return None
    return frozenset(value for each in found for value in each.values() if isinstance(value, str))


def _dataset(operation: Operation, known: Known, api: LightlyApi | None, why_not: str) -> Decision:
    inputs = operation.entry.get("inputs") or {}
    name, kind = inputs.get("name"), inputs.get("type")
    if known.live(operation.urn):
        return Decision(operation, Deed.CLEAR, "a later run made it")
    if inputs.get("adopt") is True:
        return Decision(operation, Deed.CLEAR, "the next run makes it or adopts it")
    later = "when it is there, the next run says so, and how it goes on"
    if not isinstance(name, str) or api is None:
        why = f"Lightly was not asked: {why_not}" if api is None else "its name is a secret"
        return Decision(operation, Deed.CLEAR, f"{why}; {later}")
    try:
        found = api.datasets.named(name)
        used = found and any(api.datasources.get(found.id, purpose) for purpose in Purpose)
    except ProviderError as error:
        return Decision(operation, Deed.CLEAR, f"Lightly could not be asked: {without_hint(str(error))}; {later}")
    if found is None:
        return Decision(operation, Deed.CLEAR, "Lightly has none of this name: the next run makes it")
    if found.samples or used or found.type != lightly_rules.DATASET_TYPES.get(str(kind)):
        said = f"dataset {name!r} (id {found.id}) at Lightly is in use, or of another type: it may be somebody else's"
        return Decision(operation, Deed.CLEAR, f"{said}; {later}", id=found.id)
    if not _is_of_it(operation, found, known):
        said = f"dataset {name!r} (id {found.id}) at Lightly is empty, and older than the run that was killed"
        return Decision(operation, Deed.CLEAR, f"{said}; {later}", id=found.id)
    parent = operation.entry.get("parent")
    if parent and not known.live(str(parent)):
        said = f"{found.id} at Lightly is empty, and the stack that it was made for is not there any more"
        return Decision(operation, Deed.REMOVE, said, id=found.id, removed=partial(_delete, api, found.id))
    seed = {**inputs, "adopted": False}
    return Decision(operation, Deed.TAKE, f"{found.id} is at Lightly, and empty", id=found.id, seed=seed)


def _is_of_it(operation: Operation, found: Dataset, known: Known) -> bool:
    """Whether it is as young as the run. With a note: the state was written when its creation began, and at each run
    since. Without one it was the last run."""
    made = datetime.fromtimestamp(found.created, UTC) if found.created is not None else None
    if operation.doing == PLANNED:
        return made is not None and known.in_last_run(made)
    return made is None or known.written is None or made >= known.written - _LATEST


def _delete(api: LightlyApi, dataset_id: str) -> None:
    try:
        api.datasets.delete(dataset_id)
    except ProviderError as error:
        raise UnaskedError(without_hint(str(error))) from None
