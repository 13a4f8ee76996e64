"""Check: the program's inputs, validated and completed; every bad property is reported by its path."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lightly_core.pulumi_values import SecretValue, Unknown, Value, has_secret, has_unknown, plain, secret_texts

from lightly_sandbox.mock_providers.naming import NameRequest, name_for
from lightly_sandbox.mock_providers.resource import Input, Kind, RefusedError, ResourceType
from lightly_sandbox.mock_providers.sdk import Sdk
from lightly_sandbox.mock_providers.state import DEFAULTS


@dataclass(frozen=True, slots=True)
class Failure:
    """One bad property: its path (empty for the resource as a whole) and why."""

    path: str
    reason: str


def check(
    kind: ResourceType, olds: Mapping[str, Value], news: Mapping[str, Value], name_request: NameRequest, sdk: Sdk
) -> tuple[dict[str, Value], list[Failure]]:
    """The inputs with names and defaults filled in, secrets and unknowns kept, and what is wrong with them."""
    inputs: dict[str, Value] = {k: v for k, v in news.items() if v is not None and k != DEFAULTS}
    for prop in kind.inputs:
        if prop.kind is Kind.DOCUMENT and prop.name in inputs:
            inputs[prop.name] = _as_text(inputs[prop.name])
    failures = list(_Fields(kind.token, sdk).check(kind.inputs, inputs))
    for name in inputs.keys() - {prop.name for prop in kind.inputs}:  # nobody knows what they were meant to be
        inputs[name] = SecretValue(inputs[name])
    inputs[DEFAULTS] = []
    if kind.naming and kind.naming.property in inputs and kind.naming.prefix_property in inputs:
        failures.append(Failure(kind.naming.prefix_property, f"conflicts with `{kind.naming.property}`"))
    if kind.naming and kind.naming.property not in inputs:
        try:
            prefix = plain(inputs.get(kind.naming.prefix_property or ""))
            if prefix is None or isinstance(prefix, str):  # else it is unknown, or wrong
                old = {name: plain(value) for name, value in olds.items()}
                inputs[kind.naming.property] = name_for(kind.naming, name_request, prefix, old)
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


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a resource, or of a nested object of it at `path`."""

    token: str
    sdk: Sdk
    path: tuple[str, ...] = ()
    where: str = ""
    """The path as it is shown, with the places in lists."""
    secret: bool = False
    """Whether they are inside a secret."""

    def check(self, inputs: tuple[Input, ...], values: Mapping[str, Any]) -> Iterator[Failure]:
        known = {prop.name: prop for prop in inputs}
        for name, value in values.items():
            where = f"{self.where}.{name}".lstrip(".")
            if name in known:
                yield from self._value(known[name], plain(value), where, self.secret or has_secret(value))
            elif not name.startswith("__"):
                yield Failure(where, self._unknown(name))
        for prop in inputs:
            if prop.required and values.get(prop.name) is None:
                where = f"{self.where}.{prop.name}".lstrip(".")
                yield Failure(where, f"missing required property `{prop.name}`")

    def _unknown(self, name: str) -> str:
        names = self.sdk.inputs(self.token, *self.path)
        if name in names:
            hint = "hint: the rehearsal implements what the components of lightly_access use"
            return f"the mock provider does not implement `{name}`\n{hint}"
        near = difflib.get_close_matches(name, names, 1)
        return f"unknown property `{name}`" + (f"\nhint: did you mean `{near[0]}`?" if near else "")

    def _value(self, prop: Input, value: Any, where: str, secret: bool) -> Iterator[Failure]:
        if value is None or isinstance(value, Unknown):
            return
        if not _fits(prop.kind, value):
            yield Failure(where, f"got {_what(value)}, expected {prop.kind.value}")
        elif prop.kind is Kind.RECORD:
            nested = replace(self, path=(*self.path, prop.name), where=where, secret=secret)
            yield from nested.check(prop.fields, value)
        elif prop.kind is Kind.RECORDS:
            for index, item in enumerate(value):
                yield from self._value(replace(prop, kind=Kind.RECORD), item, f"{where}[{index}]", secret)
        elif prop.allowed and value not in prop.allowed:
            got = "a secret" if secret else repr(value)
            yield Failure(where, f"got {got}, expected one of {', '.join(prop.allowed)}")
        elif prop.longest and len(value) > prop.longest:
            yield Failure(where, f"got {len(value)} characters, expected at most {prop.longest}")
        elif prop.pattern and not re.fullmatch(prop.pattern, value, re.ASCII):
            got = "a secret" if secret else repr(value)
            yield Failure(where, f"got {got}, expected text of the form {prop.pattern}")
        elif prop.kind is Kind.INTEGER and not _within(prop, value):
            yield Failure(where, f"got {value:g}, expected {_bounds(prop)}")


def _within(prop: Input, value: float) -> bool:
    return (prop.least is None or value >= prop.least) and (prop.most is None or value <= prop.most)


def _bounds(prop: Input) -> str:
    return f"at least {prop.least}" if prop.most is None else f"{prop.least} to {prop.most}"


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
            return isinstance(value, list) and all(isinstance(entry, str | Unknown) for entry in value)
        case Kind.STRING_MAP:
            return isinstance(value, dict) and all(isinstance(known, str | Unknown) for known in value.values())
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
    return next((prop for prop in inputs if prop.name == name), None)


def _integer(prop: Input | None, value: Any) -> Any:
    if prop is None or value is None:
        return value
    if prop.kind is Kind.INTEGER and isinstance(value, float):
        return int(value)
    if prop.kind is Kind.RECORD and isinstance(value, dict):
        return integers(prop.fields, value)
    if prop.kind is Kind.RECORDS and isinstance(value, list):
        return [integers(prop.fields, entry) if isinstance(entry, dict) else entry for entry in value]
    return value
