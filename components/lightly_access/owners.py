"""The accounts that own stores, as explicit providers: one for each account that is used, and for each region in it."""

import pulumi

from lightly_access.aliases import renamed
from lightly_access.kinds import registry
from lightly_access.manifest import Manifest
from lightly_access.tables.table import AccountTable


class Owners:
    """Who owns which store. A provider is made when the first store needs it, so an unused account costs nothing."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._made: dict[tuple[type[AccountTable], str], pulumi.ProviderResource] = {}

    def options(self, store: str) -> pulumi.ResourceOptions | None:
        """For the components of a store and of the accesses to it: all their children get the owner's provider. None
        for a store without an owner, which the default provider makes."""
        declared = self._manifest.stores[store]
        owner: str | None = getattr(declared, "owner", None)
        if owner is None:
            return None
        account = self._manifest.accounts[owner]
        builder = registry.kind_of(declared.kind).builder()
        name = builder.provider_name(owner, declared)
        key = (type(account), name)
        if key not in self._made:
            old = [builder.provider_name(alias, declared) for alias in account.aliases]
            self._made[key] = builder.provider(name, f"accounts.{owner}", account, declared, renamed(old))
        return pulumi.ResourceOptions(providers=[self._made[key]])
