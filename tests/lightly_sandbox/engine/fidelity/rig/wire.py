"""Protobuf Structs of Pulumi's provider protocol as plain JSON, with secrets and unknowns made visible.

The signatures and sentinels are Pulumi's own: sdk/go/common/resource/plugin/rpc.go (unknowns) and
sdk/go/common/resource/sig/sig.go (secrets) of https://github.com/pulumi/pulumi.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWNS = frozenset(
    {
        UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


def plain(struct: Struct) -> dict[str, Any]:
    """A Struct as a dict; whole numbers become ints, secrets and unknowns stay as they travel."""
    value: dict[str, Any] = _whole(json_format.MessageToDict(struct))
    return value


def struct(value: Mapping[str, Any]) -> Struct:
    """A dict as a Struct."""
    made = Struct()
    json_format.ParseDict(dict(value), made)
    return made


def secret(value: object) -> dict[str, object]:
    """The envelope that marks a value as secret."""
    return {SIGNATURE: SECRET, "value": value}


def is_secret(value: object) -> bool:
    """Whether it is an envelope, in clear, in plain text form or encrypted."""
    return isinstance(value, Mapping) and value.get(SIGNATURE) == SECRET


def revealed(value: Any) -> Any:
    """The value with every secret envelope taken off."""
    if is_secret(value):
        return revealed(value["value"])
    if isinstance(value, dict):
        return {key: revealed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [revealed(item) for item in value]
    return value


def has_unknown(value: object) -> bool:
    """Whether any part of it is not known yet."""
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return isinstance(value, str) and value in UNKNOWNS


def redacted(value: Any) -> Any:
    """The value as a journal may hold it: secrets by fingerprint, unknowns by name.

    A fingerprint is enough to see that two engines handed over the same secret, or a different one.
    """
    if is_secret(value):
        inner = redacted(value["value"])
        return {"<secret>": inner if inner == "<unknown>" else fingerprint(value["value"])}
    if isinstance(value, Mapping):
        return {key: redacted(item) for key, item in sorted(value.items())}
    if isinstance(value, list):
        return [redacted(item) for item in value]
    return "<unknown>" if isinstance(value, str) and value in UNKNOWNS else value


def fingerprint(value: object) -> str:
    """The first eight hex digits of the SHA-256 of the value as canonical JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
