"""What a container holds, for whoever would give it up."""

from lightly_core.secret import Secret

from lightly_access.kinds.azure.storage_api.client import options
from lightly_access.kinds.azure.storage_api.errors import AzureError, said_by_azure
from lightly_access.kinds.contents import PAGES, BucketUnreadableError, Contents

_PAGE = 1000


def contents(endpoint: str, account: str, container: str, key: Secret) -> Contents:
    """Its blobs, without the placeholders of directories and directories themselves, which hold nothing; no more than
    are looked at. Raises BucketUnreadableError."""
    from azure.storage.blob import ContainerClient

    found = 0
    credential = {"account_name": account, "account_key": key.reveal()}
    client = ContainerClient(endpoint, container, credential=credential, **options())
    try:
        with said_by_azure(f"list container {account}/{container}"):
            for number, blob in enumerate(client.list_blobs(results_per_page=_PAGE)):
                found += bool(blob.size)
                if number >= PAGES * _PAGE:
                    return Contents(found, more=True)
    except AzureError as refused:
        if refused.gone:
            return Contents()
        raise BucketUnreadableError(str(refused).partition("\n")[0]) from None
    return Contents(found)
