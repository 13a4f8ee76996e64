"""Pulumi's property values (protobuf Structs) as values of a view.

The signatures are Pulumi's: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go and, for
unknowns, https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go. Anything may stand in
other people's stacks, so nothing is refused: of an asset or archive only its kind is kept, of a resource reference
its URN.
"""

from types import MappingProxyType
from typing import Any, Final

from lightly_policies.guardrails.view import UNKNOWN, Properties, Sealed, Value, freeze

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of a secret, not a secret
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_UNKNOWNS: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


def from_struct(struct: Any) -> Properties:
    """The properties in a Struct."""
    return MappingProxyType({name: freeze(_read(value)) for name, value in struct.fields.items()})


def _read(value: Any) -> Value:
    match value.WhichOneof("kind"):
        case "bool_value":
            return bool(value.bool_value)
        case "number_value":
            return float(value.number_value)
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWNS else str(value.string_value)
        case "list_value":
            return tuple(_read(item) for item in value.list_value.values)
        case "struct_value":
            return _read_table(value.struct_value.fields)
    return None


def _read_table(fields: Any) -> Value:
    if _SIGNATURE not in fields:
        return {name: _read(item) for name, item in fields.items()}
    signature = fields[_SIGNATURE].string_value
    if signature == _SECRET:
        return Sealed(_read(fields["value"])) if "value" in fields else Sealed(None)
    if signature == _OUTPUT:
        found = _read(fields["value"]) if "value" in fields else UNKNOWN
        return Sealed(found) if "secret" in fields and fields["secret"].bool_value else found
    if signature == _REFERENCE and "urn" in fields:
        return str(fields["urn"].string_value)
    return f"<value of kind {signature}>"
