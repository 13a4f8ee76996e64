"""The owner of the storage accounts: adopted accounts and containers, one that nobody granted, stored policies."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from lightly_access.kinds.azure.handoff import GRACE_DAYS
from lightly_core.capability import Capability, Purpose
from lightly_core.secret import Secret
from lightly_policies.sas import PERMISSIONS, token

from lightly_sandbox.credential_log import CredentialLog
from lightly_sandbox.kinds.azure.client import Group, account_path
from lightly_sandbox.kinds.estate import Source
from lightly_sandbox.kinds.fixture import PRECIOUS, Broken, Files, Fixture, Guard, Listing
from lightly_sandbox.sandbox import Sandbox

PAYROLL = "payroll"
_LOCATION = "westeurope"


def _make(group: Group, account: str, **more: Any) -> None:
    rules = {"supportsHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_2", "allowBlobPublicAccess": False, **more}
    body = {"location": _LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": rules}
    if not group.there():
        group.ask("PUT", body={"location": _LOCATION})
    group.ask("PUT", account_path(account), body)


def _name(store: Any) -> str:
    return f"{store.account}/{store.container}"


class AzureFixture(Fixture):
    """The owner of the storage accounts."""

    rotating = ("sas",)
    # A new stored access policy may take up to 30 seconds to be known:
    # https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy
    slow: Mapping[str, object] = {"propagation": {"policy_seconds": 0.4}}

    def names(self, stores: Iterable[Any]) -> frozenset[str]:
        return frozenset(map(_name, stores))

    def _accounts(self, *, made: bool | None = None) -> dict[str, Any]:
        """A store of each account: of all, or of those that the deployment makes or does not make."""
        ours = {store.account: store for store in self.estate.created() if store.create_account}
        every = {store.account: store for store in self.estate.stores.values()}
        return {name: store for name, store in every.items() if made is None or (name in ours) is made}

    def asked(self) -> Mapping[str, Any]:
        """The subscriptions; the first one is where the deployer's own login leads."""
        own = self.estate.config.get("azure-native:subscriptionId")
        named = [getattr(account, "subscription", None) for account in self.estate.accounts.values()]
        return {"subscription": own, "subscriptions": sorted({str(id) for id in named if id})}

    def _group(self, sandbox: Sandbox, account: str) -> Group:
        store = self._accounts()[account]
        return Group(sandbox, store.resource_group, getattr(self.estate.account(store), "subscription", None))

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        """The accounts with their containers, and in each another container that is nobody's business."""
        found, adopted = list(files), self.estate.adopted()
        for account, store in self._accounts(made=False).items():
            _make(self._group(sandbox, account), account, isHnsEnabled=store.hierarchical)
            mine = {each.container for each in adopted if each.account == account}
            with self._group(sandbox, account).blobs(account) as service:
                for container in sorted(mine):
                    service.create_container(container)
                if mine and PAYROLL not in mine:
                    service.create_container(PAYROLL).upload_blob("2026-11.csv", b"name,salary\n")
                    self.adopted |= {f"{account}/{PAYROLL}"}
                for source in self.estate.found():
                    if source.store.account == account:
                        client = service.get_container_client(source.store.container)
                        for name, content in found if source.purpose is Purpose.INPUT else [(".keep", b"")]:
                            client.upload_blob(source.table.path + name, content, overwrite=True)
        for source in self.estate.external():
            self.give(sandbox, (*source.place, "secret"), source.table.secret, self._token(sandbox, source))

    def _token(self, sandbox: Sandbox, source: Source) -> Secret:
        """A token with a stored access policy, as `lightly-access handoff` asks for it."""
        from azure.storage.blob import AccessPolicy

        store, id = source.store, f"external-{source.key}-{source.purpose.lower()}"[:64]
        group = self._group(sandbox, store.account)
        with group.blobs(store.account) as service, service.get_container_client(store.container) as client:
            known = client.get_container_access_policy()["signed_identifiers"]
            ends, letters = datetime.now(UTC) + timedelta(days=90 + GRACE_DAYS), PERMISSIONS[source.purpose]
            policy = AccessPolicy(letters, expiry=ends, start=datetime.now(UTC) - timedelta(hours=1))
            client.set_container_access_policy({**{each.id: each.access_policy for each in known}, id: policy})
        bound = source.table.path if store.hierarchical else ""
        return Secret(token(store.account, store.container, id, group.key(store.account), directory=bound))

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        """The containers of the accounts, as far as these are there."""
        found: dict[str, Listing] = {}
        for account in self._accounts():
            group = self._group(sandbox, account)
            if not group.there(account):
                continue
            with group.blobs(account) as service:
                for container in service.list_containers():
                    with service.get_container_client(container.name) as client:
                        blobs = frozenset((blob.name, blob.etag) for blob in client.list_blobs())
                    found[f"{account}/{container.name}"] = blobs
        return found

    def break_permission(self, sandbox: Sandbox, credential_log: CredentialLog) -> Broken | None:
        """Take `w` from the stored access policy of a LIGHTLY token."""
        tokens = [each for each in self.estate.ours("sas") if each.table.sas == "stored_policy"]
        if not tokens or tokens[0].purpose is not Purpose.LIGHTLY:
            return None
        broken = (tokens[0].dataset, tokens[0].purpose)
        account, container, policy = credential_log.current(*broken).identity.split("/")
        with (
            self._group(sandbox, account).blobs(account) as service,
            service.get_container_client(container) as client,
        ):
            policies = {
                known.id: known.access_policy for known in client.get_container_access_policy()["signed_identifiers"]
            }
            policies[policy].permission = policies[policy].permission.replace("w", "")
            client.set_container_access_policy(policies)
        return Broken(*broken, "write (w)", frozenset({Capability.WRITE, Capability.OVERWRITE}))

    def add_objects(self, sandbox: Sandbox) -> list[Guard]:
        """A blob in each container that we made. Azure deletes a container whatever it holds, so nothing would refuse:
        one that may not be destroyed with its blobs is left where it is, with all of them."""
        here = self.stores(sandbox)
        for store in self.estate.created():
            if _name(store) in here:
                with (
                    self._group(sandbox, store.account).blobs(store.account) as service,
                    service.get_container_client(store.container) as client,
                ):
                    client.upload_blob(PRECIOUS, b"precious")
        self.kept = self.names(store for store in self.estate.created() if not store.force_destroy)
        return []

    def orphans(self, sandbox: Sandbox) -> list[str]:
        """Accounts and groups that we made and that may go, and stored access policies in the containers that stay."""
        found = []
        for account, store in self._accounts(made=True).items():
            if any(name.startswith(f"{account}/") for name in self.kept):
                continue
            group = self._group(sandbox, account)
            found += [f"account {account}"] if group.there(account) else []
            found += [f"resource group {store.resource_group}"] if group.there() else []
        for account in self._accounts(made=False):
            with self._group(sandbox, account).blobs(account) as service:
                for container in service.list_containers():
                    with service.get_container_client(container.name) as client:
                        policies = client.get_container_access_policy()["signed_identifiers"]
                    ours = [policy.id for policy in policies if not policy.id.startswith("external-")]
                    found += [f"stored policy {container.name}/{id}" for id in ours]
        return found

    def revoke(self, sandbox: Sandbox) -> None:
        """`az storage account revoke-delegation-keys`, for each account."""
        for account in self._accounts():
            group = self._group(sandbox, account)
            if group.there(account):
                group.ask("POST", f"{account_path(account)}/revokeUserDelegationKeys")

    def remake(self, sandbox: Sandbox, paths: Iterable[str]) -> None:
        """Accounts and containers of these names; an account that is made again has other keys."""
        wanted = {(urlsplit(path).netloc, urlsplit(path).path.split("/")[1]) for path in paths}
        for account, container in sorted(wanted):
            group = self._group(sandbox, account)
            if not group.there(account):
                _make(group, account, isHnsEnabled=self._accounts()[account].hierarchical)
            if f"{account}/{container}" not in self.stores(sandbox):
                with group.blobs(account) as service:
                    service.create_container(container)
