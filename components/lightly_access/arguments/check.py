"""One check of the arguments of everything that users import: all faults at once, in one error."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, get_type_hints

import pulumi
from lightly_core.fault import Fault, one_of, shown
from lightly_core.resource_types.resource_type import ResourceType
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lightly_access.arguments.error import ArgumentsError, is_ours
from lightly_access.arguments.help import Help
from lightly_access.arguments.table import COME, LATE, hidden, of_row, of_typed_dict
from lightly_access.interrupt import end_quietly
from lightly_access.tables import invalid
from lightly_access.tables.problem import Problem

_EARLY = (
    "names and documents are made from it before anything is deployed, so no output of another resource can be it: "
    "give the value itself, such as one of pulumi.Config"
)
_WORDS = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}
_CLASSES = {"is_instance_of": "class", "enum": "expected"}


class Component(pulumi.ComponentResource):
    """A component whose arguments are one table, `args`: it is checked before anything of it is registered."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        made = cls.__dict__.get("__init__")
        if made and "args" in inspect.signature(made).parameters:
            replace_init(cls, _with_table(cls.__name__, made))
            setattr(cls, "__doc__", Help(cls.__doc__ or "", lambda: get_type_hints(made)["args"]))  # noqa: B010 - no text


def replace_init(cls: type, made: Callable[..., None], attribute: str = "__init__") -> None:
    """Let the class be made by another function."""
    setattr(cls, attribute, made)


def _with_table(component: str, made: Callable[..., None]) -> Callable[..., None]:
    signature = inspect.signature(made)

    @functools.wraps(made)
    def checked(self: Any, *given: Any, **named: Any) -> None:
        end_quietly()  # also where a program of somebody else's uses a component
        try:
            bound = signature.bind(self, *given, **named)
        except TypeError as wrong:
            hint = f'its arguments are one table: {component}("name", {{...}}, opts)'
            raise ArgumentsError(component, [f"{wrong}\nhint: {hint}"]) from None
        table = get_type_hints(made)["args"]
        if hasattr(table, "__required_keys__"):
            args = bound.arguments["args"]
            known, problems = _read(f"{component} {bound.arguments.get('name')}", of_typed_dict(table), args)
            _refuse(component, bound.arguments, problems)
            bound.arguments["args"] = known
        with in_words(f"{component} {bound.arguments.get('name')}"):
            made(*bound.args, **bound.kwargs)

    return checked


def checked_arguments(component: str, table: type[BaseModel], args: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, as the table has it. Raises ArgumentsError with all that is wrong with it."""
    known, problems = _read(component, table, args)
    if problems:
        raise ArgumentsError(component, problems)
    return known


def with_keywords(component: str, row: ResourceType, made: Callable[..., None]) -> Callable[..., None]:
    """The resource's own `__init__`, after its keywords were checked. One that is read by its id needs none."""
    table_of = functools.cache(lambda: of_row(row))

    @functools.wraps(made)
    def checked(self: Any, *given: Any, **named: Any) -> None:
        end_quietly()
        values = dict(named)
        opts, name = values.pop("opts", None), values.pop("resource_name", given[0] if given else None)
        table = table_of()
        there = {key: value for key, value in values.items() if value is not None or key not in table.model_fields}
        _, problems = _read(f"{component} {name}", table, there)
        if isinstance(opts, pulumi.ResourceOptions) and (opts.id is not None or opts.urn is not None):
            problems = [problem for problem in problems if problem.got != shown(None)]
        if len(given) + ("resource_name" in named) > 1:
            problems.append(Problem(("name",), f"{len(given)} arguments", "it alone, and all others by their names"))
        _refuse(component, {"name": name, "opts": opts}, problems)
        with in_words(f"{component} {name}"):
            made(self, *given, **named)

    return checked


@contextmanager
def in_words(component: str) -> Iterator[None]:
    """What our own code refuses in the block names the component, and is shown without a traceback."""
    try:
        yield
    except pulumi.RunError:
        raise
    except ValueError as refused:
        if not is_ours(refused):
            raise
        raise ArgumentsError(component, [str(refused)]) from None


def _refuse(component: str, arguments: Mapping[str, Any], problems: list[Problem]) -> None:
    """Raise ArgumentsError for these, and for what every resource of Pulumi is given."""
    name, opts = arguments.get("name"), arguments.get("opts")
    if not isinstance(name, str) or not name:
        problems.append(Problem(("name",), _got(name), "the name of this resource in the stack, as text"))
    if opts is not None and not isinstance(opts, pulumi.ResourceOptions):
        problems.append(Problem(("opts",), _got(opts), "pulumi.ResourceOptions"))
    if problems:
        said = f" {name}" if isinstance(name, str) and name else ""
        raise ArgumentsError(f"{component}{said}", problems)


def _read(component: str, table: type[BaseModel], args: object) -> tuple[dict[str, Any], list[Problem]]:
    """What was given, as the table has it; or what is wrong with it."""
    if not isinstance(args, Mapping):
        got = _kind(args) if isinstance(args, str) else _got(args)
        return {}, [Problem(("args",), got, f"a table with the keys {', '.join(table.model_fields)}")]
    named = {key if isinstance(key, str) else _got(key): value for key, value in args.items()}
    try:
        found = table.model_validate(named, context={COME: functools.partial(_come, component, table)})
    except ValidationError as error:
        details = error.errors(include_url=False)
        return {}, list(dict.fromkeys(_problem(table, detail) for detail in details))
    known = {name: getattr(found, name) for name in found.model_fields_set}
    return known, [
        Problem((name,), "text with half a character", "text that can be written as UTF-8")
        for name, value in known.items()
        if not _writable(value)
    ]


def _come(component: str, table: type[BaseModel], name: str, value: object, classes: tuple[type, ...]) -> object:
    """A value that was known late, once it is known."""
    if isinstance(value, classes) and _writable(value):
        return value
    got = _kind(value) if hidden(table, name) else _got(value)
    words = one_of(_WORDS.get(each, each.__name__) for each in classes if each is not type(None))
    raise ArgumentsError(component, [Problem((name,), f"an Output of {got}", words)])


def _writable(value: object) -> bool:
    """Whether every text of it can be sent."""
    if isinstance(value, Mapping):
        return all(map(_writable, (*value, *value.values())))
    return not isinstance(value, str) or not any("\ud800" <= letter <= "\udfff" for letter in value)


def _problem(table: type[BaseModel], detail: ErrorDetails) -> Problem:
    key, got, kind = str(detail["loc"][0]), detail["input"], detail["type"]
    if kind in ("missing", "extra_forbidden"):
        return invalid.problem(table, (), detail)
    path = tuple(str(part) for part in detail["loc"] if part != "[key]" and "[" not in str(part))
    context = detail.get("ctx", {})
    if kind in _CLASSES:
        fault = Fault(str(context[_CLASSES[kind]]).replace("'", ""))
    elif kind == "fault":
        fault = Fault(context["expected"], context["hint"])
    else:
        fault = invalid.type_fault(kind, got, context, detail["msg"])
    if isinstance(got, LATE):
        return Problem(path, _got(got), f"{fault.expected}, known while the program is read", _EARLY)
    return Problem(path, _kind(got) if hidden(table, key) else _got(got), fault.expected, fault.hint)


def _got(value: object) -> str:
    """A value as a message may show it; an object by its class."""
    if isinstance(value, pulumi.Output):
        return "an Output"
    if value is None or isinstance(value, str | bool | float | list | tuple | Mapping):
        return shown(value)
    if isinstance(value, int) and abs(value) < 10**30:
        return str(value)
    return type(value).__name__


def _kind(value: object) -> str:
    """Of a value that is not shown."""
    word = "text" if isinstance(value, str) else type(value).__name__
    return shown(value) if value is None else f"{word} (not shown)"
