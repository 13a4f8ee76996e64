"""What was deployed under another name: told to the engine, so that nothing is made anew."""

from collections.abc import Sequence

import pulumi


def renamed(names: Sequence[str], opts: pulumi.ResourceOptions | None = None) -> pulumi.ResourceOptions | None:
    """`opts`, for what was deployed under these names before. The engine finds the children by their parent's name."""
    if not names:
        return opts
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=[pulumi.Alias(name=old) for old in names]))
