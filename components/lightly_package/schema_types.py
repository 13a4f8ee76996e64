"""Types of Python as Pulumi's schema writes them (https://pulumi.com/docs/iac/guides/building-extending/packages/schema/).

What may only be given while the program is read is `plain` there: no language then takes an output for it.
"""

from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

import pulumi
from lightly_access.arguments.table import LOCAL_NAMES
from lightly_access.arguments.written import texts_below

from lightly_package.tokens import class_name, wire_name

Schema = dict[str, Any]
_PLAIN: Mapping[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number", date: "string"}
_ANY: Schema = {"$ref": "pulumi.json#/Any"}
"""One of several components, which stand in other modules: from a package's root the writer of TypeScript's classes
imports `aws` for `./aws` (`getTypeImportsForResource` in pkg/codegen/nodejs/gen.go of Pulumi), so that they would not
compile. Its description names them, and what is given is looked at when it comes."""
_LATE = (pulumi.Output, Awaitable)


class UnwritableTypeError(TypeError):
    """A type that no other language could be given."""


class SchemaTypes:
    """Writes types, and keeps the named ones that they are made of."""

    def __init__(self, components: Mapping[str, type]) -> None:
        """`components` by their tokens."""
        self._components = components
        self.named: dict[str, Schema] = {}
        """Objects and enumerations by their tokens."""
        self._choices: dict[tuple[str, str], str] = {}

    def written(self, hint: Any, owner: str, name: str) -> Schema:
        """The type of the property `name` of the component or object with the token `owner`. Raises
        UnwritableTypeError."""
        hint = bare(hint)
        if get_origin(hint) in (Union, UnionType):
            return self._one_of(get_args(hint), owner, name)
        found = self._known(hint, owner, name)
        return found if found == _ANY else {**found, "plain": True}

    def choice(self, owner: str, name: str) -> str:
        """Which components a property takes, in words, where its type does not say it; else nothing."""
        return self._choices.get((owner, name), "")

    def _one_of(self, parts: tuple[Any, ...], owner: str, name: str) -> Schema:
        late = any(get_origin(part) in _LATE for part in parts)
        known = [part for part in parts if part is not NoneType and get_origin(part) not in _LATE]
        if len(known) != 1:
            raise UnwritableTypeError(f"{owner}: {name}: {known}")
        found = self.written(known[0], owner, name)
        return {key: value for key, value in found.items() if key != "plain"} if late else found

    def _known(self, hint: Any, owner: str, name: str) -> Schema:
        origin, args = get_origin(hint), get_args(hint)
        if hint in _PLAIN:
            return {"type": _PLAIN[hint]}
        if origin is Literal:
            return self._enumeration(f"{owner}{name[0].upper()}{name[1:]}", args, f"The words for `{name}`.")
        if origin in (list, tuple, Sequence):
            return {"type": "array", "items": self.written(args[0], owner, name)}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.written(args[1], owner, name)}
        if hint is Any:
            return dict(_ANY)
        if isinstance(hint, type):
            return self._of_class(hint, owner, name)
        raise UnwritableTypeError(f"{owner}: {name}: {hint}")

    def _of_class(self, cls: type, owner: str, name: str) -> Schema:
        token = f"{owner.rpartition(':')[0]}:{cls.__name__}"  # in the owner's module: Go has no other way to a root
        if issubclass(cls, Enum):
            return self._enumeration(token, [each.value for each in cls], cls.__doc__ or "")
        if is_dataclass(cls):
            return self._object(cls, token)
        fitting = list(self._fitting(cls))
        if not fitting:
            raise UnwritableTypeError(f"{owner}: {name}: {cls}")
        if len(fitting) > 1:
            if cls is object:  # whatever there is, a component or not
                return dict(_ANY)
            names = list(map(class_name, fitting))
            self._choices[owner, name] = f" One of {', '.join(names[:-1])} or {names[-1]}."
            return dict(_ANY)
        return {"$ref": f"#/resources/{fitting[0]}"}

    def _fitting(self, cls: type) -> Iterator[str]:
        """The components that may stand where one of this class is wanted."""
        methods = {name for name in vars(cls) if not name.startswith("_")}
        for token, component in self._components.items():
            if issubclass(component, cls) if issubclass(cls, pulumi.Resource) else methods <= set(dir(component)):
                yield token

    def _enumeration(self, token: str, words: Sequence[Any], description: str) -> Schema:
        values = [{"value": word} for word in words]
        self.named[token] = {"type": "string", "description": description, "enum": values}
        return {"$ref": f"#/types/{token}"}

    def _object(self, cls: type, token: str) -> Schema:
        words, found, hints = _words_of_all(cls), {}, get_type_hints(cls, include_extras=True)
        for each in fields(cls):  # it is a dataclass, as mypy cannot know of a class
            name = wire_name(each.name)
            found[name] = {**self.written(hints[each.name], token, name), "description": words[each.name]}
        needed = sorted(wire_name(each.name) for each in fields(cls) if each.default is MISSING)
        more = {"required": needed} if needed else {}
        self.named[token] = {"type": "object", "description": description_of(cls), "properties": found, **more}
        return {"$ref": f"#/types/{token}"}


def hints_of(typed: Any) -> dict[str, Any]:
    """The types of a component's arguments, with all that is said of them."""
    return get_type_hints(typed, localns=LOCAL_NAMES, include_extras=True)


def bare(hint: Any) -> Any:
    """The type without what is said of it."""
    while get_origin(hint) in (Annotated, NotRequired, Required):
        hint = get_args(hint)[0]
    return hint


def description_of(cls: Any) -> str:
    """What a class says of itself, without what is there for Python: arguments, examples and exceptions."""
    said = vars(cls)["__doc__"]
    text = getattr(said, "text", said).partition("\n\n    Example:")[0]
    return "\n\n".join(" ".join(part.split()) for part in text.partition(" Raises ")[0].split("\n\n"))


def _words_of_all(cls: type) -> dict[str, str]:
    return {name: text for base in reversed(cls.__mro__[:-1]) for name, text in texts_below(base).items()}
