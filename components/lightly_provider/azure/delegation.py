"""A user-delegation SAS: signed with a key that Azure gives to whoever deploys, for 7 days at most.

https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas: it permits what both the token and the
roles of its maker permit, it has no stored policy, and it cannot be revoked alone: only all delegation keys of the
account at once (`az storage account revoke-delegation-keys`), or by taking the roles away from its maker.
"""

from datetime import datetime
from typing import Any

from lightly_policies.sas import PERMISSIONS

from lightly_provider.azure.errors import said_by_azure


def delegated_token(
    account: str,
    endpoint: str,
    container: str,
    *,
    directory: str,
    purpose: str,
    start: datetime,
    expiry: datetime,
    credential: Any = None,
    **options: Any,
) -> str:
    """A new token, another one each time. `directory` empty: of the whole container.

    `credential` is one of azure-identity, DefaultAzureCredential when None; `options` go to the SDK's client.
    Raises AzureError.
    """
    from azure.identity import DefaultAzureCredential
    from azure.storage.blob import BlobServiceClient, generate_blob_sas, generate_container_sas

    with said_by_azure(f"sign a user-delegation SAS for container {account}/{container}"):
        service = BlobServiceClient(endpoint, credential=credential or DefaultAzureCredential(), **options)
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
