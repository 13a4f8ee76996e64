"""What whoever deploys needs in Azure, by what a manifest makes there, and where it is enough. Pure."""

from collections.abc import Iterator

from lightly_core.capability import Purpose
from lightly_policies.deployer_needs import AZURE, AZURE_READS, needed
from lightly_policies.deployer_roles import DELEGATES, SIGNED_BY, AzureGrant

from lightly_access.kinds.azure.names import USER_DELEGATION
from lightly_access.kinds.azure.store import AzureStore
from lightly_access.kinds.deployer import NoDeployerError
from lightly_access.tables.declared import Declared, has_directories, made


class KeyNeededError(NoDeployerError):
    """A store that no login of Azure can only read."""

    def __init__(self, store: str, features: list[str]) -> None:
        super().__init__(
            f"stores.{store}: got {' and '.join(features)}, which Azure shows to the account's key alone, and that key "
            "may do everything; expected a store that a role can only read\n"
            "hint: preview with the deployer's login, behind an approval; --cloud names the other clouds of the stack. "
            "A role is enough where Lightly only reads, with `sas: user_delegation`, in a container that exists"
        )


def stores(manifest: Declared) -> dict[str, AzureStore]:
    """Those for which a deployment asks Azure: any but the ones whose token somebody else made."""
    ours = {source.store for source in made(manifest)}
    return {
        name: each
        for name, each in manifest.stores.items()
        if isinstance(each, AzureStore) and (each.create or name in ours)
    }


def actions(manifest: Declared, name: str, store: AzureStore) -> tuple[str, ...]:
    """Actions of Azure RBAC that a store needs."""
    return tuple(need.permission for need in needed(AZURE, _features(manifest, name, store)))


def reads(manifest: Declared, subscription: str, owner: str | None) -> list[AzureGrant]:
    """What is enough to read the same, and where. Raises NoDeployerError where that takes the account's key."""
    found: dict[str, set[str]] = {}
    for name, store in stores(manifest).items():
        if store.owner == owner:
            features = _features(manifest, name, store)
            if by_key := sorted({"access: sas", "directories"} & features):
                raise KeyNeededError(name, by_key)
            scope, _ = _scopes(subscription, store)
            found.setdefault(scope, set()).update(need.permission for need in needed(AZURE_READS, features))
    return [AzureGrant(scope, frozenset(actions)) for scope, actions in found.items()]


def account_scope(subscription: str, group: str, account: str) -> str:
    """The id of a storage account, below which its containers are."""
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{account}"


def _scopes(subscription: str, store: AzureStore) -> tuple[str, str]:
    """Where it is enough to grant what a store needs, and the account's own scope."""
    account = account_scope(subscription, store.resource_group, store.account)
    return f"/subscriptions/{subscription}" if store.create_account else account, account


def grants(manifest: Declared, subscription: str, owner: str | None) -> list[AzureGrant]:
    """What is enough, where: on accounts and containers that exist, on them; for accounts that are made, whose resource
    groups are made too, on the subscription, because there is nothing else yet.
    """
    found: dict[str, set[str]] = {}
    data: dict[str, set[str]] = {}
    for name, store in stores(manifest).items():
        if store.owner == owner:
            scope, account = _scopes(subscription, store)
            found.setdefault(scope, set()).update(actions(manifest, name, store))
            for purpose in _delegated(manifest, name):
                found[scope].add(DELEGATES)
                at = scope if store.create else f"{account}/blobServices/default/containers/{store.container}"
                data.setdefault(at, set()).update(SIGNED_BY[purpose])
    return [
        AzureGrant(scope, frozenset(found.get(scope, ())), frozenset(data.get(scope, ())))
        for scope in dict.fromkeys((*found, *data))
    ]


def _delegated(manifest: Declared, name: str) -> Iterator[Purpose]:
    """The purposes whose tokens are signed by the login."""
    for dataset in manifest.datasets.values():
        for purpose, source in dataset.sources.items():
            if source.store == name and source.sas == USER_DELEGATION and source in made(manifest):
                yield purpose


def _features(manifest: Declared, name: str, store: AzureStore) -> set[str]:
    """As policies/README.md names them."""
    ours = [source for source in made(manifest) if source.store == name]
    found = {"every store"} | {f"{key}: true" for key in ("create", "create_account") if getattr(store, key)}
    if any(source.sas != USER_DELEGATION for source in ours):
        found.add("access: sas")
    return found | ({"directories"} if has_directories(manifest, name, created=store.create) else set())
