"""gRPC Struct <-> Python values: what the engine sends, with its secrets and unknowns kept.

| on the wire | here |
|---|---|
| null, bool, string, list, struct | None, bool, str, list, dict |
| number | float, always (the wire has no integers) |
| the sentinel strings of an unknown, one a type | `UNKNOWN` |
| `{<key>: <secret>, "value": v}` | `SecretValue(v)`; an unknown inside stays inside |
| `{<key>: <output value>, ...}` | its value, wrapped in SecretValue when it is secret, UNKNOWN when it has none |
| asset, archive, resource reference, byte string | refused by name: UnsupportedValueError |

The signatures are Pulumi's: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go and
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go. Pulumi's own Python helpers are not
used: one of them loses an unknown inside a nested secret, the other has no unknowns at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct
from google.protobuf.struct_pb2 import Value as WireValue

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of a secret, not a secret
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_REFUSED: Final = {
    "c44067f5952c0a294b673a41bacd8c17": "an asset",
    "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
    "5cf8f73096256a8f31e491e813e4eb8e": "a resource reference",
    "803fd3297a5875dc03ca845dda5d2a98": "a byte string",
}
_UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS: Final = frozenset(
    {
        _UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
_EXACT: Final = 2**53


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


class UnsupportedValueError(ValueError):
    """A value that no resource of this provider takes; `path` is where it stood."""

    def __init__(self, path: str, kind: str) -> None:
        self.path, self.kind = path, kind
        super().__init__(f"{path or 'properties'}: got {kind}, expected text, a number, a boolean, a list or a map")


def from_struct(struct: Struct | None) -> Properties:
    """The properties in a Struct; nothing sent is no properties. Raises UnsupportedValueError."""
    return _from_fields(struct, "") if struct is not None else {}


def to_struct(properties: Mapping[str, Value]) -> Struct:
    """The Struct of these properties. Raises UnsupportedValueError for what the wire cannot carry."""
    struct = Struct()
    for name, value in properties.items():
        struct.fields[name].CopyFrom(_to_wire(value, name))
    return struct


def plain(value: Value) -> Value:
    """The value without its secret envelopes, at every depth; unknowns stay."""
    if isinstance(value, SecretValue):
        return plain(value.value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def has_unknown(value: Value) -> bool:
    """Whether an unknown is in it, at any depth, inside secrets too."""
    return any(isinstance(leaf, Unknown) for leaf, _ in leaves(value))


def secret_texts(value: Value) -> Iterator[str]:
    """Every text that is inside a secret, at any depth."""
    return (leaf for leaf, secret in leaves(value) if secret and isinstance(leaf, str))


def leaves(value: Value, secret: bool = False) -> Iterator[tuple[Value, bool]]:
    """Every value that holds no other one, and whether it is inside a secret."""
    if isinstance(value, SecretValue):
        yield from leaves(value.value, True)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, secret)
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item, secret)
    else:
        yield value, secret


def _from_fields(struct: Struct, path: str) -> Properties:
    return {name: _from_wire(value, f"{path}.{name}".lstrip(".")) for name, value in struct.fields.items()}


def _from_wire(value: WireValue, path: str) -> Value:
    match value.WhichOneof("kind"):
        case "bool_value":
            return bool(value.bool_value)
        case "number_value":
            return float(value.number_value)
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWNS else str(value.string_value)
        case "list_value":
            return [_from_wire(item, f"{path}[{i}]") for i, item in enumerate(value.list_value.values)]
        case "struct_value":
            return _from_table(value.struct_value, path)
    return None


def _from_table(struct: Struct, path: str) -> Value:
    if SIGNATURE not in struct.fields:
        return _from_fields(struct, path)
    signature = struct.fields[SIGNATURE].string_value
    if signature == _SECRET:
        inner = _from_wire(struct.fields["value"], path) if "value" in struct.fields else None
        return _as_secret(inner)
    if signature == _OUTPUT:
        result = _from_wire(struct.fields["value"], path) if "value" in struct.fields else UNKNOWN
        secret = "secret" in struct.fields and struct.fields["secret"].bool_value
        return _as_secret(result) if secret else result
    raise UnsupportedValueError(path, _REFUSED.get(signature, "a value of a kind that this provider does not know"))


def _as_secret(value: Value) -> SecretValue:
    return value if isinstance(value, SecretValue) else SecretValue(value)


def _to_wire(value: Value, path: str) -> WireValue:
    match value:
        case None:
            return WireValue(null_value=NullValue.NULL_VALUE)
        case bool():
            return WireValue(bool_value=value)
        case int() | float():
            if isinstance(value, int) and abs(value) > _EXACT:
                raise UnsupportedValueError(path, "an integer that the wire cannot carry exactly")
            return WireValue(number_value=float(value))
        case str():
            return WireValue(string_value=value)
        case Unknown():
            return WireValue(string_value=_UNKNOWN_TEXT)
        case SecretValue():
            inner = _to_wire(plain(value.value), path)
            return WireValue(struct_value=Struct(fields={SIGNATURE: WireValue(string_value=_SECRET), "value": inner}))
        case list():
            items = [_to_wire(item, f"{path}[{i}]") for i, item in enumerate(value)]
            return WireValue(list_value=ListValue(values=items))
        case dict():
            return WireValue(struct_value=Struct(fields=_table(value, path)))
    raise UnsupportedValueError(path, type(value).__name__)  # a caller broke the types: say where


def _table(value: Mapping[str, Any], path: str) -> dict[str, WireValue]:
    if SIGNATURE in value:
        raise UnsupportedValueError(path, "a map with the engine's own signature key")
    return {name: _to_wire(item, f"{path}.{name}") for name, item in value.items()}
