"""`lightly:index:Datasource`: one store registered with a dataset, for one purpose.

How each way in is written there is a table, `registrations`. Lightly has no call that removes a datasource.
"""

from collections.abc import Mapping
from typing import Any

from lightly_access.kinds import registry
from lightly_api.errors import RequestRefusedError
from lightly_api.registrations import REGISTRATIONS, Registration, shown
from lightly_core import lightly_rules
from lightly_core.capability import Purpose
from lightly_core.fault import Fault
from lightly_core.pulumi_values import Properties, Value, plain
from lightly_core.resource_types import DATASOURCE

from lightly_provider.handlers.handler import Call, Checked, Diff, Found, Made
from lightly_provider.handlers.inputs import Inputs, changed, text_of

THUMBNAILS = ".lightly/thumbnails/[filename]_thumb.[extension]"
"""Where Lightly keeps thumbnails below the LIGHTLY path; the client's default (api_workflow_datasources.py)."""

_STAYS_YOURS = "its credential was given, is yours and still works: end it where you made it"
_FIELDS = tuple(dict.fromkeys(name for way in REGISTRATIONS.values() for name in way.fields))


class DatasourceHandler:
    """Registers datasources by PUT: the same call makes and changes one."""

    def check(self, news: Mapping[str, Value]) -> Checked:
        inputs = Inputs(news, DATASOURCE.inputs)
        inputs.text("datasetId", lightly_rules.dataset_id)
        purpose = inputs.text("purpose", lightly_rules.purpose)
        kind = inputs.word("kind", tuple(registry.kinds()))
        access = inputs.word("access", tuple(REGISTRATIONS))
        if kind and access and (fault := registry.access_fault(kind, access)):
            inputs.fault("access", fault.sentence(access))
        inputs.text("path", lambda value: _path_fault(value, kind, purpose))
        if access:
            way = REGISTRATIONS[access]
            others = [name for name in _FIELDS if name not in way.fields]
            inputs.absent(others, f"it is for another access than `access: {access}`")
            way.check(inputs)
        inputs.flag("given")
        return inputs.checked()

    def diff(self, inputs: Properties, state: Properties, news: Properties) -> Diff:
        names = changed(inputs, news)
        return Diff(names, names & DATASOURCE.replacing)

    def planned(self, news: Properties, state: Properties | None) -> Properties:
        return dict(news)

    def create(self, call: Call, news: Properties) -> Made:
        self._put(call, news)
        return Made(f"{text_of(news, 'datasetId')}/{text_of(news, 'purpose')}", dict(news))

    def update(self, call: Call, resource_id: str, state: Properties, news: Properties) -> Properties:
        self._put(call, news)
        return dict(news)

    def read(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> Found | None:
        dataset_id, purpose = _split(resource_id)
        found = call.api().datasource(dataset_id, purpose)
        if found is None:
            return None
        now: Properties = {"datasetId": dataset_id, "purpose": str(purpose), **_seen(found, inputs, purpose)}
        now |= {"given": inputs["given"]} if "given" in inputs else {}  # Lightly does not know who made it
        return Found(resource_id, now, dict(now))

    def delete(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> None:
        given = plain(inputs.get("given")) is True
        call.tell(
            f"datasource {resource_id} stays registered: Lightly's API has no call that removes one; "
            + (_STAYS_YOURS if given else _way(text_of(inputs, "access")).stays)
        )

    def _put(self, call: Call, news: Properties) -> None:
        way = REGISTRATIONS[text_of(news, "access")]
        body = {"type": way.type, "thumbSuffix": THUMBNAILS, **way.written(text_of(news, "path"))}
        for ours, theirs in way.fields.items():
            if value := text_of(news, ours):
                body[theirs] = way.sealed(value) if ours in way.secrets else value
        call.api().put_datasource(text_of(news, "datasetId"), Purpose(text_of(news, "purpose")), body)


def _way(access: str) -> Registration:
    """The one of an existing resource; an import that found another kind of store has none."""
    return REGISTRATIONS.get(access, REGISTRATIONS["user"])


def _path_fault(path: str, kind: str | None, purpose: str | None) -> Fault | None:
    """By the rule of its kind; where that is not known, by that of some kind whose path it could be."""
    if kind:
        return registry.kind_of(kind).path_fault(path, purpose)
    faults = [each.path_fault(path, purpose) for each in registry.ROWS]
    return None if None in faults else faults[0]


def _split(resource_id: str) -> tuple[str, Purpose]:
    dataset_id, _, purpose = resource_id.partition("/")
    if lightly_rules.dataset_id(dataset_id) or lightly_rules.purpose(purpose):
        raise RequestRefusedError(
            f"datasource {resource_id!r}: expected an id of the form <dataset id>/<purpose>",
            "for example 5f3c8a9d0b1e2c3d4e5f6a7b/INPUT",
        )
    return dataset_id, Purpose(purpose)


def _seen(found: Mapping[str, Any], old: Properties, purpose: Purpose) -> Properties:
    """What Lightly has, as inputs. Secrets, and what it masks, are as in the state.

    An import has none of them, even when Lightly shows them: `pulumi import` prints what it gets as a program.
    """
    kind = str(found.get("type", ""))
    access = next((ours for ours, way in REGISTRATIONS.items() if way.type == kind), None)
    if access is None:  # somebody registered another kind of store by hand
        return {"kind": kind.lower(), "path": str(found.get("fullPath", ""))}
    way = REGISTRATIONS[access]
    now: Properties = {"kind": way.kind, "access": access}
    seen = {"path": way.read(found, purpose), **{ours: shown(found, theirs) for ours, theirs in way.fields.items()}}
    there = {ours for ours, theirs in {"path": "fullPath", **way.fields}.items() if found.get(theirs)}
    for ours, value in seen.items():
        hidden = ours in way.secrets or (not value and ours in there)
        if hidden or _alike(ours, text_of(old, ours), value):
            now |= {ours: old[ours]} if ours in old else {}
        elif value:
            now[ours] = value
    return now


def _alike(name: str, ours: str, theirs: str) -> bool:
    """A server may drop or add the last `/` of a path: that is no drift."""
    return ours.rstrip("/") == theirs.rstrip("/") if name == "path" else ours == theirs
