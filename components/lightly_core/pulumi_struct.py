"""gRPC Struct <-> the values of `pulumi_values`: the one codec, for provider, policy pack and mock providers.

The signatures are Pulumi's: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go and
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go. Pulumi's own Python helpers are not
used: one of them loses an unknown inside a nested secret, the other has no unknowns at all. Of protobuf only the
well-known Struct is imported, nothing of Pulumi.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct
from google.protobuf.struct_pb2 import Value as WireValue

from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, Unknown, Value, plain

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of a secret, not a secret
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_FOREIGN: Final = {
    "c44067f5952c0a294b673a41bacd8c17": "an asset",
    "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
    _REFERENCE: "a resource reference",
    "803fd3297a5875dc03ca845dda5d2a98": "a byte string",
}
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_TEXTS: Final = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
_EXACT: Final = 2**53
Foreign: TypeAlias = Callable[[str, str, Struct], Value]
"""What becomes of an asset, an archive, a resource reference, ...: path, signature, struct -> value, or raises."""


class UnsupportedValueError(ValueError):
    """A value that is taken nowhere here; `path` is where it stood."""

    def __init__(self, path: str, kind: str) -> None:
        self.path, self.kind = path, kind
        super().__init__(f"{path or 'properties'}: got {kind}, expected text, a number, a boolean, a list or a map")


def refused(path: str, signature: str, struct: Struct) -> Value:
    """No resource of ours takes such a value. Raises UnsupportedValueError."""
    raise UnsupportedValueError(path, _FOREIGN.get(signature, "a value of a kind that is not known here"))


def named(path: str, signature: str, struct: Struct) -> Value:
    """Anything may stand in other people's stacks: of a resource reference its URN is kept, of all else its kind."""
    if signature == _REFERENCE and "urn" in struct.fields:
        return str(struct.fields["urn"].string_value)
    return f"<{_FOREIGN.get(signature, f'value of kind {signature}')}>"


def from_struct(struct: Struct | None, foreign: Foreign = refused) -> Properties:
    """The properties in a Struct; nothing sent is no properties. Raises UnsupportedValueError, unless `named`."""
    return _from_fields(struct, "", foreign) if struct is not None else {}


def to_struct(properties: Mapping[str, Value]) -> Struct:
    """The Struct of these properties. Raises UnsupportedValueError for what the wire cannot carry."""
    struct = Struct()
    for name, value in properties.items():
        struct.fields[name].CopyFrom(_to_wire(value, name))
    return struct


def _from_fields(struct: Struct, path: str, foreign: Foreign) -> Properties:
    return {name: _from_wire(value, f"{path}.{name}".lstrip("."), foreign) for name, value in struct.fields.items()}


def _from_wire(value: WireValue, path: str, foreign: Foreign) -> Value:
    match value.WhichOneof("kind"):
        case "bool_value":
            return bool(value.bool_value)
        case "number_value":
            return float(value.number_value)
        case "string_value":
            return UNKNOWN if value.string_value in UNKNOWN_TEXTS else str(value.string_value)
        case "list_value":
            return [_from_wire(item, f"{path}[{i}]", foreign) for i, item in enumerate(value.list_value.values)]
        case "struct_value":
            return _from_table(value.struct_value, path, foreign)
    return None


def _from_table(struct: Struct, path: str, foreign: Foreign) -> Value:
    if SIGNATURE not in struct.fields:
        return _from_fields(struct, path, foreign)
    signature = struct.fields[SIGNATURE].string_value
    if signature == SECRET:
        return _as_secret(_from_wire(struct.fields["value"], path, foreign) if "value" in struct.fields else None)
    if signature == _OUTPUT:
        result = _from_wire(struct.fields["value"], path, foreign) if "value" in struct.fields else UNKNOWN
        secret = "secret" in struct.fields and struct.fields["secret"].bool_value
        return _as_secret(result) if secret else result
    return foreign(path, signature, struct)


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
            return WireValue(string_value=UNKNOWN_TEXT)
        case SecretValue():
            inner = _to_wire(plain(value.value), path)
            return WireValue(struct_value=Struct(fields={SIGNATURE: WireValue(string_value=SECRET), "value": inner}))
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
