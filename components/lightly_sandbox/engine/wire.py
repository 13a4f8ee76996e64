"""Property values on the wire: protobuf Structs in, engine values out, and back.

Source: `sdk/go/common/resource/plugin/rpc.go` of pulumi/pulumi. Unknowns are sentinel strings, secrets, outputs and
resource references are objects with a signature key. Assets and archives are refused by name.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from google.protobuf import struct_pb2

from lightly_sandbox.engine.values import (
    ASSET_SIGNATURES,
    OUTPUT_SIGNATURE,
    RESOURCE_SIGNATURE,
    SECRET_SIGNATURE,
    SIGNATURE,
    UNKNOWN,
    Properties,
    ResourceReference,
    SecretValue,
    Unknown,
    Value,
)

UNKNOWN_STRING: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWNS: Final = {
    UNKNOWN_STRING,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}


class WireError(ValueError):
    """A value that this engine cannot take or send; the text names the property."""


@dataclass(frozen=True)
class Options:
    """What the other side understands. Without `unknowns` they are left out; without `secrets` they go in clear."""

    unknowns: bool = False
    secrets: bool = False
    resources: bool = False

    def with_unknowns(self, keep: bool) -> "Options":
        """The same, with unknowns kept or left out."""
        return replace(self, unknowns=keep)


ALL: Final = Options(unknowns=True, secrets=True, resources=True)


def to_struct(properties: Properties, options: Options) -> struct_pb2.Struct:
    """Engine values as a Struct."""
    message = struct_pb2.Struct()
    for key in sorted(properties):
        _put(message.fields[key], properties[key], options) or message.fields.pop(key)
    return message


def _put(into: struct_pb2.Value, value: Value, options: Options) -> bool:
    """Write one value; False when it has to be left out."""
    if value is None:
        into.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        into.bool_value = value
    elif isinstance(value, int | float):
        into.number_value = value
    elif isinstance(value, str):
        into.string_value = value
    elif isinstance(value, Unknown):
        if not options.unknowns:
            return False
        into.string_value = UNKNOWN_STRING
    elif isinstance(value, list):
        into.list_value.SetInParent()
        for item in value:
            element = struct_pb2.Value()
            if _put(element, item, options):
                into.list_value.values.append(element)
    elif isinstance(value, dict):
        into.struct_value.CopyFrom(to_struct(value, options))
    elif isinstance(value, SecretValue):
        return _put_secret(into, value, options)
    elif isinstance(value, ResourceReference):
        _put_reference(into, value, options)
    else:
        raise WireError(f"got a {type(value).__name__}, expected a property value")
    return True


def _put_secret(into: struct_pb2.Value, value: SecretValue, options: Options) -> bool:
    if not options.secrets:
        return _put(into, value.value, options)
    inner = struct_pb2.Value()
    if not _put(inner, value.value, options):
        return False
    into.struct_value.fields[SIGNATURE].string_value = SECRET_SIGNATURE
    into.struct_value.fields["value"].CopyFrom(inner)
    return True


def _put_reference(into: struct_pb2.Value, value: ResourceReference, options: Options) -> None:
    if not options.resources:
        into.string_value = value.urn if value.id is None else (value.id or UNKNOWN_STRING)
        return
    fields = into.struct_value.fields
    fields[SIGNATURE].string_value = RESOURCE_SIGNATURE
    fields["urn"].string_value = value.urn
    if value.id is not None:
        fields["id"].string_value = value.id
    if value.version:
        fields["packageVersion"].string_value = value.version


@dataclass
class Reader:
    """Reads Structs. `dependencies` collects the URNs that output values name, by top-level property."""

    reject_unknowns: bool = False
    dependencies: dict[str, set[str]] | None = None

    def properties(self, message: struct_pb2.Struct) -> Properties:
        """A Struct as engine values."""
        result: Properties = {}
        for key, field in message.fields.items():
            seen: set[str] = set()
            result[key] = self._get(key, field, seen)
            if self.dependencies is not None:
                self.dependencies.setdefault(key, set()).update(seen)
        return result

    def value(self, name: str, message: struct_pb2.Value) -> Value:
        """One value of a message; `name` is for errors."""
        return self._get(name, message, set())

    def _get(self, key: str, message: struct_pb2.Value, seen: set[str]) -> Value:
        kind = message.WhichOneof("kind")
        if kind == "string_value":
            return self._text(key, message.string_value)
        if kind == "number_value":
            return message.number_value
        if kind == "bool_value":
            return message.bool_value
        if kind == "list_value":
            return [self._get(key, item, seen) for item in message.list_value.values]
        if kind == "struct_value":
            return self._object(key, message.struct_value, seen)
        return None

    def _text(self, key: str, text: str) -> Value:
        if text not in UNKNOWNS:
            return text
        if self.reject_unknowns:
            raise WireError(f"property {key!r} is unknown where a value is needed")
        return UNKNOWN

    def _object(self, key: str, message: struct_pb2.Struct, seen: set[str]) -> Value:
        fields = message.fields
        if SIGNATURE not in fields:
            return {name: self._get(key, item, seen) for name, item in fields.items()}
        signature = fields[SIGNATURE].string_value
        if signature == SECRET_SIGNATURE:
            if "value" not in fields:
                raise WireError(f"property {key!r} is a secret without a value")
            return _secret(self._get(key, fields["value"], seen))
        if signature == OUTPUT_SIGNATURE:
            return self._output(key, fields, seen)
        if signature == RESOURCE_SIGNATURE:
            return self._reference(key, fields, seen)
        what = ASSET_SIGNATURES.get(signature, f"a value with the signature {signature}")
        raise WireError(
            f"property {key!r} is {what}, which the local engine does not support; hint: use Pulumi's engine"
        )

    def _output(self, key: str, fields: Any, seen: set[str]) -> Value:
        known = "value" in fields
        value = self._get(key, fields["value"], seen) if known else self._text(key, UNKNOWN_STRING)
        if "dependencies" in fields:
            seen.update(item.string_value for item in fields["dependencies"].list_value.values)
        return _secret(value) if "secret" in fields and fields["secret"].bool_value else value

    def _reference(self, key: str, fields: Any, seen: set[str]) -> ResourceReference:
        id_: str | None = None
        if "id" in fields:
            found = self._get(key, fields["id"], seen)
            id_ = found if isinstance(found, str) else ""
        version = fields["packageVersion"].string_value if "packageVersion" in fields else ""
        return ResourceReference(fields["urn"].string_value, id_, version)


def _secret(value: Value) -> SecretValue:
    return value if isinstance(value, SecretValue) else SecretValue(value)


def from_struct(message: struct_pb2.Struct, *, reject_unknowns: bool = False) -> Properties:
    """A Struct as engine values."""
    return Reader(reject_unknowns).properties(message)
