"""What whoever deploys needs in Google Cloud, by what a manifest makes there, and where it is looked for. Pure."""

from collections.abc import Iterable

from lightly_policies.deployer_needs import GOOGLE, Need, needed
from lightly_policies.deployer_roles import GoogleGrant

from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.tables.declared import Declared, has_directories, made

_ON_PROJECT = "the project"
_NEW_BUCKET = "storage.buckets.create"
"""It is asked for of the project, which has no name of a bucket."""


def of_project(manifest: Declared, project: str, owner: str | None, table: Iterable[Need] = GOOGLE) -> tuple[str, ...]:
    """Those that must be granted on the project: what does not exist yet has no other place."""
    found: dict[str, None] = {}
    for name, store in _stores(manifest, project, owner).items():
        for need in needed(table, _features(manifest, name, store)):
            if store.create or need.where == _ON_PROJECT:
                found[need.permission] = None
    return tuple(found)


def of_buckets(
    manifest: Declared, project: str, owner: str | None, table: Iterable[Need] = GOOGLE
) -> dict[str, tuple[str, ...]]:
    """Those that may be granted on a bucket that exists, by its name."""
    found: dict[str, tuple[str, ...]] = {}
    for name, store in _stores(manifest, project, owner).items():
        needs = needed(table, _features(manifest, name, store))
        if not store.create and (own := tuple(need.permission for need in needs if need.where != _ON_PROJECT)):
            found[store.bucket] = own
    return found


def grants(manifest: Declared, owner: str | None, table: Iterable[Need] = GOOGLE) -> list[GoogleGrant]:
    """What is enough of a table, where: on buckets that exist, on them; for buckets that are made, on the project, as
    far as it is about them; for service accounts and roles, which have no narrower place, on the project.
    """
    found: list[GoogleGrant] = []
    for project in projects(manifest, owner):
        whole = frozenset(of_project(manifest, project, owner, table))
        anywhere = {each for each in whole if not each.startswith("storage.") or each == _NEW_BUCKET}
        made_buckets = [each.bucket for each in _stores(manifest, project, owner).values() if each.create]
        if anywhere:
            found.append(GoogleGrant(project, frozenset(anywhere)))
        if of_made := whole - anywhere:
            found.append(GoogleGrant(project, of_made, buckets=tuple(sorted(made_buckets))))
        for bucket, permissions in of_buckets(manifest, project, owner, table).items():
            found.append(GoogleGrant(project, frozenset(permissions), bucket))
    return found


def projects(manifest: Declared, owner: str | None) -> tuple[str, ...]:
    """The projects of the stores that this login deploys."""
    stores = (each for each in manifest.stores.values() if isinstance(each, GcsStore) and each.owner == owner)
    return tuple(dict.fromkeys(store.project for store in stores))


def _features(manifest: Declared, name: str, store: GcsStore) -> set[str]:
    """As policies/README.md names them."""
    ours = [source for source in made(manifest) if source.store == name]
    found = {"access: service_account"} if ours else set()
    if has_directories(manifest, name, created=store.create):
        found.add("directories")
    return found | {f"{key}: true" for key in ("create", "force_destroy") if getattr(store, key)}


def _stores(manifest: Declared, project: str, owner: str | None) -> dict[str, GcsStore]:
    return {
        name: each
        for name, each in manifest.stores.items()
        if isinstance(each, GcsStore) and each.owner == owner and each.project == project
    }
