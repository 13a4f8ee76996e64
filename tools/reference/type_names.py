"""Types as a reader knows them: `Input[str]` and not what the SDK makes of it."""

from collections.abc import Awaitable, Callable
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import pulumi


def type_name(hint: Any) -> str:
    """The type, without modules."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        known = [part for part in parts if get_origin(part) is not Awaitable]
        if len(known) == len(parts):
            return " | ".join(map(type_name, parts))
        return f"Input[{' | '.join(type_name(part) for part in known if not _is_output(part))}]"
    if origin is Literal:
        return " | ".join(f'"{word}"' if isinstance(word, str) else str(word) for word in parts)
    if origin is Callable:
        return "function"
    if parts:
        return f"{_plain(origin)}[{', '.join(map(type_name, parts))}]"
    return _plain(hint)


def _is_output(hint: Any) -> bool:
    return get_origin(hint) is pulumi.Output or getattr(hint, "__forward_arg__", "").startswith("Output[")


def _plain(hint: Any) -> str:
    if hint in (None, NoneType):
        return "None"
    if hint is Ellipsis:
        return "..."
    return str(getattr(hint, "__name__", hint))
