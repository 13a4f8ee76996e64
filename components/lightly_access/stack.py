"""A whole program: what the configuration of this stack says is deployed, and exported."""

import gc
from pathlib import Path

import pulumi

from lightly_access.deployment import deploy
from lightly_access.outputs import export
from lightly_access.program import in_words, stack_manifest


def deploy_stack(root: Path | str | None = None) -> None:
    """Deploy the manifest in the configuration of this stack: stores, accesses, and verified datasets at Lightly.

    It is all that the `__main__.py` of a project needs:

        from lightly_access import deploy_stack

        deploy_stack()

    `root` is the folder that `lightly-access:manifest` is relative to. Default: that of Pulumi.yaml. The outputs are
    `datasets` and `stores` (a line each) and `details`. Raises pulumi.RunError with everything that is wrong.
    """
    gc.set_threshold(100_000)  # a stack is tens of thousands of outputs, none of which is garbage before the end
    with in_words():
        manifest = stack_manifest(Path(root or pulumi.get_root_directory()))
        export(manifest, deploy(manifest))
