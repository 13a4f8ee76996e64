"""Before a KMS key is made for a bucket that has one already: whether that one would be lost.

A key that waits for its deletion is gone to the provider, so that a refresh drops it from the state and the next run
would make another: under which nothing that the bucket holds can be read. Only when a key is made is this asked.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
from lightly_core.hint import with_hint
from lightly_policies.deployer import OWNER_TAG

from lightly_access.kinds.contents import BucketUnreadableError
from lightly_access.kinds.import_line import import_line, provider_of
from lightly_access.kinds.s3.bucket_contents import Account, KeyState
from lightly_access.own_thread import on_own_thread
from lightly_access.stack_name import stack_name


class KeyLostError(ValueError):
    """Another key would be made for a bucket whose key could be had back."""


def owner() -> str:
    """The value of the tag that this stack's keys bear."""
    return f"{pulumi.get_project()}/{stack_name()}"


def guarded(
    name: str, bucket: str, region: str, login: Mapping[str, pulumi.Input[str]] | None, store: pulumi.Resource
) -> pulumi.ResourceHookBinding:
    """The options of a key that is made only when the one before it is not to be had back."""

    mine = owner()  # here: a hook's thread may not know which stack it is

    async def look(made: pulumi.ResourceHookArgs) -> None:
        known: Any = await pulumi.Output.all(**(login or {})).future()
        account = Account(region, known or {})
        try:
            arn = await on_own_thread(account.default_key, bucket)
            key = await on_own_thread(account.key, arn) if arn else None
            ours = key is not None and (await on_own_thread(account.tags_of, key.arn)).get(OWNER_TAG) == mine
        except BucketUnreadableError as unreadable:
            pulumi.log.debug(f"bucket {bucket}: nobody could tell whether it has a key already: {unreadable}")
            return
        if key and (key.waits_until or ours):
            raise KeyLostError(_said(bucket, key, made, await provider_of(store, made.type)))

    return pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook(f"{name}-key-of-before", look)])


def _said(bucket: str, key: KeyState, made: pulumi.ResourceHookArgs, provider: str) -> str:
    if key.waits_until:
        return with_hint(key.waits_for_deletion(bucket), key.way_back)
    key_id, name = key.arn.rpartition("/")[2], made.name.removesuffix("-key")
    return with_hint(
        f"bucket {bucket} has the KMS key {key.arn} already, which this stack made and its state has lost",
        import_line(made.type, made.name, key_id, sibling=made.urn, store=name, provider=provider),
    )
