"""A secret that cannot be printed by accident."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """Text that must not be shown: its `repr` and `str` are `<secret>`; `reveal()` is the one way to the value."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """The value in clear. Call it at the edge that needs it, never to build a message."""
        return self._value

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format("<secret>", spec)
