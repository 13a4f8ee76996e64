"""How what a killed run made in Azure is found again: every id there is made of names that are ours to choose."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from lightly_access.recover.way import Again, Inputs, Named, Place, UnaskedError, Way

_VARIABLES = ("ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID")


def _subscription(place: Place) -> str:
    """The provider's; else that of whatever else the stack has in Azure; else the environment's."""
    if isinstance(found := place.provider.get("subscriptionId"), str) and found:
        return found
    named = sorted(each.split("/")[2] for each in place.ids if each.startswith("/subscriptions/"))
    told = [place.environ[each] for each in _VARIABLES if place.environ.get(each)]
    if not (named or told):
        raise UnaskedError(
            "the subscription is not known", "export ARM_SUBSCRIPTION_ID, as for the run that was killed"
        )
    return [*named, *told][0]


def _id(*parts: tuple[str, str]) -> Named:
    """https://www.pulumi.com/registry/packages/azure-native/api-docs/storage/blobcontainer/#import and its like."""

    def id_(inputs: Inputs, place: Place) -> str:
        inside = "".join(f"/{word}/{inputs[name]}" for word, name in parts)
        return f"/subscriptions/{_subscription(place)}{inside}"

    return Named(frozenset(name for _, name in parts), id_)


_GROUP = ("resourceGroups", "resourceGroupName")
_ACCOUNT = ("providers/Microsoft.Storage/storageAccounts", "accountName")
_CONTAINER = ("blobServices/default/containers", "containerName")
_BLOB = ("blobs", "blobName")


def _as_made(inputs: Inputs) -> Mapping[str, Any]:
    """A blob is no thing of Resource Manager: its provider reads it by the names in the state, and imports none."""
    named = {name: value for name, value in inputs.items() if not name.startswith("__")}
    return {**named, "name": inputs["blobName"]}


WAYS: Final[Mapping[str, Way]] = {
    "azure-native:resources:ResourceGroup": _id(_GROUP),
    "azure-native:storage:StorageAccount": _id(_GROUP, _ACCOUNT),
    "azure-native:storage:BlobContainer": _id(_GROUP, _ACCOUNT, _CONTAINER),
    "azure-native:storage:Blob": replace(_id(_GROUP, _ACCOUNT, _CONTAINER, _BLOB), seed=_as_made),
    "azure-native:storage:BlobServiceProperties": Again("every account has them, and they are set again"),
}
