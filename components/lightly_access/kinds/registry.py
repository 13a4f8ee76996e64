"""The kinds of store, one row each. Whatever depends on the kind of a store asks here."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from lightly_core.fault import Fault, one_of

from lightly_access.kinds.access_kind import AccessKind
from lightly_access.kinds.azure.kind import AzureKind
from lightly_access.kinds.gcs.kind import GcsKind
from lightly_access.kinds.kind import Kind
from lightly_access.kinds.local.kind import LocalKind
from lightly_access.kinds.obs.kind import ObsKind
from lightly_access.kinds.s3.kind import S3Kind
from lightly_access.kinds.verified import VerifiedAccess

if TYPE_CHECKING:
    from lightly_access.tables.known import KnownNames
    from lightly_access.tables.table import AccountTable

ROWS: list[Kind] = [S3Kind(), AzureKind(), GcsKind(), ObsKind(), LocalKind()]
"""The order is that of words in messages and in the schema of the manifest."""


def kinds() -> dict[str, Kind]:
    """Every kind by its name."""
    return {kind.name: kind for kind in ROWS}


def kind_of(name: str) -> Kind:
    """The kind of this name. Raises KeyError for a word that is none: check it before."""
    return kinds()[name]


def find_kind(word: object) -> Kind | None:
    """The kind of this name; None for anything else."""
    return kinds().get(word) if isinstance(word, str) else None


def accesses() -> dict[str, AccessKind]:
    """Every access by its name."""
    return {access.name: access for kind in ROWS for access in kind.accesses}


def access_fault(kind: str, access: str) -> Fault | None:
    """Whether a store of this kind has this access; a word that is no kind or no access is somebody else's fault."""
    known, found = accesses(), find_kind(kind)
    if found is None or access not in known or known[access] in found.accesses:
        return None
    names = [each.name for each in found.accesses]
    return Fault(f"{one_of(names)} for a store of kind {kind}", found.no_other_access)


def registered_as(type_: object) -> tuple[Kind, AccessKind] | None:
    """The kind and the access behind Lightly's word for a datasource; None for a word that we do not know."""
    return next(
        ((each, access) for each in ROWS for access in each.accesses if access.registration.type == type_), None
    )


def registered_properties() -> tuple[str, ...]:
    """Every property that a datasource of some access has, each once."""
    found = (each.name for access in accesses().values() for each in access.registration.properties)
    return tuple(dict.fromkeys(found))


def secret_properties() -> frozenset[str]:
    """Those of them that are secret."""
    return frozenset(name for access in accesses().values() for name in access.registration.secrets)


def verified_access(kind: str, access: str, path: str, identity: str, *, external: bool = False) -> VerifiedAccess:
    """One registered datasource, of what the wire says. Raises KeyError for a word that is no kind or no access."""
    return VerifiedAccess(kind, accesses()[access], path, identity, kinds()[kind].location(path), external)


def access_description() -> str:
    """Every access in a few words, for whoever writes a manifest."""
    words = [f"{access.name} ({access.meaning})" for access in accesses().values()]
    return f"How Lightly gets in: {one_of(words)}. With role_arn or secret somebody else made it"


def accounts() -> "dict[str, type[AccountTable]]":
    """The table of each cloud's accounts, by the manifest's word for the cloud."""
    return {kind.cloud: table for kind in ROWS if kind.cloud and (table := kind.account())}


def known_names(stores: Collection[str], accounts: Collection[str]) -> "KnownNames":
    """What the tables of a manifest may name, beside the stores and accounts that it declares."""
    from lightly_access.tables.known import KnownNames

    kind_words = {kind.name: kind.name for kind in ROWS} | {
        word: each.name for each in ROWS for word in each.other_names
    }
    cloud_words = {word: kind.cloud for kind in ROWS if kind.cloud for word in (kind.cloud, kind.name)}
    return KnownNames(stores, accounts, kind_words, cloud_words, accesses())
