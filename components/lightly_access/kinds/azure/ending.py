"""How access to Azure ends: the stored access policy that a token lives by is dropped, within 30 seconds.

https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy. A token that was signed as
`user_delegation` has no policy: https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas#revoke-a-user-delegation-sas.
"""

import time
from collections.abc import Iterable
from dataclasses import replace

from lightly_core.capability import Purpose
from lightly_core.secret import Secret

from lightly_access.kinds.azure.names import SCHEME, USER_DELEGATION
from lightly_access.kinds.azure.policy_id import same_datasource
from lightly_access.kinds.azure.probe import SasTarget
from lightly_access.kinds.azure.storage_api.errors import AzureError, WrongKeyError
from lightly_access.kinds.azure.storage_api.policies import Container
from lightly_access.kinds.ending import Beside, CannotEndError, Ending, Issued, Login, Query, Resource, Seen
from lightly_access.kinds.tried import listed

_LIST = "look by hand: az storage container policy list"


class AzureEnding(Ending):
    """SAS tokens of ours and of others."""

    types = frozenset({"lightly:index:AzureSas"})

    def issued(self, resource: Resource, registered: Resource, purpose: Purpose, beside: Beside) -> Issued:
        said = resource.get("outputs") or {}
        account, container = (str(said.get(name, "")) for name in ("accountName", "container"))
        path = str(registered.get("path") or f"azure://{account}/{container}/{said.get('directory', '')}")
        facts = {name: str(said.get(name, "")) for name in ("endpoint", "container", "policy", "accountName")}
        endless = None
        if said.get("method") == USER_DELEGATION:
            endless = (
                f"it was signed as user_delegation and lives until {said.get('expiry')}: `az storage account "
                f"revoke-delegation-keys --name {account} --resource-group <group>` ends all of the account's at once"
            )
        return Issued(
            "azure", "sas", purpose, "SAS token", str(resource["id"]), path, said.get("created"), facts,
            said.get("sasToken"), said.get("accountKey"), returns=endless is None, endless=endless,
        )  # fmt: skip

    def external(self, registered: Resource, purpose: Purpose) -> Issued | None:
        path, token = str(registered.get("path", "")), registered.get("sasToken")
        return Issued("azure", "sas", purpose, "SAS token", path, path, secret=token, ours=False)

    def completed(self, issued: Issued, among: Iterable[Issued]) -> Issued:
        """The key of an account is the same for all its tokens."""
        if issued.key is not None or not issued.ours:
            return issued
        account = issued.facts["accountName"]
        keys = (each.key for each in among if each.key and each.facts.get("accountName") == account)
        return replace(issued, key=next(keys, None))

    def switch_off(self, issued: Issued, login: Login) -> str:
        if not issued.ours:
            return super().switch_off(issued, login)
        if issued.endless:
            raise CannotEndError(f"{issued} cannot be switched off alone", issued.endless)
        try:
            container = _container(issued)
            found = container.policy(issued.facts["policy"])
            if found is not None:
                container.drop(found)
        except WrongKeyError:
            return f"{issued} died with the account key that signed it"
        except AzureError as error:
            if not error.gone:
                raise CannotEndError(
                    f"{issued}: {error}", "drop it by hand: az storage container policy delete"
                ) from None
            return f"{issued} is gone with its container"
        return f"the stored access policy of {issued} is dropped"

    def others(self, issued: Issued, login: Login) -> tuple[Issued, ...]:
        if not issued.ours or issued.endless:
            return ()
        try:
            found = _container(issued).policies()
        except WrongKeyError:  # no token that it signed works
            return ()
        except AzureError as error:
            if error.gone:
                return ()
            raise CannotEndError(f"{issued}: {error.what}: {error.code or 'no answer'}", error.hint or _LIST) from None
        holder, policy = issued.identity.rpartition("/")[0], issued.facts["policy"]
        return tuple(
            replace(
                issued,
                identity=f"{holder}/{each.id}",
                facts={**issued.facts, "policy": each.id},
                created=None,
                secret=None,
                known=False,
            )
            for each in found
            if same_datasource(each.id, policy)
        )

    def tried(self, issued: Issued) -> Seen | None:
        if issued.secret is None:
            return None
        account, container, directory = issued.path.removeprefix(SCHEME).split("/", 2)
        token = Secret(issued.secret.reveal().removeprefix("?"))
        endpoint = issued.facts.get("endpoint") or f"https://{account}.blob.core.windows.net/"
        return listed(SasTarget(account, container, directory, token, endpoint, True))

    def asked(self, issued: Issued, login: Login) -> Seen | None:
        if not issued.ours or issued.endless:
            return Seen(None, "cloud", issued.endless) if issued.endless else None
        try:
            found = _container(issued).policy(issued.facts["policy"])
        except WrongKeyError:
            return Seen(False, "cloud", "its account key was changed: what that signed is refused")
        except AzureError as error:
            return Seen(False if error.gone else None, "cloud", f"Get Container ACL: {error.code}")
        said = "there is no such stored access policy" if found is None else "the stored access policy is there"
        return Seen(found is not None, "cloud", f"Get Container ACL: {said}")

    def queries(self, issued: Issued) -> tuple[Query, ...]:
        """A log of Azure has the id of the stored policy in the URI, and never the signature
        (https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference)."""
        account, _, rest = issued.path.removeprefix(SCHEME).partition("/")
        container, since = rest.partition("/")[0], issued.created or "1970-01-01T00:00:00Z"
        policy = issued.facts.get("policy")
        head = (
            f'StorageBlobLogs | where TimeGenerated >= datetime({since}) | where AccountName == "{account}" '
            '| where AuthenticationType == "SAS"'
        )
        tail = "| project TimeGenerated, OperationName, CallerIpAddress, UserAgentHeader, Uri, StatusText"
        where = (
            "Log Analytics, where the account's diagnostic settings send StorageRead, StorageWrite and StorageDelete"
        )
        narrow = [Query(where, f'{head} | where Uri contains "si={policy}" {tail}')] if policy else []
        wide = f'{head} | where Uri contains "/{container}" {tail}'
        return (*narrow, Query("the same, every SAS of the container: where a log leaves the query of a URI out", wide))


def _container(issued: Issued) -> Container:
    facts = issued.facts
    if issued.key is None:
        raise CannotEndError(f"{issued}: the account's key is not open here", "let Pulumi open the stack's secrets")
    return Container(facts["accountName"], issued.key, facts["endpoint"], facts["container"], time.sleep)
