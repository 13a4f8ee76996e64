"""The table of a component's arguments: its TypedDict, with the rules of the manifest's fields where it names them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

import pulumi
from lightly_core.resource_types.resource_type import FLAG, NUMBER, TEXT, Property, ResourceType
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationInfo,
    WrapValidator,
    create_model,
)

from lightly_access.arguments.written import texts_below

LATE = (pulumi.Output, Awaitable)
"""What is known when something is deployed, and not while the program is read."""
COME = "come"
"""In the context of a validation: what looks at a value that was known late."""
HIDDEN = object()
"""Among the metadata of an argument: its value is not shown, whatever it is."""

_CONFIG = ConfigDict(strict=True, extra="forbid", frozen=True, protected_namespaces=())
LOCAL_NAMES = {"Output": pulumi.Output, "T": Any}
"""The SDK writes a part of its `Input` as text."""
_INSTANCE: Any = InstanceOf
_UNION: Any = Union
_ROW_TYPES: tuple[tuple[Mapping[str, Any], Any], ...] = ((TEXT, str), (FLAG, bool), (NUMBER, float))


@cache
def of_typed_dict(typed: Any) -> type[BaseModel]:
    """The table of a component. What may be left out is nothing then, or false."""
    words = _words(typed)
    found: dict[str, Any] = {}
    for name, hint in get_type_hints(typed, localns=LOCAL_NAMES, include_extras=True).items():
        meant = _checked(hint)
        needed, nothing = name in typed.__required_keys__, type(None) in _parts(meant)
        default: Any = ... if needed else False if _bare(meant) is bool else None
        field = Field(
            default=default,
            validate_default=nothing and not needed,
            description=words.get(name),
            json_schema_extra={"hidden": hides(hint)},
        )
        found[name] = (meant, field)
    return create_model(typed.__name__, __config__=_CONFIG, **found)


def of_dataclass(cls: Any) -> type[BaseModel]:
    """The table of a value that users make. A list is taken for a tuple, since nobody else has it."""
    found: dict[str, Any] = {}
    words = {name: text for base in reversed(cls.__mro__) if is_dataclass(base) for name, text in _words(base).items()}
    for field, hint in zip(fields(cls), get_type_hints(cls, include_extras=True).values(), strict=True):
        given = Field(default=... if field.default is MISSING else field.default, description=words.get(field.name))
        found[field.name] = (_with(_checked(hint), BeforeValidator(_tuple)), given)
    return create_model(cls.__name__, __config__=_CONFIG, **found)


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def of_row(row: ResourceType) -> type[BaseModel]:
    """The table of a resource; each of its properties may be known late."""
    found: dict[str, Any] = {}
    for each in row.inputs:
        meant = _row_type(each.type)
        late = _with(meant if each.required else meant | None, WrapValidator(_late))
        found[each.python_name] = (
            late,
            Field(
                default=... if each.required else None,
                description=each.description.partition(". ")[0].rstrip("."),
                json_schema_extra={"hidden": _is_secret(each)},
            ),
        )
    return create_model(row.token.rpartition(":")[2], __config__=_CONFIG, **found)


def hidden(table: type[BaseModel], name: str) -> bool:
    """Whether the value of an argument must not be shown."""
    field = table.model_fields.get(name)
    extra = field.json_schema_extra if field else None
    return isinstance(extra, dict) and extra.get("hidden") is True


def _is_secret(row: Property) -> bool:
    return row.secret or row.guarded


def _row_type(written: Mapping[str, Any]) -> Any:
    for known, meant in _ROW_TYPES:
        if written == known:
            return meant
    if written.get("type") == "object" and written["additionalProperties"] in (TEXT, FLAG):
        return _mapping(_with(_row_type(written["additionalProperties"]), WrapValidator(_late)))
    return Mapping[str, Any]  # a table of tables: the provider reads it


def _with(hint: Any, *rules: Any) -> Any:
    made: Any = Annotated
    return made[(hint, *rules)]


def _mapping(values: Any) -> Any:
    made: Any = Mapping
    return made[str, values]


def _late(value: object, handler: Callable[[object], object]) -> object:
    return value if isinstance(value, LATE) else handler(value)


def _checked_late(union: Any) -> Callable[..., object]:
    """Takes what is known late, and looks at its type when it comes."""
    bare = [_bare(part) for part in _parts(union)]
    classes = tuple(str if get_origin(each) is Literal else get_origin(each) or each for each in bare)

    def validate(value: object, handler: Callable[[object], object], info: ValidationInfo) -> object:
        if not isinstance(value, LATE):
            return handler(value)
        come: Callable[[str, object, tuple[type, ...]], object] = (info.context or {})[COME]
        return pulumi.Output.from_input(value).apply(lambda found: come(str(info.field_name), found, classes))

    return validate


def _checked(hint: Any) -> Any:
    """The type as pydantic shall read it: what may be known late is taken as it is, and objects are never read."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (NotRequired, Required):
        return _checked(args[0])
    if origin is Annotated:
        rules = [rule for rule in args[1:] if rule is not HIDDEN]
        return _with(_checked(args[0]), *rules) if rules else _checked(args[0])
    if origin in (Union, UnionType):
        known = [part for part in args if get_origin(part) not in LATE]
        union = _UNION[tuple(map(_checked, known))]
        return _with(union, WrapValidator(_checked_late(union))) if len(known) < len(args) else union
    if origin is Literal or not args:
        return _of_class(hint)
    return origin[tuple(map(_checked, args))]


def _of_class(hint: Any) -> Any:
    if not isinstance(hint, type):
        return hint
    if issubclass(hint, Enum):
        return _with(hint, BeforeValidator(lambda value: _member(hint, value)))
    if getattr(hint, "_is_protocol", False):
        return Any  # whoever takes one says of which class it must be
    return _INSTANCE[hint] if issubclass(hint, pulumi.Resource) or is_dataclass(hint) else hint


def _member(words: type[Enum], value: object) -> object:
    """The word itself, written as text."""
    return next((word for word in words if isinstance(value, str) and word.value == value), value)


def _parts(hint: Any) -> tuple[Any, ...]:
    """What a type is one of."""
    if get_origin(hint) is Annotated:
        return _parts(get_args(hint)[0])
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _bare(hint: Any) -> Any:
    return _bare(get_args(hint)[0]) if get_origin(hint) is Annotated else hint


def hides(hint: Any) -> bool:
    """Whether an argument of this type is not shown."""
    return any(part is HIDDEN or hides(part) for part in get_args(hint))


def _words(typed: Any) -> dict[str, str]:
    """The first sentence below each argument, where the source is at hand."""
    return {name: text.partition(". ")[0].rstrip(".") for name, text in texts_below(typed).items()}
