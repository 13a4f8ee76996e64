"""The command that takes what exists into the state as a child of a store: https://www.pulumi.com/docs/iac/cli/commands/pulumi_import/."""

import shlex


def import_line(kind: str, name: str, id: str, *, sibling: str, store: str) -> str:
    """`sibling` is the URN of a child of the store, which has the store's type and stack in it."""
    parent = f"{sibling.rpartition('$')[0]}::{store}"
    words = ("pulumi", "import", kind, name, id, "--parent", f"store={parent}", "--protect=false")
    return " ".join(shlex.quote(word) for word in words)
