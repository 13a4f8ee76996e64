"""What was deployed under another name: told to the engine, so that nothing is made anew."""

from collections.abc import Sequence

import pulumi


def renamed(names: Sequence[str], opts: pulumi.ResourceOptions | None = None) -> pulumi.ResourceOptions | None:
    """`opts`, for what was deployed under these names before. The engine finds the children by their parent's name."""
    if not names:
        return opts
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=[pulumi.Alias(name=old) for old in names]))


def moved_from_the_stack(names: Sequence[str], opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """`opts`, for what stood under one of these names right below the stack, without a parent."""
    aliases = [pulumi.Alias(name=each, parent=pulumi.ROOT_STACK_RESOURCE) for each in names]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=aliases))
