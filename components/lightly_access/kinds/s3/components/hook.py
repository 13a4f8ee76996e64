"""One hook for many resources, each of which has told it something by its name.

Each hook is a call to the engine; and Pulumi's SDK (3.272, `pulumi.runtime.settings`) starts a server of callbacks for
every hook that is made before the first such server runs, which is all of them: with a hook a resource, 50 datasets
started 150 servers.
"""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import pulumi

Told = TypeVar("Told")


class SharedHook(Generic[Told]):
    """`look` is asked before a step, with what was told of the resource, by whoever binds the hook to it."""

    def __init__(
        self,
        name: str,
        look: Callable[[pulumi.ResourceHookArgs, Told], Awaitable[None]],
        opts: pulumi.ResourceHookOptions | None = None,
    ) -> None:
        self._told: dict[str, Told] = {}

        async def asked(args: pulumi.ResourceHookArgs) -> None:
            await look(args, self._told[args.name])

        self._hook = pulumi.ResourceHook(name, asked, opts)

    def of(self, resource: str, told: Told) -> pulumi.ResourceHook:
        """The hook for the resource of this name, one of a stack. Raises ValueError for the name of another one."""
        if resource in self._told:
            raise ValueError(f"{resource}: got the name of another resource, expected one of its own")
        self._told[resource] = told
        return self._hook
