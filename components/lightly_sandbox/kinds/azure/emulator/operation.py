"""Which operation of the blob service a request is, by the names of its REST reference.

Source: https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api.
"""

from collections.abc import Mapping
from urllib.parse import unquote

from lightly_sandbox.kinds.azure.emulator.messages import RefusedError, Request
from lightly_sandbox.kinds.azure.emulator.sas import Place

_SERVICE: Mapping[tuple[str, str], str] = {
    ("GET", "list"): "ListContainers",
    ("GET", "properties"): "GetBlobServiceProperties",
    ("POST", "batch"): "BlobBatch",
    ("POST", "userdelegationkey"): "GetUserDelegationKey",
    ("PUT", "properties"): "SetBlobServiceProperties",
}
_CONTAINER: Mapping[tuple[str, str], str] = {
    ("DELETE", ""): "DeleteContainer",
    ("GET", ""): "GetContainerProperties",
    ("GET", "acl"): "GetContainerAcl",
    ("GET", "list"): "ListBlobs",
    ("HEAD", ""): "GetContainerProperties",
    ("POST", "batch"): "BlobBatch",
    ("PUT", ""): "CreateContainer",
    ("PUT", "acl"): "SetContainerAcl",
    ("PUT", "lease"): "LeaseContainer",
    ("PUT", "metadata"): "SetContainerMetadata",
}
_BLOB: Mapping[tuple[str, str], str] = {
    ("DELETE", ""): "DeleteBlob",
    ("GET", ""): "GetBlob",
    ("GET", "blocklist"): "GetBlockList",
    ("GET", "metadata"): "GetBlobMetadata",
    ("GET", "tags"): "GetBlobTags",
    ("HEAD", ""): "GetBlobProperties",
    ("HEAD", "metadata"): "GetBlobMetadata",
    ("PUT", ""): "PutBlob",
    ("PUT", "block"): "PutBlock",
    ("PUT", "blocklist"): "PutBlockList",
    ("PUT", "lease"): "LeaseBlob",
    ("PUT", "metadata"): "SetBlobMetadata",
    ("PUT", "properties"): "SetBlobProperties",
    ("PUT", "snapshot"): "SnapshotBlob",
    ("PUT", "tags"): "SetBlobTags",
    ("PUT", "tier"): "SetBlobTier",
}


def place(request: Request) -> Place:
    """What the path names. Azurite decodes first and splits then, and takes a backslash in a blob's name for `/`."""
    try:
        path = unquote(request.raw_path, errors="strict")
    except UnicodeDecodeError as error:
        raise RefusedError(
            "InvalidUri", "The requested URI does not represent any resource on the server.", 400
        ) from error
    account, _, rest = path.removeprefix("/").partition("/")
    container, _, blob = rest.partition("/")
    return Place(account, container, blob.replace("\\", "/"))


def name(request: Request, where: Place) -> str:
    """The operation's name; an unknown one is told by its method and `comp`."""
    table = _BLOB if where.blob else _CONTAINER if where.container else _SERVICE
    comp = request.query.get("comp", "")
    return table.get((request.method, comp)) or f"{request.method} {comp}".strip()
