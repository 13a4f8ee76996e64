"""What a manifest asks for as components: a module for each kind of store, imported when a stack has such a store.

Each has `store`, which declares a store, and `access`, which declares a way in to it; so a stack without Azure never
imports Azure's SDK.
"""

from datetime import date
from typing import Any, Protocol, TypedDict

from lightly_access.capability import Purpose
from lightly_access.manifest import Datasource, Manifest
from lightly_access.storage.access import Access


class Declaring(Protocol):
    """The module of one kind of store."""

    def store(self, name: str, store: Any, manifest: Manifest) -> Any:
        """The component of a declared store; also of one that exists already, which is only named."""
        ...

    def access(self, dataset: str, purpose: Purpose, datasource: Datasource, store: Any, manifest: Manifest) -> Access:
        """The component of a way in to what `store` gave."""
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
