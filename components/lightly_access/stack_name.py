"""What this stack is called in the names of what it makes."""

import pulumi

from lightly_access.tables.shard import Shard, named_after, shard_fault
from lightly_access.tables.written import NAMESPACE, SHARD


def stack_name() -> str:
    """Its name; of a shard what the names of all shards have in common."""
    written = pulumi.Config(NAMESPACE).get(SHARD)
    shard = Shard.parse(written) if written and not shard_fault(written) else None
    return named_after(pulumi.get_stack(), shard)
