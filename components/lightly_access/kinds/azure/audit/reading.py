"""The stored policy that a SAS token names: read with the account's key, where whoever runs this has it.

A token tells most of itself. Azure shows stored policies only to the account's key, which is taken from
AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_KEY, the variables of the az command line
(https://learn.microsoft.com/cli/azure/storage/container/policy).
"""

import time
from collections.abc import Mapping

from lightly_core.secret import Secret
from lightly_policies.evaluator.sas import MalformedSasError, Sas

from lightly_access.audit.finding import Unreadable
from lightly_access.audit.registered import Registered
from lightly_access.kinds.azure.audit.compare import AzureFacts

_ROLE = "the account's key in AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_KEY"


class Reader:
    """Azure as whoever runs this may read it. No method raises for what Azure refuses."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def facts(self, registered: Registered) -> AzureFacts:
        """The stored policy of one datasource's token."""
        token = registered.secrets.get("sasToken")
        if token is None:
            reason = "Lightly does not show it: nothing is said about permissions, times and transport"
            return AzureFacts(unreadable=(Unreadable("the SAS token", "", reason, str(registered.purpose)),))
        try:
            named = Sas.parse(token.reveal()).text("si")
        except MalformedSasError:
            named = None
        return self._policy(registered, named) if named else AzureFacts()

    def _policy(self, registered: Registered, named: str) -> AzureFacts:
        from lightly_access.kinds.azure.storage_api.errors import AzureError
        from lightly_access.kinds.azure.storage_api.policies import Container

        account, container = registered.names
        given = self._given(account)
        what = f"stored policy {named} of container {account}/{container}"

        def unreadable(needs: str, reason: str) -> AzureFacts:
            return AzureFacts(unreadable=(Unreadable(what, needs, reason, str(registered.purpose)),))

        if given is None:
            return unreadable(_ROLE, "its permissions and times are not in the token")
        key, endpoint = given
        try:
            found = Container(account, key, endpoint, container, time.sleep).policy(named)
        except AzureError as error:
            return unreadable(_ROLE, str(error).splitlines()[0])
        return AzureFacts(found, policy_read=True)

    def _given(self, account: str) -> tuple[Secret, str] | None:
        """The account's key and its endpoint; None when there is no key, or one of another account."""
        parts = dict(
            part.split("=", 1)
            for part in self._environ.get("AZURE_STORAGE_CONNECTION_STRING", "").split(";")
            if "=" in part
        )
        if parts.get("AccountName", account) != account:
            return None
        key = parts.get("AccountKey") or self._environ.get("AZURE_STORAGE_KEY")
        endpoint = parts.get("BlobEndpoint") or f"https://{account}.blob.core.windows.net"
        return (Secret(key), endpoint) if key else None
