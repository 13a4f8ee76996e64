"""The state of one resource, in memory and as Pulumi's checkpoint (version 3) writes it.

Source: `ResourceV3` in `sdk/go/common/apitype/core.go` and `SerializeResource` in `pkg/resource/stack/deployment.go` of
pulumi/pulumi.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.values import (
    ASSET_SIGNATURES,
    RESOURCE_SIGNATURE,
    SECRET_SIGNATURE,
    SIGNATURE,
    UNKNOWN,
    Properties,
    ResourceReference,
    SecretValue,
    Unknown,
    Value,
    copy,
)
from lightly_sandbox.engine.wire import UNKNOWN_STRING


class UnsupportedState(ValueError):
    """The state holds something that this engine cannot handle; the text names it."""


@dataclass(eq=False)
class Resource:
    """One resource of the state. Two of them are the same only when they are the same object, as in Pulumi's engine."""

    urn: str
    type: str
    custom: bool
    id: str = ""
    inputs: Properties = field(default_factory=dict, repr=False)
    outputs: Properties | None = field(default=None, repr=False)
    parent: str = ""
    protect: bool = False
    external: bool = False
    delete: bool = False
    taint: bool = False
    dependencies: list[str] = field(default_factory=list)
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    provider: str = ""
    init_errors: list[str] = field(default_factory=list)
    pending_replacement: bool = False
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    custom_timeouts: dict[str, float] = field(default_factory=dict)
    import_id: str = ""
    retain_on_delete: bool = False
    deleted_with: str = ""
    created: str = ""
    modified: str = ""
    source_position: str = ""
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    replacement_trigger: Value = field(default=None, repr=False)
    refresh_before_update: bool = False

    def copy(self) -> "Resource":
        """Another resource with the same content."""
        return replace(self, inputs=copy(self.inputs), outputs=copy(self.outputs))

    def needs(self) -> set[str]:
        """The URNs it depends on, its parent left out."""
        urns_ = {*self.dependencies, *(dep for deps in self.property_dependencies.values() for dep in deps)}
        if self.deleted_with:
            urns_.add(self.deleted_with)
        if self.provider:
            urns_.add(urns.parse_reference(self.provider)[0])
        return urns_


def now() -> str:
    """The time as Go writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# our attribute, its name in the checkpoint; written only when not empty
_OPTIONAL = {
    "delete": "delete",
    "id": "id",
    "parent": "parent",
    "protect": "protect",
    "taint": "taint",
    "external": "external",
    "dependencies": "dependencies",
    "init_errors": "initErrors",
    "provider": "provider",
    "property_dependencies": "propertyDependencies",
    "pending_replacement": "pendingReplacement",
    "additional_secret_outputs": "additionalSecretOutputs",
    "aliases": "aliases",
    "custom_timeouts": "customTimeouts",
    "import_id": "importID",
    "retain_on_delete": "retainOnDelete",
    "deleted_with": "deletedWith",
    "created": "created",
    "modified": "modified",
    "source_position": "sourcePosition",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "refresh_before_update": "refreshBeforeUpdate",
}
_PLAIN = {"urn", "custom", "type", "inputs", "outputs", "replacementTrigger"}
_HARMLESS = {"stackTrace", "hideDiff"}


def to_json(resource: Resource, encrypt: Callable[[SecretValue], str]) -> dict[str, Any]:
    """The resource as the checkpoint has it, secrets encrypted."""
    document: dict[str, Any] = {"urn": resource.urn, "custom": resource.custom}
    body = {name: getattr(resource, attribute) for attribute, name in _OPTIONAL.items()}
    for name in ("delete", "id"):
        if body[name]:
            document[name] = body[name]
    document["type"] = resource.type
    if resource.inputs:
        document["inputs"] = _encode(resource.inputs, encrypt)
    if resource.outputs:
        document["outputs"] = _encode(resource.outputs, encrypt)
    document.update({name: value for name, value in body.items() if value and name not in document})
    if resource.replacement_trigger is not None:
        document["replacementTrigger"] = _encode(resource.replacement_trigger, encrypt)
    return document


def _encode(value: Value, encrypt: Callable[[SecretValue], str] | None) -> Any:
    """JSON of a value. Inside a secret nothing is encrypted again (`encrypt` is None there)."""
    if isinstance(value, dict):
        return {key: _encode(value[key], encrypt) for key in sorted(value)}
    if isinstance(value, list):
        return [_encode(item, encrypt) for item in value]
    if isinstance(value, SecretValue):
        text = encrypt(value) if encrypt else secret_text(value)
        return {SIGNATURE: SECRET_SIGNATURE, "ciphertext": text}
    if isinstance(value, ResourceReference):
        reference: dict[str, Any] = {SIGNATURE: RESOURCE_SIGNATURE, "urn": value.urn, "packageVersion": value.version}
        return reference if value.id is None else {**reference, "id": value.id}
    if isinstance(value, Unknown):
        return UNKNOWN_STRING
    if isinstance(value, float) and not isinstance(value, bool):
        return _number(value)
    return value


def _number(value: float) -> float | int:
    if not math.isfinite(value):
        raise UnsupportedState(f"the number {value} is not supported by the local engine; hint: use a finite number")
    return int(value) if value.is_integer() and abs(value) < 1e21 else value


def secret_text(secret: SecretValue) -> str:
    """What of a secret gets encrypted: its value as JSON."""
    return json.dumps(_encode(secret.value, None), separators=(",", ":"), ensure_ascii=False)


def from_json(document: dict[str, Any], decrypt: Callable[[str], SecretValue]) -> Resource:
    """A resource of the checkpoint. Raises UnsupportedState for a field or a value that this engine does not know."""
    known = _PLAIN | _HARMLESS | set(_OPTIONAL.values())
    unknown = sorted(name for name, value in document.items() if name not in known and value)
    if unknown:
        raise UnsupportedState(
            f"resource {document.get('urn')}: {', '.join(unknown)} is not supported by the local engine\n"
            "hint: use Pulumi's engine"
        )
    fields = {attribute: document[name] for attribute, name in _OPTIONAL.items() if name in document}
    return Resource(
        urn=document["urn"],
        type=document["type"],
        custom=document["custom"],
        inputs=_decode(document.get("inputs", {}), decrypt),
        outputs=_decode(document["outputs"], decrypt) if "outputs" in document else None,
        replacement_trigger=_decode(document.get("replacementTrigger"), decrypt),
        **fields,
    )


def _decode(value: Any, decrypt: Callable[[str], SecretValue]) -> Value:
    if isinstance(value, dict):
        signature = value.get(SIGNATURE)
        if signature == SECRET_SIGNATURE:
            return decrypt(value["ciphertext"]) if "ciphertext" in value else decode_secret(value["plaintext"])
        if signature == RESOURCE_SIGNATURE:
            return ResourceReference(value["urn"], value.get("id"), value.get("packageVersion", ""))
        if signature is not None:
            what = ASSET_SIGNATURES.get(signature, f"a value with the signature {signature}")
            raise UnsupportedState(
                f"the state holds {what}, which the local engine does not support; hint: use Pulumi's engine"
            )
        return {key: _decode(item, decrypt) for key, item in value.items()}
    if isinstance(value, list):
        return [_decode(item, decrypt) for item in value]
    if value == UNKNOWN_STRING:
        return UNKNOWN
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def decode_secret(text: str) -> SecretValue:
    """The secret again from its JSON; secrets inside it carry theirs in clear."""
    return SecretValue(_decode(json.loads(text), decode_secret))
