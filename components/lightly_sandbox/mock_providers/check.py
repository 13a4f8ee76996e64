"""Check: the program's inputs, validated and completed; every bad property is reported by its path."""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lightly_core.pulumi_values import SecretValue, Unknown, Value, has_secret, has_unknown, plain, secret_texts

from lightly_sandbox.mock_providers.naming import NameRequest, name_for
from lightly_sandbox.mock_providers.resource import Input, Kind, RefusedError, ResourceType
from lightly_sandbox.mock_providers.state import DEFAULTS


@dataclass(frozen=True, slots=True)
class Failure:
    """One bad property: its path (empty for the resource as a whole) and why."""

    path: str
    reason: str


def check(
    kind: ResourceType, olds: Mapping[str, Value], news: Mapping[str, Value], name_request: NameRequest
) -> tuple[dict[str, Value], list[Failure]]:
    """The inputs with names and defaults filled in, secrets and unknowns kept, and what is wrong with them."""
    inputs: dict[str, Value] = {k: v for k, v in news.items() if v is not None and k != DEFAULTS}
    for prop in kind.inputs:
        if prop.kind is Kind.DOCUMENT and prop.name in inputs:
            inputs[prop.name] = _as_text(inputs[prop.name])
    failures = list(_fields(kind.inputs, kind.refused, inputs, ""))
    inputs[DEFAULTS] = []
    if kind.naming and kind.naming.property not in inputs:
        try:
            prefix = plain(inputs.get(kind.naming.prefix_property or ""))
            if not isinstance(prefix, Unknown):
                old = {name: plain(value) for name, value in olds.items()}
                inputs[kind.naming.property] = name_for(kind.naming, name_request, prefix, old)  # type: ignore[arg-type] # checked
                inputs[DEFAULTS] = [kind.naming.property]
        except RefusedError as refusal:
            failures.append(Failure(kind.naming.property, str(refusal)))
    return inputs, failures


def _as_text(value: Value) -> Value:
    """A document may be given as an object; the cloud wants its text."""
    if not isinstance(plain(value), dict | list) or has_unknown(value):
        return value
    text = json.dumps(plain(value))
    return SecretValue(text) if any(secret_texts(value)) else text


def _fields(
    inputs: tuple[Input, ...], refused: frozenset[str], values: Mapping[str, Any], path: str
) -> Iterator[Failure]:
    known = {it.name: it for it in inputs}
    for name, value in values.items():
        where = f"{path}.{name}".lstrip(".")
        if name in known:
            yield from _value(known[name], plain(value), where, has_secret(value))
        elif name in refused:
            hint = "hint: the rehearsal implements what the components of lightly_access use"
            yield Failure(where, f"the stand-in does not implement `{name}`; {hint}")
        elif not name.startswith("__"):
            near = difflib.get_close_matches(name, [*known, *refused], 1)
            yield Failure(where, f"unknown property `{name}`" + (f"\nhint: did you mean `{near[0]}`?" if near else ""))
    for it in inputs:
        if it.required and values.get(it.name) is None:
            yield Failure(f"{path}.{it.name}".lstrip("."), f"missing required property `{it.name}`")


def _value(prop: Input, value: Any, path: str, secret: bool) -> Iterator[Failure]:
    if value is None or isinstance(value, Unknown):
        return
    if not _fits(prop.kind, value):
        yield Failure(path, f"got {_what(value)}, expected {prop.kind.value}")
    elif prop.kind is Kind.RECORD:
        yield from _fields(prop.fields, prop.refused, value, path)
    elif prop.kind is Kind.RECORDS:
        for index, item in enumerate(value):
            yield from _value(replace(prop, kind=Kind.RECORD), item, f"{path}[{index}]", secret)
    elif prop.allowed and value not in prop.allowed:
        yield Failure(path, f"got {'a secret' if secret else repr(value)}, expected one of {', '.join(prop.allowed)}")
    elif prop.longest and len(value) > prop.longest:
        yield Failure(path, f"got {len(value)} characters, expected at most {prop.longest}")


def _fits(kind: Kind, value: Any) -> bool:
    match kind:
        case Kind.STRING:
            return isinstance(value, str)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.INTEGER:
            return isinstance(value, float | int) and not isinstance(value, bool) and value == int(value)
        case Kind.DOCUMENT:
            return isinstance(value, str) and _is_object(value)
        case Kind.STRINGS:
            return isinstance(value, list) and all(isinstance(it, str | Unknown) for it in value)
        case Kind.STRING_MAP:
            return isinstance(value, dict) and all(isinstance(it, str | Unknown) for it in value.values())
        case Kind.RECORD:
            return isinstance(value, dict)
        case Kind.RECORDS:
            return isinstance(value, list)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _what(value: Any) -> str:
    return {str: "a text", bool: "a boolean", float: "a number", int: "a number", list: "a list"}.get(
        type(value), "an object"
    )


def integers(inputs: tuple[Input, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values for a cloud's client: the wire has only floats, and a client insists on whole numbers."""
    return {name: _integer(_named(inputs, name), value) for name, value in values.items()}


def _named(inputs: tuple[Input, ...], name: str) -> Input | None:
    return next((it for it in inputs if it.name == name), None)


def _integer(prop: Input | None, value: Any) -> Any:
    if prop is None or value is None:
        return value
    if prop.kind is Kind.INTEGER and isinstance(value, float):
        return int(value)
    if prop.kind is Kind.RECORD and isinstance(value, dict):
        return integers(prop.fields, value)
    if prop.kind is Kind.RECORDS and isinstance(value, list):
        return [integers(prop.fields, it) if isinstance(it, dict) else it for it in value]
    return value
