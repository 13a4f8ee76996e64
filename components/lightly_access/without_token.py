"""A run without a token for Lightly: it ends access, which takes the clouds alone, and makes nothing."""

import pulumi
from lightly_core.hint import with_hint

WAY_OUT = "pulumi config set --secret lightly:token, or set the environment variable LIGHTLY_TOKEN"


class NothingIsMadeError(ValueError):
    """Something would be made or changed, and what hangs on it at Lightly could not follow."""


def end_only() -> None:
    """From now on whatever this run would make or change is refused, before half of it is there; what goes, goes."""
    pulumi.log.warn("there is no token for Lightly: this run ends access and makes nothing")
    hook = pulumi.ResourceHook("there-is-a-token", _refuse)
    binding = pulumi.ResourceHookBinding(before_create=[hook], before_update=[hook])

    def guarded(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not isinstance(args.resource, pulumi.CustomResource):
            return None
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(hooks=binding))
        return pulumi.ResourceTransformationResult(args.props, opts)

    pulumi.runtime.register_stack_transformation(guarded)


def _refuse(made: pulumi.ResourceHookArgs) -> None:
    text = f"{made.name}: there is no token for Lightly, so nothing is made or changed"
    # Pulumi deletes last, and not at all after an error, unless it is told to go on.
    hint = f"{WAY_OUT}; what ends does end without it: pulumi up --continue-on-error"
    raise NothingIsMadeError(with_hint(text, hint))
