"""Before something is made that holds a store's data: whether it takes the place of another one, which holds data.

Another name, region or owner makes the engine replace a bucket or container: a new one is made, and the old one is
deleted, or forgotten where Azure would delete it with all that is in it. What is in it is lost, or out of Lightly's
sight. Asked when one is made, in a preview too.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import pulumi

from lightly_access.kinds.contents import BucketUnreadableError, Contents
from lightly_access.kinds.holders import Holder, in_its_place, moved, of_store, said
from lightly_access.own_thread import on_own_thread
from lightly_access.stack_state import resources_before

Deployed = Mapping[str, Mapping[str, Any]]
"""Outputs by type."""
FORCED = "forceDestroy"
"""The output of a bucket that may be deleted with all that it holds."""


class StoreReplacedError(ValueError):
    """A store that holds data would be given up for another one."""


def names_of(name: str, opts: pulumi.ResourceOptions | None) -> list[str]:
    """The store's name, and those that it had before."""
    aliases = [each.name for each in (opts and opts.aliases) or () if isinstance(each, pulumi.Alias)]
    return [name, *(each for each in aliases if isinstance(each, str))]


def refused(
    names: list[str],
    what: str,
    holders: Iterable[Holder],
    new: Mapping[str, Any],
    held: Callable[[Deployed], Awaitable[Contents]],
) -> pulumi.ResourceHookBinding:
    """The hooks of `what`, one of a store's holders. `new` are the store's words, `held` looks into the old one."""
    holders, deployed_resources = list(holders), resources_before()

    async def look(made: pulumi.ResourceHookArgs) -> None:
        resources = await on_own_thread(deployed_resources)
        deployed = of_store(holders, resources, names)
        old = deployed.get(made.type)
        if old is None:
            return
        changes = moved(holders, deployed, new)
        if old.get(FORCED) is True:
            lets_go = f"`force_destroy` lets go what is in the {what} that is replaced"
            pulumi.log.warn(f"store {names[0]}: {lets_go} ({said(changes)})")
            return
        try:
            found = await held(deployed)
        except BucketUnreadableError as unreadable:
            if not changes:  # a name is taken as long as its holder is there: this one is made again, for it is gone
                return
            raise StoreReplacedError(in_its_place(f"store {names[0]}", what, changes, unreadable)) from None
        if not found.empty:
            raise StoreReplacedError(in_its_place(f"store {names[0]}", what, changes, found))

    hook = pulumi.ResourceHook(f"{names[0]}-replaced-{what}", look, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_create=[hook])
