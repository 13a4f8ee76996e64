"""aws:kms/key:Key and aws:kms/alias:Alias.

A key that waits for its deletion is gone. Sources: `key.go` and `alias.go` in
https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/kms.
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from lightly_sandbox.kinds.s3.mock_provider import tags
from lightly_sandbox.kinds.s3.mock_provider.errors import code_of, found
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, PartialCreateError, RefusedError

DEFAULT_WINDOW_DAYS = 30
_DEFAULT_PERIOD_DAYS = 365
_SYMMETRIC = "SYMMETRIC_DEFAULT"
_DYING = ("PendingDeletion", "PendingReplicaDeletion")
_POLICY = "default"  # the one name that a key policy can have


class Key:
    """A KMS key; its rotation, its switch and its policy are calls of their own."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """Make it, then rotation and switch; without a policy of the program AWS chooses one, which is read."""
        _check_rotation(inputs)
        request: dict[str, Any] = {
            "Description": inputs.get("description"),
            "KeyUsage": inputs.get("keyUsage"),
            "KeySpec": inputs.get("customerMasterKeySpec"),
            "Policy": inputs.get("policy"),
            "BypassPolicyLockoutSafetyCheck": inputs.get("bypassPolicyLockoutSafetyCheck"),
            "MultiRegion": inputs.get("multiRegion"),
            "Tags": _tags(work, inputs),
        }
        wanted = {name: value for name, value in request.items() if value}
        made = work.patiently(lambda: work.kms.create_key(**wanted))["KeyMetadata"]
        id = made["KeyId"]
        facts = {**_described(made), **tags.given(work, inputs), "enableKeyRotation": False, "isEnabled": True}
        try:
            if inputs.get("policy") is None:
                facts["policy"] = work.patiently(lambda: self._policy(work, id), "NotFoundException")
            if inputs.get("enableKeyRotation"):
                facts |= self._rotate(work, id, inputs)
            if inputs.get("isEnabled") is False:
                work.patiently(lambda: work.kms.disable_key(KeyId=id))
                facts["isEnabled"] = False
        except Exception as error:
            raise PartialCreateError(id, facts, error) from error
        return Created(id, facts)

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """Four calls, as the provider needs; the rotation of an asymmetric key cannot be asked for."""
        answer = found(lambda: work.kms.describe_key(KeyId=id))
        if answer is None or answer["KeyMetadata"]["KeyState"] in _DYING:
            return None
        key = answer["KeyMetadata"]
        facts = {**_described(key), "isEnabled": key["KeyState"] == "Enabled"}
        facts["policy"] = self._policy(work, id)
        if facts["customerMasterKeySpec"] == _SYMMETRIC:
            rotation = work.kms.get_key_rotation_status(KeyId=id)
            facts["enableKeyRotation"] = rotation["KeyRotationEnabled"]
            if rotation["KeyRotationEnabled"]:
                facts["rotationPeriodInDays"] = rotation["RotationPeriodInDays"]
        listed = [
            tag for page in work.kms.get_paginator("list_resource_tags").paginate(KeyId=id) for tag in page["Tags"]
        ]
        pairs = [{"Key": entry["TagKey"], "Value": entry["TagValue"]} for entry in listed]
        return Found(key["KeyId"], {**facts, **tags.facts(work, state, pairs)})

    def update(self, work: Work, id: str, state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        """A disabled key refuses changes: it is switched on first, and off last."""
        _check_rotation(inputs)
        done: Facts = {}
        try:
            if "isEnabled" in changed and inputs.get("isEnabled") is not False:
                work.patiently(lambda: work.kms.enable_key(KeyId=id))
                done["isEnabled"] = True
            if changed & {"enableKeyRotation", "rotationPeriodInDays"}:
                done |= self._rotate(work, id, inputs)
            if "description" in changed:
                text = inputs.get("description") or ""
                work.patiently(lambda: work.kms.update_key_description(KeyId=id, Description=text))
                done["description"] = text
            if "policy" in changed:
                self._police(work, id, inputs)
                done["policy"] = inputs["policy"]
            if changed & tags.EITHER:
                self._tag(work, id, state, inputs)
            if "isEnabled" in changed and inputs.get("isEnabled") is False:
                work.patiently(lambda: work.kms.disable_key(KeyId=id))
                done["isEnabled"] = False
        except Exception as error:
            if not done:
                raise
            raise PartialCreateError(id, done, error) from error
        return {**done, **tags.given(work, inputs)}

    def delete(self, work: Work, id: str, state: Facts) -> None:
        """Schedule it; KMS deletes no key at once."""
        days = state.get("deletionWindowInDays") or DEFAULT_WINDOW_DAYS
        try:
            found(lambda: work.patiently(lambda: work.kms.schedule_key_deletion(KeyId=id, PendingWindowInDays=days)))
        except ClientError as error:
            # "KMSInvalidStateException ... is pending deletion": somebody was faster.
            if code_of(error) != "KMSInvalidStateException" or "pending deletion" not in str(error):
                raise

    def _rotate(self, work: Work, id: str, inputs: Facts) -> Facts:
        if not inputs.get("enableKeyRotation"):
            work.patiently(lambda: work.kms.disable_key_rotation(KeyId=id))
            return {"enableKeyRotation": False, "rotationPeriodInDays": None}
        days = inputs.get("rotationPeriodInDays")
        period: dict[str, Any] = {"RotationPeriodInDays": days} if days else {}
        work.patiently(lambda: work.kms.enable_key_rotation(KeyId=id, **period))
        return {"enableKeyRotation": True, "rotationPeriodInDays": days or _DEFAULT_PERIOD_DAYS}

    def _policy(self, work: Work, id: str) -> str:
        return work.kms.get_key_policy(KeyId=id, PolicyName=_POLICY)["Policy"]

    def _police(self, work: Work, id: str, inputs: Facts) -> None:
        bypass = bool(inputs.get("bypassPolicyLockoutSafetyCheck"))
        work.patiently(
            lambda: work.kms.put_key_policy(
                KeyId=id, PolicyName=_POLICY, Policy=inputs["policy"], BypassPolicyLockoutSafetyCheck=bypass
            )
        )

    def _tag(self, work: Work, id: str, state: Facts, inputs: Facts) -> None:
        gone, wanted = tags.removed(work, state, inputs), _tags(work, inputs)
        if gone:
            work.patiently(lambda: work.kms.untag_resource(KeyId=id, TagKeys=gone))
        if wanted:
            work.patiently(lambda: work.kms.tag_resource(KeyId=id, Tags=wanted))


class Alias:
    """A name for a key. DescribeKey takes an alias, so one call reads it."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """Make it; the key's ARN is asked for when the program gave only its id."""
        name, key = inputs["name"], inputs["targetKeyId"]
        work.patiently(lambda: work.kms.create_alias(AliasName=name, TargetKeyId=key), "NotFoundException")
        return Created(name, self._facts(name, self._arn(work, key)))

    def read(self, work: Work, id: str, _state: Facts) -> Found | None:
        answer = found(lambda: work.kms.describe_key(KeyId=id))
        if answer is None:
            return None
        key = answer["KeyMetadata"]
        return Found(id, {"name": id, "targetKeyId": key["KeyId"], **self._facts(id, key["Arn"])})

    def update(self, work: Work, id: str, _state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        if "targetKeyId" not in changed:
            return {}
        key = inputs["targetKeyId"]
        work.patiently(lambda: work.kms.update_alias(AliasName=id, TargetKeyId=key))
        return self._facts(id, self._arn(work, key))

    def delete(self, work: Work, id: str, _state: Facts) -> None:
        found(lambda: work.patiently(lambda: work.kms.delete_alias(AliasName=id)))

    def _arn(self, work: Work, key: str) -> str:
        if key.startswith("arn:"):
            return key
        return str(work.patiently(lambda: work.kms.describe_key(KeyId=key), "NotFoundException")["KeyMetadata"]["Arn"])

    def _facts(self, name: str, key_arn: str) -> Facts:
        return {"targetKeyArn": key_arn, "arn": f"{key_arn.rpartition(':')[0]}:{name}"}


def same_key(left: str, right: str) -> bool:
    """Whether two references, ids or ARNs, are to the same key."""
    return left.rpartition("/")[2] == right.rpartition("/")[2]


def _check_rotation(inputs: Facts) -> None:
    if inputs.get("rotationPeriodInDays") and not inputs.get("enableKeyRotation"):
        raise RefusedError("got `rotationPeriodInDays` without `enableKeyRotation`, expected both")


def _tags(work: Work, inputs: Facts) -> list[Any]:
    return [{"TagKey": key, "TagValue": value} for key, value in sorted(tags.of(work, inputs).items())]


def _described(key: Mapping[str, Any]) -> Facts:
    return {
        "arn": key["Arn"],
        "keyId": key["KeyId"],
        "description": key.get("Description") or None,
        "keyUsage": key.get("KeyUsage", "ENCRYPT_DECRYPT"),
        "customerMasterKeySpec": key.get("KeySpec") or key.get("CustomerMasterKeySpec", _SYMMETRIC),
        "multiRegion": bool(key.get("MultiRegion")),
    }
