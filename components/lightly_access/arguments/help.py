"""What `help()` says of a component: its own words, then its arguments, from the table that checks them."""

from collections.abc import Callable
from typing import Any

from lightly_access.arguments.table import of_typed_dict


class Help:
    """Stands in a class as its `__doc__`; the arguments are looked up when somebody asks, not at every import."""

    def __init__(self, text: str, table: Callable[[], Any]) -> None:
        self.text, self._table = text.rstrip(), table

    def __get__(self, instance: object, owner: type | None = None) -> str:
        return "\n".join([self.text, "", "    Arguments, the keys of `args`:", *map(_line, _arguments(self._table()))])


def _arguments(typed: Any) -> list[tuple[str, bool, str]]:
    """Name, whether it must be given, and what it means."""
    fields = of_typed_dict(typed).model_fields
    return [(name, name in typed.__required_keys__, field.description or "") for name, field in fields.items()]


def _line(argument: tuple[str, bool, str]) -> str:
    name, needed, words = argument
    return f"        {name}{'' if needed else ' (optional)'}: {words}"
