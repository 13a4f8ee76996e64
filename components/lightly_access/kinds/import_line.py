"""The command that takes what exists into the state as a child of a store: https://www.pulumi.com/docs/iac/cli/commands/pulumi_import/."""

import shlex

import pulumi


async def provider_of(resource: pulumi.Resource, kind: str) -> str:
    """The URN of the explicit provider that makes such children of it; empty where it is the default one."""
    provider = resource.get_provider(kind)
    return str(await provider.urn.future()) if provider else ""


def import_line(kind: str, name: str, id: str, *, sibling: str, store: str, provider: str) -> str:
    """`sibling` is the URN of a child of the store, which has the store's type and stack in it."""
    parent = f"{sibling.rpartition('$')[0]}::{store}"
    words = ["pulumi", "import", kind, name, id, "--parent", f"store={parent}"]
    if provider:  # the default one may have another account's login
        words += ["--provider", f"owner={provider}"]
    return " ".join(shlex.quote(word) for word in (*words, "--protect=false"))
