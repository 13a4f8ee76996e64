"""What a call of the blob service needs when it is asked with a login, and not with a key.

Source: https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory ("Permissions for
Blob service operations"): below `containers/blobs` they are actions on data. An operation that is not in the table is
refused.
"""

from collections.abc import Mapping

from lightly_sandbox.kinds.azure.emulator.accounts import Account
from lightly_sandbox.kinds.azure.emulator.local_azure import LocalAzure
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError, not_implemented
from lightly_sandbox.kinds.azure.emulator.principals import Principal
from lightly_sandbox.kinds.azure.emulator.sas import Place

_SERVICE = "Microsoft.Storage/storageAccounts/blobServices"
_DATA = "containers/blobs/"
_ADD = f"{_DATA}add/action"
_NEEDED: Mapping[str, str] = {
    "ListContainers": "containers/read",
    "GetBlobServiceProperties": "read",
    "SetBlobServiceProperties": "write",
    "GetUserDelegationKey": "generateUserDelegationKey/action",
    "BlobBatch": "containers/write",
    "CreateContainer": "containers/write",
    "DeleteContainer": "containers/delete",
    "GetContainerProperties": "containers/read",
    "GetContainerAcl": "containers/getAcl/action",
    "SetContainerAcl": "containers/setAcl/action",
    "SetContainerMetadata": "containers/write",
    "LeaseContainer": "containers/write",
    "DeleteBlob": f"{_DATA}delete",
    "GetBlob": f"{_DATA}read",
    "GetBlobMetadata": f"{_DATA}read",
    "GetBlobProperties": f"{_DATA}read",
    "GetBlobTags": f"{_DATA}tags/read",
    "GetBlockList": f"{_DATA}read",
    "LeaseBlob": f"{_DATA}write",
    "ListBlobs": f"{_DATA}read",
    "PutBlob": f"{_DATA}write",
    "PutBlock": f"{_DATA}write",
    "PutBlockList": f"{_DATA}write",
    "SetBlobMetadata": f"{_DATA}write",
    "SetBlobProperties": f"{_DATA}write",
    "SetBlobTags": f"{_DATA}tags/write",
    "SetBlobTier": f"{_DATA}write",
    "SnapshotBlob": f"{_DATA}write",
}


def check(azure: LocalAzure, who: Principal, operation: str, account: Account, where: Place) -> tuple[str, str]:
    """The action that somebody needs for it, and the scope.

    Raises RefusedError, in the blob service's words, unless his roles are enough.
    """
    needed, scope = _NEEDED.get(operation), _scope(account, where)
    if needed is None:
        raise not_implemented(f"{operation} with a login")
    # `write` makes and replaces a blob, `add/action` makes one.
    adds = (_ADD,) if operation == "PutBlob" and not _there(azure, account, where) else ()
    for each in (needed, *adds):
        if azure.access.may(who, f"{_SERVICE}/{each}", scope, data=each.startswith(_DATA)):
            return f"{_SERVICE}/{each}", scope
    message = "This request is not authorized to perform this operation using this permission."
    raise RefusedError("AuthorizationPermissionMismatch", message, 403)


def _there(azure: LocalAzure, account: Account, where: Place) -> bool:
    return azure.backend.call(account, "HEAD", where.path).status == 200


def _scope(account: Account, where: Place) -> str:
    """Of the container, else of the account's blob service: blobs have no scope of their own."""
    group = f"/subscriptions/{account.subscription}/resourceGroups/{account.resource_group}"
    service = f"{group}/providers/Microsoft.Storage/storageAccounts/{account.name}/blobServices/default"
    return f"{service}/containers/{where.container}" if where.container else service
