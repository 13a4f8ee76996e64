"""KMS: target and parameters -> the permission that it needs, on which key.

https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.caller import Caller
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError, not_implemented
from lightly_sandbox.kinds.s3.emulator.operation import Check, Operation

_ACROSS = frozenset({"DescribeKey", "Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"})
_USES = _ACROSS - {"DescribeKey"}
_MANAGE = """GetKeyPolicy PutKeyPolicy ListKeyPolicies EnableKeyRotation DisableKeyRotation GetKeyRotationStatus
    EnableKey DisableKey ScheduleKeyDeletion CancelKeyDeletion TagResource UntagResource ListResourceTags
    UpdateKeyDescription"""
_ON_KEY = _ACROSS.union(_MANAGE.split())
_ON_ALIAS = frozenset({"CreateAlias", "DeleteAlias", "UpdateAlias"})
_FREE = frozenset({"CreateKey", "ListKeys", "ListAliases"})


@dataclass(frozen=True, slots=True)
class KmsPlan:
    """The operation, the refusal by the key's state that comes after the permissions, and the key's ID for moto."""

    operation: Operation
    then: RefusedError | None = None
    key_id: str = ""


def kms_operation(
    target: str, values: Mapping[str, Any], caller: Caller, region: str, accounts: tuple[str, ...]
) -> KmsPlan:
    """The operation. Raises RefusedError for unknown actions and keys."""
    service, _, action = target.partition(".")
    if service != "TrentService" or action not in _ON_KEY | _ON_ALIAS | _FREE:
        raise not_implemented(f"kms:{action or target}")
    if action in _FREE:
        context = _tag_context(values)
        # https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html: to tag a key that is being made
        needed = [action, *(["TagResource"] if action == "CreateKey" and context else [])]
        checks = tuple(Check(f"kms:{permission}", "*", caller.account, context=context) for permission in needed)
        return KmsPlan(Operation("kms", action, checks, caller.account, region))
    if action in _ON_ALIAS:
        return KmsPlan(_alias_operation(action, values, caller, region))
    key = _key(action, values, caller, region, accounts)
    if action not in _ACROSS and key.account_id != caller.account:
        raise _not_found(str(values.get("KeyId")))
    context = _tag_context(values) | _encryption_context(values) | facts.key_tags(key)
    check = Check(f"kms:{action}", key.arn, key.account_id, key_arn=key.arn, context=context)
    operation = Operation("kms", action, (check,), key.account_id, region)
    return KmsPlan(operation, _state_error(key) if action in _USES else None, key.id)


def _key(action: str, values: Mapping[str, Any], caller: Caller, region: str, accounts: tuple[str, ...]) -> Any:
    reference = str(values.get("KeyId") or "")
    if action == "Decrypt":
        written = _key_in_ciphertext(values)
        for account in accounts:
            if found := facts.kms_key(account, region, written):
                named = facts.kms_key(caller.account, region, reference) if reference else found
                if named is not found:
                    message = "The key ID in the request does not identify a CMK that can perform this operation."
                    raise RefusedError("IncorrectKeyException", message, 400)
                return found
        raise RefusedError("InvalidCiphertextException", "", 400)
    found = facts.kms_key(caller.account, region, reference)
    if found is None or found.region != region:
        raise _not_found(reference)
    return found


def _key_in_ciphertext(values: Mapping[str, Any]) -> str:
    """moto writes the key's ID in front of what it encrypted."""
    try:
        return base64.b64decode(str(values.get("CiphertextBlob", "")))[:36].decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise RefusedError("InvalidCiphertextException", "", 400) from error


def _alias_operation(action: str, values: Mapping[str, Any], caller: Caller, region: str) -> Operation:
    """Two permissions: on the alias (by IAM) and on every key that it points to (by key policy too)."""
    name = str(values.get("AliasName", ""))
    context: dict[str, tuple[str, ...]] = {}
    alias = Check(f"kms:{action}", f"arn:aws:kms:{region}:{caller.account}:{name}", caller.account, context=context)
    references = [str(values["TargetKeyId"])] if "TargetKeyId" in values else []
    if action != "CreateAlias":
        references.append(name)
    checks = [alias]
    for reference in references:
        key = facts.kms_key(caller.account, region, reference)
        if key is None or key.account_id != caller.account:
            raise _not_found(reference)
        checks.append(Check(f"kms:{action}", key.arn, key.account_id, key_arn=key.arn, context=facts.key_tags(key)))
    return Operation("kms", action, tuple(checks), caller.account, region)


def _tag_context(values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    tags = [tag for tag in values.get("Tags") or () if isinstance(tag, Mapping)]
    if not tags:
        return {}
    context = {f"aws:RequestTag/{tag.get('TagKey')}": (str(tag.get("TagValue", "")),) for tag in tags}
    return {**context, "aws:TagKeys": tuple(str(tag.get("TagKey")) for tag in tags)}


def _encryption_context(values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    pairs = values.get("EncryptionContext") or {}
    context = {f"kms:EncryptionContext:{name}": (str(value),) for name, value in pairs.items()}
    return {**context, "kms:EncryptionContextKeys": tuple(pairs)} if pairs else {}


def _state_error(key: Any) -> RefusedError | None:
    if key.key_state == "Disabled":
        return RefusedError("DisabledException", f"{key.arn} is disabled.", 400)
    if key.key_state != "Enabled":
        return RefusedError("KMSInvalidStateException", f"{key.arn} is pending deletion.", 400)
    return None


def _not_found(reference: str) -> RefusedError:
    return RefusedError("NotFoundException", f"Key '{reference}' does not exist", 400)
