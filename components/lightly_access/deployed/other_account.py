"""Stores that the manifest gives to another account than the deployed one, or whose account has another key. Pure."""

from collections.abc import Iterator

from lightly_access.deployed.exported import Exported, name, text
from lightly_access.manifest import Manifest, Problem
from lightly_access.naming import access_name

_DEFAULT = "default"
"""How the engine begins the names of providers that no program made."""
_OURS = "lightly"


def other_account(manifest: Manifest, export: Exported) -> Iterator[Problem]:
    """To Pulumi another account is another provider: everything that it made is made anew."""
    parts = export.by_parent()
    urns = {name(each): text(each.get("urn")) for each in export.resources if not each.get("custom")}
    for key, store in manifest.stores.items():
        made = [each for known in _components(manifest, key) for each in parts.get(urns.get(known, ""), ())]
        through = {found for each in made if (found := _provider(text(each.get("provider"))))}
        owner: str | None = getattr(store, "owner", None)
        if through - _providers(manifest, owner, getattr(store, "region", None)):
            deployed = "the login of whoever deploys" if through == {_DEFAULT} else ", ".join(sorted(through))
            hint = (
                "the next `pulumi up` makes everything of this store and of the accesses to it anew; an account that "
                "has another key now says so: `aliases` at `accounts`"
            )
            yield Problem(("stores", key, "owner"), owner or "nothing", f"{deployed}, which is deployed", hint)


def _components(manifest: Manifest, key: str) -> Iterator[str]:
    yield from (key, *manifest.stores[key].aliases)
    for dataset, declared in manifest.datasets.items():
        for purpose, source in declared.sources.items():
            if source.store == key:
                yield from (access_name(each, purpose) for each in (dataset, *declared.aliases))


def _provider(reference: str) -> str | None:
    """Of `<urn>::<id>` the provider's name; None of our own, which no account owns."""
    kind, _, found = reference.rpartition("::")[0].rpartition("::")
    if not found or kind.endswith(f":{_OURS}"):
        return None
    return _DEFAULT if found.startswith(_DEFAULT) else found


def _providers(manifest: Manifest, owner: str | None, region: str | None) -> set[str]:
    if owner is None:
        return {_DEFAULT}
    keys = (owner, *manifest.accounts[owner].aliases)
    return {*keys, *(f"{each}-{region}" for each in keys)}  # AWS has one for each region
