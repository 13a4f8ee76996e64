"""What the engine sends for a component, as its class in Python takes it; and what is wrong with it, as it was sent."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date
from importlib import import_module
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pulumi
from lightly_access.arguments.check import checked_arguments
from lightly_access.arguments.error import ArgumentsError
from lightly_access.arguments.table import hides, of_typed_dict
from lightly_access.tables.problem import Problem
from pulumi.output import Unknown

from lightly_package.schema_types import bare, hints_of
from lightly_package.tokens import wire_name


class Arguments:
    """The arguments of one component, by its class."""

    def __init__(self, cls: Any) -> None:
        self._typed = get_type_hints(cls.__init__)["args"]
        self._hints = hints_of(self._typed)
        self._by_wire_name = {wire_name(name): name for name in self._hints}

    def read(self, component: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """As the class takes them. Raises ArgumentsError when a value that is a table of its own cannot be made; then
        with all that is wrong with the others."""
        found, problems = {}, []
        for key, value in inputs.items():
            name = self._by_wire_name.get(key, key)
            if value is None:
                continue  # not given
            try:
                found[name] = _of_wire(self._hints.get(name), value)
            except ArgumentsError as wrong:
                problems += [_below(name, each) for each in wrong.problems]
        if problems:
            raise ArgumentsError(component, [*problems, *self._of_the_others(component, found, problems)])
        return found

    def hidden(self, problem: Problem) -> bool:
        """Whether the value that the problem is about must not be shown."""
        return problem.path[0] not in self._hints or hides(self._hints[problem.path[0]])

    def in_wire_names(self, text: str) -> str:
        """A message, with the arguments called as they are called in the languages."""
        longer = sorted((name for name in self._hints if "_" in name), key=len, reverse=True)
        return re.sub(rf"\b({'|'.join(longer) or '$^'})\b", lambda name: wire_name(name[0]), text)

    def _of_the_others(
        self, component: str, given: Mapping[str, Any], problems: list[Problem | str]
    ) -> list[Problem | str]:
        wrong = {problem.path[0] for problem in problems if isinstance(problem, Problem)}
        try:
            checked_arguments(component, of_typed_dict(self._typed), given)
        except ArgumentsError as found:
            return [each for each in found.problems if not (isinstance(each, Problem) and each.path[0] in wrong)]
        return []


def _below(name: str, problem: Problem | str) -> Problem | str:
    if isinstance(problem, str):
        return f"{name}: {problem}"
    return Problem((name, *problem.path), problem.got, problem.expected, problem.hint)


def _of_wire(hint: Any, value: Any) -> Any:
    hint = bare(hint)
    if isinstance(value, Unknown):
        return pulumi.Output.from_input(value)
    if isinstance(value, pulumi.Output):
        return value
    if get_origin(hint) in (Union, UnionType):
        known = [part for part in get_args(hint) if get_origin(part) is not pulumi.Output and part is not type(None)]
        return _of_wire(known[0], value)
    if isinstance(value, list):
        (items, *_) = get_args(hint) or (None,)
        return [_of_wire(items, each) for each in value]
    if isinstance(value, Mapping):
        return _of_table(hint, value)
    if hint is date and isinstance(value, str):
        with suppress(ValueError):
            return date.fromisoformat(value)
    if hint is int and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _of_table(hint: Any, value: Mapping[str, Any]) -> Any:
    if not (isinstance(hint, type) and is_dataclass(hint)):
        values = get_args(hint)[1] if len(get_args(hint)) > 1 else None
        return {key: _of_wire(values, each) for key, each in value.items()}
    hints = get_type_hints(hint, include_extras=True)
    names = {wire_name(each.name): each.name for each in fields(hint)}
    known = {names.get(key, key): each for key, each in value.items() if each is not None}
    public: Any = getattr(import_module("lightly_access"), hint.__name__)  # which says all that is wrong with it
    return public(**{name: _of_wire(hints.get(name), each) for name, each in known.items()})
