"""What somebody may do in Azure."""

import uuid
from typing import Any

from lightly_sandbox.kinds.azure.client import Group, account_path

from tests.stacks.changed.change import Change
from tests.stacks.changed.deployment import Deployment

OURS, PHOTOS = ("acme-lightly", "acmelightly", "results"), ("acme-data", "acmephotos", "photos")
ROLE = str(uuid.UUID(int=0))


def _policies(deployment: Deployment, place: tuple[str, str, str], change: Any) -> None:
    """Change the stored policies of a container: a dictionary of the SDK's policies."""
    group, account, container = place
    with Group(deployment.sandbox, group).blobs(account) as service, service.get_container_client(container) as client:
        found = {each.id: each.access_policy for each in client.get_container_access_policy()["signed_identifiers"]}
        change(found)
        client.set_container_access_policy(found)


def _add(found: dict[str, Any]) -> None:
    from azure.storage.blob import AccessPolicy

    found["theirs"] = AccessPolicy(permission="rwdl", expiry="2030-01-01T00:00:00Z")


def _widen(found: dict[str, Any]) -> None:
    for policy in found.values():
        policy.permission = "rwdl"


def _account(deployment: Deployment, **properties: Any) -> None:
    Group(deployment.sandbox, OURS[0]).ask("PATCH", account_path(OURS[1]), {"properties": properties})


def _container(place: tuple[str, str, str]) -> str:
    return f"{account_path(place[1])}/blobServices/default/containers/{place[2]}"


def _open(deployment: Deployment) -> None:
    _account(deployment, allowBlobPublicAccess=True)
    Group(deployment.sandbox, OURS[0]).ask("PATCH", _container(OURS), {"properties": {"publicAccess": "Blob"}})


def _assignment() -> str:
    return f"{account_path(OURS[1])}/providers/Microsoft.Authorization/roleAssignments/{ROLE}"


def _assign(deployment: Deployment) -> None:
    given = {"roleDefinitionId": f"/providers/x/{uuid.UUID(int=1)}", "principalId": str(uuid.UUID(int=2))}
    Group(deployment.sandbox, OURS[0]).ask("PUT", _assignment(), {"properties": given})


def _remake_photos(deployment: Deployment) -> None:
    with Group(deployment.sandbox, PHOTOS[0]).blobs(PHOTOS[1]) as service:
        service.create_container(PHOTOS[2]).upload_blob("1.png", b"\x89PNG")


def _regenerate(deployment: Deployment) -> None:
    path = f"{account_path(OURS[1])}/regenerateKey"
    Group(deployment.sandbox, OURS[0]).ask("POST", path, {"keyName": "key1"})


BESIDE = (
    Change(
        "azure", "our container gets another stored policy", "tractors", "policy-beside", "policy delete", "leaves it",
        lambda d: _policies(d, OURS, _add), lambda d: _policies(d, OURS, lambda found: found.pop("theirs")),
    ),
    Change(
        "azure", "somebody gets a role on our account", "tractors", "role-beside", "az role assignment delete",
        "leaves it", _assign, lambda d: Group(d.sandbox, OURS[0]).ask("DELETE", _assignment()),
    ),
    Change(
        "azure", "our container becomes public", "tractors", "public-container", "--public-access off", "puts it back",
        _open,
    ),
    Change(
        "azure", "our account lets containers be public", "tractors", "public-possible", "--refresh", "puts it back",
        lambda d: _account(d, allowBlobPublicAccess=True),
    ),
    Change(
        "azure", "our stored policy is widened", "tractors", "policy-changed", "--refresh", "puts it back",
        lambda d: _policies(d, PHOTOS, _widen),
    ),
)  # fmt: skip
GONE = (
    Change(
        "azure", "our stored policy is deleted", "tractors", "gone: stored policy", "--refresh", "makes it again",
        lambda d: _policies(d, PHOTOS, lambda found: found.clear()),
    ),
)  # fmt: skip
WHOLE = (
    Change(
        "azure", "our container is deleted", "tractors", "gone: container acmelightly", "again, empty",
        "makes it again", lambda d: Group(d.sandbox, OURS[0]).ask("DELETE", _container(OURS)),
    ),
)  # fmt: skip
MORE = (
    Change(
        "azure", "the key of our account is replaced", "tractors", "light: the key was regenerated", "",
        "puts it back", _regenerate,
    ),
)  # fmt: skip
ACCOUNT = (
    Change(
        "azure", "our account is deleted", "tractors", "gone: storage account", "again, empty", "makes it again",
        lambda d: Group(d.sandbox, OURS[0]).ask("DELETE", account_path(OURS[1])),
    ),
)  # fmt: skip
YOURS = (
    Change(
        "azure", "your container is deleted", "tractors", "gone: container acmephotos", "make it again",
        "fails, and says so", lambda d: Group(d.sandbox, PHOTOS[0]).ask("DELETE", _container(PHOTOS)), _remake_photos,
        "container acmephotos/photos",
    ),
)  # fmt: skip
REFUSING = (
    Change(
        "azure", "our account forbids its keys", "tractors", "shared-key-off", "--allow-shared-key-access true",
        "fails, and says so", lambda d: _account(d, allowSharedKeyAccess=False),
        lambda d: _account(d, allowSharedKeyAccess=True), "allowSharedKeyAccess",
    ),
)  # fmt: skip
