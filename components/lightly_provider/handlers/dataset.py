"""`lightly:index:Dataset`: a dataset at Lightly.

The rule for a name that exists: it is an error that names the dataset's id, always, unless `adopt` is set. So also
after a run that was killed between the POST and the writing of the state. Lightly has no field that could mark a
dataset as ours, so an empty one of that name may as well be a colleague's; taking it over in silence could end in
deleting his. The error says whether it holds anything, and the ways out. An adopted dataset is kept on destroy.
"""

from collections.abc import Mapping

from lightly_api.client import LightlyApi
from lightly_api.datasets import Dataset
from lightly_api.errors import ProviderError, RequestRefusedError, StoppedError
from lightly_core import lightly_rules
from lightly_core.hint import with_hint
from lightly_core.lightly_rules import DELETE, KEEP
from lightly_core.pulumi_values import UNKNOWN, Properties, Value
from lightly_core.resource_types import DATASET

from lightly_provider.handlers.handler import Call, Checked, Diff, Found, Made
from lightly_provider.handlers.inputs import Inputs, changed, flag_of, text_of

_LATER = "nothing of it is in the state any more: delete it at https://app.lightly.ai when you want it gone"
_RENAME = "renameAdopted"
_TYPES = {theirs: ours for ours, theirs in lightly_rules.DATASET_TYPES.items()}


class DatasetHandler:
    """Finds or makes datasets, renames them, and deletes them only where that was asked for."""

    def check(self, news: Mapping[str, Value]) -> Checked:
        inputs = Inputs(news, DATASET.inputs)
        inputs.text("name", lightly_rules.dataset_name)
        inputs.text("type", lightly_rules.dataset_type)
        inputs.flag("adopt")
        inputs.text("onRemove", lightly_rules.on_remove, needed=False)
        inputs.flag("forceDestroy")
        inputs.flag(_RENAME)
        return inputs.checked()

    def diff(self, inputs: Properties, state: Properties, news: Properties) -> Diff:
        names = changed(inputs, news) - {_RENAME}  # it is a word about the next name, and changes nothing itself
        return Diff(names, names & DATASET.replacing)

    def planned(self, news: Properties, state: Properties | None) -> Properties:
        """Raises RequestRefusedError when an adopted dataset would be renamed, so that a preview says it."""
        name = text_of(news, "name")
        if state and name and name != text_of(state, "name") and not _may_rename(state, news):
            raise _not_ours(text_of(state, "name"), name)
        return {**news, "adopted": state.get("adopted", UNKNOWN) if state else UNKNOWN}

    def create(self, call: Call, news: Properties) -> Made:
        name, kind = text_of(news, "name"), text_of(news, "type")
        api = call.api()
        found = api.datasets.named(name)
        if found:
            if not flag_of(news, "adopt"):
                raise _exists(found)
            if _TYPES.get(found.type) != kind:
                raise RequestRefusedError(
                    f"dataset {name!r} (id {found.id}): its type at Lightly is {found.type}, expected "
                    f"{lightly_rules.DATASET_TYPES[kind]}",
                    "a type cannot be changed: correct `type`, or use another name",
                )
            return Made(found.id, {**news, "adopted": True})
        return Made(api.datasets.create(name, lightly_rules.DATASET_TYPES[kind]), {**news, "adopted": False})

    def update(self, call: Call, resource_id: str, state: Properties, news: Properties) -> Properties:
        name = text_of(news, "name")
        if name != text_of(state, "name"):
            found = call.api().datasets.get(resource_id)
            if found is None or found.name != name:  # otherwise somebody has renamed it in the app
                if not _may_rename(state, news):
                    raise _not_ours(found.name if found else text_of(state, "name"), name)
                call.api().datasets.rename(resource_id, name)
        return {**news, "adopted": flag_of(state, "adopted")}

    def read(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> Found | None:
        fault = lightly_rules.dataset_id(resource_id)
        if fault:
            raise RequestRefusedError(
                f"dataset {resource_id!r}: expected {fault.expected}", "it is in the dataset's URL in the app"
            )
        found = call.api().datasets.get(resource_id)
        if found is None:
            return None
        defaults: Properties = {"adopt": False, "forceDestroy": False}
        seen: Properties = {"name": found.name, "type": _TYPES.get(found.type, found.type)}
        now: Properties = {**defaults, **inputs, **seen}
        # Imported: it was there before us, so it is kept on destroy like an adopted one.
        return Found(found.id, now, {**now, "adopted": flag_of(state, "adopted") if state else True})

    def delete(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> None:
        """Never fails: what gives Lightly access is removed with it or after it, and that must not wait for Lightly."""
        dataset = f"dataset {text_of(state, 'name')!r} (id {resource_id})"
        force = flag_of(state, "forceDestroy")
        if flag_of(state, "adopted"):
            call.tell(f"{dataset} was adopted, not made here: it is kept at Lightly")
        elif not force and text_of(state, "onRemove") != DELETE:
            call.tell(f"{dataset} stays at Lightly with what it holds: `on_remove` is {KEEP}")
        else:
            try:
                _delete(call.api(), resource_id, force)
            except StoppedError:
                raise
            except ProviderError as failure:
                call.warn(with_hint(f"{dataset} stays at Lightly: {failure.text}", _LATER))


def _delete(api: LightlyApi, dataset_id: str, force: bool) -> None:
    if not force:
        found = api.datasets.get(dataset_id)
        if found is None:
            return
        if found.samples != 0:
            count = f"{found.samples} samples" if found.samples is not None else "an unknown number of samples"
            raise RequestRefusedError(f"it holds {count}, and `force_destroy` is not set")
    api.datasets.delete(dataset_id)


def _may_rename(state: Properties, news: Properties) -> bool:
    return not flag_of(state, "adopted") or flag_of(news, _RENAME)


def _not_ours(name: str, new: str) -> RequestRefusedError:
    return RequestRefusedError(
        f"dataset {name!r} was adopted, not made here: `name: {new}` would rename it for everybody who uses it",
        f"write `name: {name}`; another dataset is another entry, under a key of its own; where it is yours to rename, "
        "do that in the app and run `pulumi up --refresh`, or set `rename_adopted: true` at the dataset",
    )


def _exists(found: Dataset) -> RequestRefusedError:
    holds = {None: "", 0: ", which holds no samples"}.get(found.samples, f", which holds {found.samples} samples")
    return RequestRefusedError(
        f"dataset {found.name!r} exists already at Lightly (id {found.id}{holds})",
        "set `adopt: true` to use it (then it is kept on destroy), or use another name; when a run of yours that was "
        "killed left it behind, `lightly-access recover` takes it over",
    )
