"""A user-delegation SAS: signed with a key that Azure gives to whoever deploys, for 7 days at most.

https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas: it permits what both the token and the
roles of its maker permit, it has no stored policy, and it cannot be revoked alone: only all delegation keys of the
account at once (`az storage account revoke-delegation-keys`), or by taking the roles away from its maker.
"""

from datetime import datetime
from typing import Any

from lightly_policies.sas import PERMISSIONS

from lightly_access.kinds.azure.storage_api.client import login, options
from lightly_access.kinds.azure.storage_api.errors import said_by_azure

_SCOPE = "https://storage.azure.com/.default"
"""What a login must be good for (the constant STORAGE_OAUTH_SCOPE of azure-storage-blob)."""


def delegated_token(
    account: str,
    endpoint: str,
    container: str,
    *,
    directory: str,
    purpose: str,
    start: datetime,
    expiry: datetime,
) -> str:
    """A new token, another one each time. `directory` empty: of the whole container.

    The deployer's login is the one that DefaultAzureCredential finds. Raises AzureError.
    """
    from azure.storage.blob import BlobServiceClient, generate_blob_sas, generate_container_sas

    with said_by_azure(f"sign a user-delegation SAS for container {account}/{container}"):
        credential = login()
        credential.get_token(_SCOPE)  # without a login this fails at once, inside of the client after all its tries
        service = BlobServiceClient(endpoint, credential=credential, **options())
        key = service.get_user_delegation_key(start, expiry)
        terms: dict[str, Any] = {
            "user_delegation_key": key,
            "permission": PERMISSIONS[purpose],
            "start": start,
            "expiry": expiry,
            "protocol": "https",
        }
        if directory:
            return generate_blob_sas(account, container, directory.rstrip("/"), is_directory=True, **terms)
        return generate_container_sas(account, container, **terms)
