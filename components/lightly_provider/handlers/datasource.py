"""`lightly:index:Datasource`: one store registered with a dataset, for one purpose.

How each access is written there is its kind's to say. Lightly has no call that removes a datasource.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from lightly_access.kinds import registry
from lightly_access.kinds.access_kind import AccessKind
from lightly_api.errors import RequestRefusedError
from lightly_api.registration import Values, shown
from lightly_core import lightly_rules
from lightly_core.capability import Purpose
from lightly_core.fault import Fault
from lightly_core.pulumi_values import Properties, Value, plain
from lightly_core.resource_types import DATASOURCE

from lightly_provider.handlers.handler import Call, Checked, Diff, Found, Made
from lightly_provider.handlers.inputs import Inputs, changed, flag_of, text_of
from lightly_provider.registered import Registered

_REPLACE = "replaceRegistered"
_PUT_OUT_ELSEWHERE = frozenset({"externalId", "secretAccessKey", "sasToken"})
"""Secrets that stand in the outputs of the resource that made them, in the same words."""
_STAYS_YOURS = "its credential was given, is yours and still works: end it where you made it"


class DatasourceHandler:
    """Registers datasources by PUT: the same call makes and changes one."""

    def check(self, news: Mapping[str, Value]) -> Checked:
        inputs = Inputs(news, DATASOURCE.inputs)
        inputs.text("datasetId", lightly_rules.dataset_id)
        purpose = inputs.text("purpose", lightly_rules.purpose)
        kind = inputs.word("kind", tuple(registry.kinds()))
        access = inputs.word("access", tuple(registry.accesses()))
        if kind and access and (fault := registry.access_fault(kind, access)):
            inputs.fault("access", fault.sentence(access))
        inputs.text("path", lambda value: _path_fault(value, kind, purpose))
        if access:
            _check_properties(inputs, registry.accesses()[access])
        inputs.flag("given")
        inputs.flag(_REPLACE)
        return inputs.checked()

    def diff(self, inputs: Properties, state: Properties, news: Properties) -> Diff:
        names = changed(inputs, news) - {_REPLACE}  # it is a word about the next writing, and changes nothing itself
        return Diff(names, names & DATASOURCE.replacing)

    def planned(self, news: Properties, state: Properties | None) -> Properties:
        return _shown(news)

    def create(self, call: Call, news: Properties) -> Made:
        self._put(call, news)
        return Made(f"{text_of(news, 'datasetId')}/{text_of(news, 'purpose')}", _shown(news))

    def update(self, call: Call, resource_id: str, state: Properties, news: Properties) -> Properties:
        self._put(call, news, state)
        return _shown(news)

    def read(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> Found | None:
        dataset_id, purpose = _split(resource_id)
        found = call.api().datasources.seen(dataset_id, purpose)
        if found is None:
            return None
        now: Properties = {"datasetId": dataset_id, "purpose": str(purpose), **_seen(found, inputs, purpose)}
        now |= {name: inputs[name] for name in ("given", _REPLACE) if name in inputs}  # of which Lightly knows nothing
        return Found(resource_id, now, _shown(now))

    def delete(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> None:
        given = plain(inputs.get("given")) is True
        call.tell(
            f"datasource {resource_id} stays registered: Lightly's API has no call that removes one; "
            + (_STAYS_YOURS if given else _stays(text_of(inputs, "access")))
        )

    def _put(self, call: Call, news: Properties, *known: Properties) -> None:
        """Register it in the place of nothing, of itself, or of what the state knows; the rest is somebody else's."""
        dataset_id, purpose = text_of(news, "datasetId"), Purpose(text_of(news, "purpose"))
        told = set[str]()

        def look(found: Mapping[str, Any] | None) -> None:
            there = Registered.seen(found, purpose) if found else None
            if there and not any(there.is_(Registered.of(each)) for each in (news, *known)):
                if not flag_of(news, _REPLACE):
                    raise _taken(dataset_id, purpose, there, Registered.of(news), update=bool(known))
                if str(there) not in told:
                    call.warn(f"datasource {dataset_id}/{purpose}: took the place of {there}")
                told.add(str(there))

        registration = registry.accesses()[text_of(news, "access")].registration
        values = {each.name: text_of(news, each.name) for each in registration.properties}
        body = registration.body(text_of(news, "path"), values)
        call.api().datasources.put(dataset_id, purpose, body, look)


def _shown(inputs: Properties) -> Properties:
    """What becomes output: each secret once in a stack's outputs, where the guardrail `secret-in-plain` looks for what
    must not stand anywhere in clear. Of a credential that somebody else made that is here."""
    hidden = frozenset[str]() if plain(inputs.get("given")) is True else _PUT_OUT_ELSEWHERE
    return {name: value for name, value in inputs.items() if name not in hidden}


def _taken(
    dataset_id: str, purpose: Purpose, there: Registered, ours: Registered, *, update: bool
) -> RequestRefusedError:
    look = "`pulumi up --refresh` takes note of it and registers ours again" if update else "use another dataset"
    return RequestRefusedError(
        f"the {purpose} datasource of dataset {dataset_id}: somebody registered another one: {there}; ours is {ours}, "
        "and would overwrite it, its secret with it",
        f"ask whoever registered it; {look}, or set `replace_registered: true` at the dataset to overwrite it",
    )


def _check_properties(inputs: Inputs, access: AccessKind) -> None:
    registration, values = access.registration, dict[str, str]()
    names = [each.name for each in registration.properties]
    others = [name for name in registry.registered_properties() if name not in names]
    inputs.absent(others, f"it is for another access than `access: {access.name}`")
    for each in registration.properties:
        rule = functools.partial(_after, each.rule, dict(values))
        value = inputs.text(each.name, rule, needed=each.needed)
        if value is not None:
            values[each.name] = value
    if fault := registration.access_fault(values):
        inputs.fault("access", fault.sentence(access.name))


def _after(rule: Callable[[str, Values], Fault | None], before: Values, value: str) -> Fault | None:
    """A rule that looks at the properties before its own."""
    return rule(value, before)


def _stays(access: str) -> str:
    """What is said of an existing resource; an import may have found an access that we do not know."""
    found = registry.accesses().get(access)
    return found.registration.stays if found else "whoever registered it knows how its credential ends"


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
    found_as = registry.registered_as(found.get("type"))
    if found_as is None:  # somebody registered another kind of store by hand
        return {"kind": str(found.get("type", "")).lower(), "path": str(found.get("fullPath", ""))}
    kind, access = found_as
    registration = access.registration
    now: Properties = {"kind": kind.name, "access": access.name}
    fields = {each.name: each.field for each in registration.properties}
    seen = {"path": registration.read(found, purpose), **{name: shown(found, field) for name, field in fields.items()}}
    there = {name for name, field in {"path": "fullPath", **fields}.items() if found.get(field)}
    for name, value in seen.items():
        hidden = name in registration.secrets or (not value and name in there)
        if hidden or _alike(name, text_of(old, name), value):
            now |= {name: old[name]} if name in old else {}
        elif value:
            now[name] = value
    return now


def _alike(name: str, ours: str, theirs: str) -> bool:
    """A server may drop or add the last `/` of a path: that is no drift."""
    return ours.rstrip("/") == theirs.rstrip("/") if name == "path" else ours == theirs
