"""What a manifest asks for as components: a module for each kind of store, imported when a stack has such a store.

Each has `store`, which declares a store, and `access`, which declares an access to it; so a stack without Azure never
imports Azure's SDK.
"""

import os
from datetime import date
from typing import Any, Protocol, TypedDict

import pulumi
from lightly_core.capability import Purpose

from lightly_access import secret_refs
from lightly_access.access import Access
from lightly_access.external_access import AdoptedAccess, AdoptedAccessArgs
from lightly_access.manifest import Manifest
from lightly_access.tables.datasource import Datasource


class Declaring(Protocol):
    """The module of one kind of store."""

    def store(self, name: str, store: Any, manifest: Manifest, opts: pulumi.ResourceOptions | None) -> Any:
        """The component of a declared store; also of one that exists already, which is only named."""
        ...

    def access(
        self,
        dataset: str,
        purpose: Purpose,
        datasource: Datasource,
        store: Any,
        manifest: Manifest,
        opts: pulumi.ResourceOptions | None,
    ) -> Access:
        """The component of an access to what `store` gave; `opts` has the provider of the store's owner."""
        ...


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


def access_name(dataset: str, purpose: Purpose) -> str:
    """The name of an access in the stack."""
    return f"{dataset}-{purpose.lower()}-access"


def adopted(
    dataset: str, purpose: Purpose, datasource: Datasource, store: Any, opts: pulumi.ResourceOptions | None
) -> AdoptedAccess:
    """The component of an access that somebody else made.

    Raises SecretReferenceError where what it names is not there.
    """
    where = f"datasets.{dataset}.{purpose.lower()}"
    args: AdoptedAccessArgs = {
        "store": store,
        "path": datasource.path,
        "purpose": purpose,
        "access": datasource.access,
        "whole_bucket": datasource.whole_bucket,
    }
    if datasource.role_arn:
        args["role_arn"] = datasource.role_arn
    if datasource.external_id:
        args["external_id"] = referenced_secret(datasource.external_id, f"{where}.external_id")
    if datasource.access_key_id:
        args["access_key_id"] = secret_refs.resolved(datasource.access_key_id, f"{where}.access_key_id", os.environ)
    if datasource.secret:
        args["secret"] = referenced_secret(datasource.secret, f"{where}.secret")
    return AdoptedAccess(access_name(dataset, purpose), args, opts)


def referenced_secret(name: str, where: str) -> pulumi.Output[str]:
    """A secret that is given: of the environment, or of the stack's configuration, where it must be encrypted."""
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
