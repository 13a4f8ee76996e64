"""What the first shard tells the others of stores that it makes something of: facts that only its deployment knows.

They are an output of its stack, `shared`: store -> fact -> value. None of them is a secret.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi

from lightly_access.deployed.exported import table
from lightly_access.stack_state import stack_outputs
from lightly_access.tables.shard import Shard

SHARED = "shared"
"""The name of the output."""


class FirstShardError(pulumi.RunError):
    """The first shard has not made what this one needs."""

    def __init__(self, what: str, stack: str) -> None:
        super().__init__(
            f"{what}: the first shard makes it, stack {stack}, and has not done so\n"
            f"hint: pulumi up --stack {stack}, then this one; `lightly-access fleet up` keeps to the order"
        )


class Facts:
    """What the first shard's last run said."""

    def __init__(self, stack: str, outputs: Mapping[str, Any]) -> None:
        self.stack = stack
        self._known = {store: table(facts) for store, facts in table(outputs.get(SHARED)).items()}

    @classmethod
    def of_the_first(cls, shard: Shard) -> "Facts":
        """Asked of the engine that runs this program of another shard."""
        stack = Shard(1, shard.of).stack(shard.fleet(pulumi.get_stack()) or pulumi.get_stack())
        return cls(stack, stack_outputs(stack))

    def expect(self, stores: Iterable[str]) -> None:
        """That these were made. A preview goes on without: what hangs on them is not known yet.

        Raises FirstShardError.
        """
        missing = [store for store in stores if store not in self._known]
        if missing and not pulumi.runtime.is_dry_run():
            raise FirstShardError(f"stores.{missing[0]}", self.stack)
        if missing:
            names = ", ".join(f"stores.{store}" for store in missing)
            pulumi.log.warn(f"{names}: the first shard, stack {self.stack}, is deployed before this one")

    def told(self, store: str, fact: str) -> pulumi.Output[Any]:
        """A fact; one that the first shard has not said is unknown in a preview. Raises FirstShardError."""
        value = self._known.get(store, {}).get(fact)
        if value is None and not pulumi.runtime.is_dry_run():
            raise FirstShardError(f"{fact} of stores.{store}", self.stack)
        return pulumi.Output.from_input(pulumi.UNKNOWN if value is None else value)
