"""The values that users make for a component, such as a bucket of their own: checked like a component's arguments."""

import functools
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from lightly_access.arguments.check import checked_arguments, in_words, replace_init
from lightly_access.arguments.error import ArgumentsError
from lightly_access.arguments.table import of_dataclass

Value = TypeVar("Value", bound=type)


def value_of_users(cls: Value) -> Value:
    """Let a frozen dataclass say all that is wrong with what it is given, in one error without a traceback."""
    made: Callable[..., None] = getattr(cls, "__init__")  # noqa: B009 - mypy knows nothing of a decorator of classes
    names = [field.name for field in fields(cls)]
    table = functools.cache(lambda: of_dataclass(cls))

    @functools.wraps(made)
    def checked(self: Any, *given: Any, **named: Any) -> None:
        twice = [name for name in names[: len(given)] if name in named]
        if len(given) > len(names) or twice:
            got = f"{twice[0]} twice" if twice else f"{len(given)} arguments"
            raise ArgumentsError(cls.__name__, [f"got {got}, expected {', '.join(names)}"])
        known = checked_arguments(cls.__name__, table(), {**dict(zip(names, given, strict=False)), **named})
        with in_words(cls.__name__):
            made(self, **known)

    replace_init(cls, checked)
    return cls
