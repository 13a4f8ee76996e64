"""Property values inside the engine.

Plain values are `None`, `bool`, `float`, `str`, `list` and `dict`; beside them there are secrets, unknowns and
references to resources. Source of the shapes: `sdk/go/common/resource/properties.go` of pulumi/pulumi.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

Value = Any
Properties = dict[str, Any]

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - Pulumi's marker, not a secret
OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE_SIGNATURE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
ASSET_SIGNATURES: Final = {
    "c44067f5952c0a294b673a41bacd8c17": "an asset",
    "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
}


class Unknown:
    """A value that a preview cannot know. There is one, `UNKNOWN`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class SecretValue:
    """A secret property value; its `repr` never shows it."""

    value: Value = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResourceReference:
    """A reference to a resource; `id` is None for a component and '' when it is not known yet."""

    urn: str
    id: str | None = None
    version: str = ""


def same(left: Value, right: Value) -> bool:
    """Whether two values are the same, where `true` is not `1` (Python thinks so) and secretness counts."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, SecretValue) and isinstance(right, SecretValue):
        return same(left.value, right.value)
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return bool(left == right)


def walk(value: Value) -> Iterator[Value]:
    """The value and everything inside it, secrets opened."""
    yield value
    if isinstance(value, dict):
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)
    elif isinstance(value, SecretValue):
        yield from walk(value.value)


def has_unknowns(value: Value) -> bool:
    """Whether an unknown is anywhere in it."""
    return any(item is UNKNOWN for item in walk(value))


def has_secrets(value: Value) -> bool:
    """Whether a secret is anywhere in it."""
    return any(isinstance(item, SecretValue) for item in walk(value))


def reveal(value: Value) -> Value:
    """The value with every secret opened. Never for a message."""
    if isinstance(value, SecretValue):
        return reveal(value.value)
    if isinstance(value, dict):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [reveal(item) for item in value]
    return value


def annotate_secrets(outputs: Properties | None, inputs: Properties | None) -> None:
    """Mark as secret what has the name of a secret input, in place: for providers that do not keep secrets themselves.

    `annotateSecrets` in pkg/resource/plugin/provider_plugin.go.
    """
    if not outputs or not inputs:
        return
    for key, given in inputs.items():
        if key not in outputs:
            continue
        got = outputs[key]
        if isinstance(got, dict) and isinstance(given, dict):
            annotate_secrets(got, given)
        elif not isinstance(got, SecretValue) and has_secrets(given):
            outputs[key] = SecretValue(got)


def copy(value: Value) -> Value:
    """A deep copy; secrets and references are immutable and are shared."""
    if isinstance(value, dict):
        return {key: copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copy(item) for item in value]
    return value
