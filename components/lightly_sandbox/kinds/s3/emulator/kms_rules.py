"""What KMS says of keys and their tags, and moto does not.

https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html (the defaults)
https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.tag_alphabet import TAG

_MOST_TAGS = 50
_PERIOD_DAYS = 365
_PERIOD = "rotation_period_in_days"
_SPECS = ("KeySpec", "CustomerMasterKeySpec")


def check_tags(values: Mapping[str, Any]) -> None:
    """Raises RefusedError for tags that KMS does not take."""
    names = [str(tag.get("TagKey")) for tag in values.get("Tags") or ()]
    if not all(
        TAG.fullmatch(text) for text in (*names, *(str(tag.get("TagValue")) for tag in values.get("Tags") or ()))
    ):
        raise RefusedError("TagException", "One or more tags are not valid.", 400)
    if len(names) > _MOST_TAGS:
        raise RefusedError("LimitExceededException", f"A key has {_MOST_TAGS} tags at most", 400)
    if len(set(names)) != len(names):
        raise RefusedError("TagException", "Duplicate tag keys", 400)
    if any(name.lower().startswith("aws:") for name in names):
        raise RefusedError("TagException", "aws: prefixed tag key names are not allowed for external use.", 400)


def check_alias(operation: str, values: Mapping[str, Any]) -> None:
    """Raises RefusedError for a name that is AWS's own: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html"""
    if operation in ("CreateAlias", "UpdateAlias") and str(values.get("AliasName")).startswith("alias/aws/"):
        raise RefusedError("NotAuthorizedException", "Aliases that begin with alias/aws/ are AWS's own", 400)


def check_rotation(operation: str, key: Any | None) -> None:
    """Raises RefusedError for a key that cannot be rotated: only symmetric ones are, that KMS has made.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
    """
    if operation == "EnableKeyRotation" and key is not None and key.key_spec != "SYMMETRIC_DEFAULT":
        raise RefusedError("UnsupportedOperationException", f"{key.arn} is no symmetric key", 400)


def born(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of CreateKey with KMS's defaults; a key's kind has two names, of which one is old."""
    spec = {} if any(name in values for name in _SPECS) else {"KeySpec": "SYMMETRIC_DEFAULT"}
    return {"KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": False, **spec, **values}


def completed(operation: str, values: Mapping[str, Any], key: Any | None, answered: Answer) -> Answer:
    """moto's answer with what it leaves out; how long a key is used before the next is kept with it."""
    if answered.status != 200:
        return answered
    if operation == "EnableKeyRotation":
        setattr(key, _PERIOD, values.get("RotationPeriodInDays", _PERIOD_DAYS))
    if operation == "GetKeyRotationStatus" and key is not None:
        said = {"KeyId": key.arn, **json.loads(answered.body)}
        if said["KeyRotationEnabled"]:
            days = getattr(key, _PERIOD, _PERIOD_DAYS)
            said["RotationPeriodInDays"] = days
            said["NextRotationDate"] = (datetime.now(UTC) + timedelta(days=days)).timestamp()
        return replace(answered, body=json.dumps(said).encode())
    if operation in ("CreateKey", "DescribeKey"):
        said = json.loads(answered.body)
        unused = "EncryptionAlgorithms" if said["KeyMetadata"]["KeyUsage"] == "SIGN_VERIFY" else "SigningAlgorithms"
        said["KeyMetadata"].pop(unused)
        return replace(answered, body=json.dumps(said).encode())
    return answered
