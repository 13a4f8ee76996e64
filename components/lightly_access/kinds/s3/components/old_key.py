"""Before a KMS key is given up that objects are still under, ours or a customer's own: they could not be read any more.

A bucket's key is for what will be written; what was written stays under the key of its day
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html). So the policy of an access, or the
bucket's default, that goes over to another key is looked at when the engine is about to change it, in a preview too.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import pulumi
from lightly_core.hint import with_hint

from lightly_access.kinds.contents import BucketUnreadableError
from lightly_access.kinds.s3.bucket_contents import Account
from lightly_access.kinds.s3.components.hook import SharedHook
from lightly_access.own_thread import on_own_thread


class KeyStillNeededError(ValueError):
    """What is under a key would not be readable any more."""


class Keys(Protocol):
    """A bucket, and the keys that the program gives it."""

    bucket: str
    region: str
    kms_key_arn: pulumi.Output[str | None]
    old_kms_key_arns: pulumi.Output[list[str]]
    login: Mapping[str, pulumi.Input[str]] | None


def paths_kept_readable(name: str, store: Keys) -> SharedHook[str]:
    """The hook before an update of the policies of all accesses to a store; each tells its path."""

    async def look(changed: pulumi.ResourceHookArgs, path: str) -> None:
        old = (changed.old_inputs or {}).get("policy")
        await _refuse(store, set(keys_of_policy(old)), path)

    return SharedHook(f"{name}-policy-keys", look, pulumi.ResourceHookOptions(on_dry_run=True))


def default_kept_readable(name: str, store: Keys) -> pulumi.ResourceHookBinding:
    """The hooks of the default encryption of a bucket of ours."""

    async def look(changed: pulumi.ResourceHookArgs) -> None:
        rules = (changed.old_inputs or {}).get("rules") or ()
        defaults = (rule.get("applyServerSideEncryptionByDefault") or {} for rule in rules)
        keys = {default.get("kmsMasterKeyId") for default in defaults}
        await _refuse(store, {key for key in keys if isinstance(key, str)}, "")

    hook = pulumi.ResourceHook(f"{name}-default-key", look, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_update=[hook])


def keys_of_policy(document: object) -> Iterator[str]:
    """The keys that a deployed policy names; none where it is no policy."""
    try:
        statements = json.loads(document)["Statement"] if isinstance(document, str) else []
    except (ValueError, LookupError, TypeError):
        return
    for statement in statements:
        named = statement.get("Resource") or ()
        yield from (each for each in ([named] if isinstance(named, str) else named) if ":kms:" in each)


async def _refuse(store: Keys, old: set[str], path: str) -> None:
    """Raises KeyStillNeededError when one of the old keys is given up, and something is under it."""
    today: Any = await store.kms_key_arn.future()  # None where only the deployment will tell
    before: Any = await store.old_kms_key_arns.future()
    for arn in sorted(old - {today, *(before or ())}):
        login: Any = await pulumi.Output.all(**(store.login or {})).future()
        where = f"s3://{store.bucket}/{path}"
        try:
            found = await on_own_thread(Account(store.region, login or {}).under, store.bucket, arn, path)
        except BucketUnreadableError as unreadable:
            raise KeyStillNeededError(_said(where, arn, f"nobody could tell what is under it: {unreadable}")) from None
        if found.object:
            raise KeyStillNeededError(_said(where, arn, f"{found.object} is under it"))
        if found.more:
            raise KeyStillNeededError(_said(where, arn, "there are more objects than can be looked at"))


def _said(where: str, arn: str, why: str) -> str:
    return with_hint(
        f"the KMS key {arn} would be given up, and what was written under it in {where} could not be read any more: "
        f"{why}",
        f"keep it for what is there: `old_kms_keys: [{arn}]` at the store; or write `kms_key: {arn}` as before; or put "
        "the objects under the new key first (s3:ListBucket and s3:GetObject of whoever deploys let us see that)",
    )
