"""Before something of a store is made: whether it exists already, for instance because a `destroy` has kept it.

Azure deletes a container with all that is in it, so that we let a `destroy` forget it instead. The provider refuses to
make what exists ("cannot create already existing resource"), and does not say what to do. Asked only when it is made.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
from lightly_core.hint import with_hint
from pulumi_azure_native import _utilities

from lightly_access.kinds.asked import asked
from lightly_access.kinds.import_line import import_line, provider_of

GROUP = "azure-native:resources:ResourceGroup"
ACCOUNT = "azure-native:storage:StorageAccount"
CONTAINER = "azure-native:storage:BlobContainer"
_NAMES = {
    "resources:getResourceGroup": ("resourceGroupName",),
    "storage:getStorageAccount": ("resourceGroupName", "accountName"),
    "storage:getBlobContainer": ("resourceGroupName", "accountName", "containerName"),
}
"""Function of the provider -> what it takes."""
_BELOW_GROUP = "/providers/Microsoft.Storage/storageAccounts/"
_BELOW_ACCOUNT = "/blobServices/default/containers/"


class StoreExistsError(ValueError):
    """What shall be made is there already."""


def refused(name: str, what: str, store: pulumi.Resource, function: str, known: Mapping[str, str]) -> Any:
    """The hooks of a resource of a store, which `function` would find by the names that are `known`."""

    async def look(made: pulumi.ResourceHookArgs) -> None:
        names = {each: known[each] for each in _NAMES[function]}
        found = await asked(f"azure-native:{function}", names, store, _utilities.get_version())
        if found is None:
            return
        provider = await provider_of(store, made.type)
        lines = [f"  {line}" for line in _imports(name, str(found["id"]), made, known, provider)]
        text = (
            f"{what} exists already: an earlier `destroy` has kept it with all that is in it, or somebody else made it"
        )
        hint = (
            f"after a run that was killed, `lightly-access recover --take {made.name} --yes` takes it over; else use "
            "it as it is: `create: false`, and no `create_account`; or take it over, if it is yours:"
        )
        raise StoreExistsError(with_hint(text, "\n".join([hint, *lines])))

    return pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook(f"{name}-{what}", look)])


def _imports(name: str, id: str, made: pulumi.ResourceHookArgs, known: Mapping[str, str], provider: str) -> list[str]:
    """Of the resource, and of what lies in it."""
    ids = {made.type: id}
    if made.type == GROUP:
        ids[ACCOUNT] = f"{id}{_BELOW_GROUP}{known['accountName']}"
    if ACCOUNT in ids:
        ids[CONTAINER] = f"{ids[ACCOUNT]}{_BELOW_ACCOUNT}{known['containerName']}"
    suffixes = {GROUP: "group", ACCOUNT: "account", CONTAINER: "container"}
    return [
        import_line(kind, f"{name}-{suffixes[kind]}", each, sibling=made.urn, store=name, provider=provider)
        for kind, each in ids.items()
    ]
