"""The property values that Pulumi's engine sends, with its secrets and unknowns kept; `pulumi_struct` reads and writes
them.

| on the wire | here |
|---|---|
| null, bool, string, list, struct | None, bool, str, list, dict |
| number | float, always (the wire has no integers) |
| the sentinel strings of an unknown, one a type | `UNKNOWN` |
| `{<key>: <secret>, "value": v}` | `SecretValue(v)`; an unknown inside stays inside |
| `{<key>: <output value>, ...}` | its value, wrapped in SecretValue when it is secret, UNKNOWN when it has none |
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias


class Unknown:
    """A value that is computed later; there is one, `UNKNOWN`. It is neither true nor false: asking is an error."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<unknown>"

    def __bool__(self) -> bool:
        raise TypeError("an unknown is neither true nor false")


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class SecretValue:
    """Any value that is secret; its repr is `<secret>`, `value` is what is inside (possibly UNKNOWN)."""

    value: "Value" = field(repr=False)

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__


Value: TypeAlias = "bool | float | str | Unknown | SecretValue | list[Value] | dict[str, Value] | None"
Properties: TypeAlias = dict[str, "Value"]


class Leaf(NamedTuple):
    """A value that holds no other one: where it stands (`rules[0].status`), itself, whether it is inside a secret."""

    path: str
    value: Value
    secret: bool


def plain(value: Value) -> Value:
    """The value without its secret envelopes, at every depth; unknowns stay. What it returns may be changed."""
    if isinstance(value, SecretValue):
        return plain(value.value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def has_unknown(value: Value) -> bool:
    """Whether an unknown is in it, at any depth, inside secrets too."""
    return any(isinstance(leaf.value, Unknown) for leaf in leaves(value))


def has_secret(value: Value) -> bool:
    """Whether a secret is in it, at any depth."""
    return any(leaf.secret for leaf in leaves(value))


def secret_texts(value: Value) -> Iterator[str]:
    """Every text that is inside a secret, at any depth."""
    return (leaf.value for leaf in leaves(value) if leaf.secret and isinstance(leaf.value, str))


def leaves(value: Value, path: str = "", *, secret: bool = False) -> Iterator[Leaf]:
    """Every leaf of the value, in its order; empty lists and maps have none."""
    if isinstance(value, SecretValue):
        yield from leaves(value.value, path, secret=True)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, f"{path}.{name}".lstrip("."), secret=secret)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from leaves(item, f"{path}[{position}]", secret=secret)
    else:
        yield Leaf(path, value, secret)
