"""What a manifest asks for, as components: one class a kind of store, imported when a stack has such a store.

So a stack without Azure never imports Azure's SDK.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, TypedDict

import pulumi
from lightly_core.capability import Purpose

from lightly_access import secret_refs
from lightly_access.access import Access
from lightly_access.tables.datasource import Datasource

Opts = pulumi.ResourceOptions | None
Told = Callable[[str], pulumi.Output[Any]]
"""A fact of a store by its name; unknown in a preview before the first shard is deployed."""


class Builder(ABC):
    """Declares the stores of one kind, and the accesses to them that are ours."""

    @abstractmethod
    def store(self, name: str, store: Any, tags: Mapping[str, str], opts: pulumi.ResourceOptions | None) -> Any:
        """The component of a declared store; also of one that exists already, which is only named."""

    def taken(self, name: str, store: Any, told: "Told", purposes: Collection[Purpose], opts: "Opts") -> Any:
        """The component of a store of which the first shard makes what is made once, for another shard, which has
        accesses for these purposes: it makes nothing of that itself, and is `told` what the first one says in `facts`.
        """
        return self.store(name, store, {}, opts)

    def facts(self, store: Any) -> dict[str, pulumi.Input[Any]]:
        """What the other shards must be told of the component of a store; no secret."""
        return {}

    def prepare(self, store: Any, purpose: Purpose, path: str, *, accessed: bool) -> None:
        """Make what is the store's of a datasource whose access another shard makes, if it makes one (`accessed`)."""
        if getattr(store, "created", False) and path:
            store.directory(path)

    @abstractmethod
    def access(
        self,
        name: str,
        dataset: str,
        purpose: Purpose,
        datasource: Datasource,
        store: Any,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None,
    ) -> Access:
        """The component of an access to what `store` gave; `opts` has the provider of the store's owner."""

    def provider_name(self, account: str, store: Any) -> str:
        """The name of the provider through which everything of a store is made that an account owns."""
        return account

    def provider(
        self, name: str, where: str, account: Any, store: Any, opts: pulumi.ResourceOptions | None
    ) -> pulumi.ProviderResource:
        """That provider, for kinds with accounts. `where` is the account's place in the manifest."""
        raise NotImplementedError(f"{where}: no account can own such a store")


class Rotation(TypedDict):
    """When the credential of an access is replaced."""

    rotate_after: int
    rotate_anchor: date
    rotate_now: str


def rotation(datasource: Datasource) -> Rotation:
    """What the manifest says of it."""
    return {
        "rotate_after": datasource.rotate_after,
        "rotate_anchor": datasource.rotate_anchor,
        "rotate_now": datasource.rotate_now or "",
    }


def referenced_secret(name: str, where: str) -> pulumi.Output[str]:
    """The secret of an external credential: of the environment, or, encrypted, of the stack's configuration."""
    if secret_refs.variable(name) is not None:
        return pulumi.Output.secret(secret_refs.resolved(name, where, os.environ))
    key = f"{secret_refs.SECRETS_NAMESPACE}:{name}"
    value = pulumi.Config(secret_refs.SECRETS_NAMESPACE).get_secret(name)
    expected = f"{key}, a secret of the stack's configuration"
    if value is None:
        raise secret_refs.SecretReferenceError(where, name, expected, f"pulumi config set --secret {key}")
    if not pulumi.runtime.is_config_secret(key):
        raise secret_refs.SecretReferenceError(
            where, name, f"{expected}, encrypted", f"pulumi config set --secret {key}"
        )
    return value
