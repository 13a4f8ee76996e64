"""Manifest in, resources out: stores, then the two accesses of every dataset, then the dataset."""

import functools
import os
from collections.abc import Mapping
from typing import Any

import pulumi
from lightly_core.capability import Purpose

from lightly_access import secret_refs
from lightly_access.access import Access, ended_before, store_prerequisites
from lightly_access.aliases import moved_from_the_stack, renamed
from lightly_access.dataset import LightlyDataset, LightlyDatasetArgs
from lightly_access.external_access import AdoptedAccess
from lightly_access.fleet.facts import Facts
from lightly_access.kinds import registry
from lightly_access.kinds.builder import Builder, referenced_secret
from lightly_access.kinds.external import AdoptedAccessArgs
from lightly_access.manifest import Dataset, Manifest
from lightly_access.manifest.part import Part, left_to_the_first, once, part
from lightly_access.naming import access_name
from lightly_access.outputs import Deployment, first_end, short
from lightly_access.owners import Owners
from lightly_access.released import as_made, let_go, released, told
from lightly_access.stack_state import stack_outputs, stack_resources
from lightly_access.tables.datasource import Datasource


def deploy(manifest: Manifest) -> Deployment:
    """Declare everything that the manifest asks for. Returns what `outputs.export` takes, by dataset.

    The lights are short, since Pulumi prints outputs after every run; LightlyDataset has them in full.
    """
    owners, mine = Owners(manifest), part(manifest)
    freed = released(manifest, stack_outputs(), stack_resources)
    facts = _facts(manifest, mine)
    stores = {
        name: _taken(name, manifest, mine, owners, facts)
        if facts and name in mine.taken
        else _store(name, manifest, owners, freed.get(name))
        for name in mine.stores
    }
    found = Deployment(
        (name, _dataset(name, declared, stores, manifest, owners)) for name, declared in mine.datasets.items()
    )
    found.released = {name: told(stores[name]) for name in freed}
    if manifest.shard and manifest.shard.first:
        _prepare(mine, stores, manifest)
        found.shared = {n: _builder(manifest, n).facts(stores[n]) for n, store in mine.stores.items() if once(store)}
    return found


def _facts(manifest: Manifest, mine: Part) -> Facts | None:
    """What the first shard says, where this one relies on it. Raises FirstShardError."""
    if manifest.shard is None or not mine.taken:
        return None
    facts = Facts.of_the_first(manifest.shard)
    facts.expect(mine.taken)
    return facts


def _prepare(mine: Part, stores: Mapping[str, Any], manifest: Manifest) -> None:
    """What is the stores' of the datasets of the other shards."""
    for dataset in mine.others.values():
        left = set(left_to_the_first(dataset))
        for purpose, source in dataset.sources.items():
            path = source.path if purpose in left else ""
            accessed = not dataset.revoked and not source.made_elsewhere
            _builder(manifest, source.store).prepare(stores[source.store], purpose, path, accessed=accessed)


def _store(name: str, manifest: Manifest, owners: Owners, made: Mapping[str, Mapping[str, Any]] | None) -> Any:
    """Its component; of one that is let go of, what was made of it."""
    store = manifest.stores[name]
    opts = renamed(store.aliases, opts=owners.options(name))
    if made:
        store, opts = as_made(name, store, made), let_go(opts)
    return _builder(manifest, name).store(name, store, manifest.tags, opts)


def _taken(name: str, manifest: Manifest, mine: Part, owners: Owners, facts: Facts) -> Any:
    """The component of a store of which the first shard makes what is made once."""
    store, known = manifest.stores[name], functools.partial(facts.told, name)
    opts = renamed(store.aliases, opts=owners.options(name))
    return _builder(manifest, name).taken(name, store, known, mine.purposes(name), opts)


def _dataset(
    name: str, declared: Dataset, stores: Mapping[str, Any], manifest: Manifest, owners: Owners
) -> dict[str, Any]:
    """Its outputs. One that is revoked has no access in the program, so that everything that was its access ends."""
    args: LightlyDatasetArgs = {
        "type": declared.type,
        "name": declared.name or name,
        "adopt": declared.adopt,
        "replace_registered": declared.replace_registered,
        "rename_adopted": declared.rename_adopted,
        "revoked": declared.revoked,
        "force_destroy": declared.force_destroy,
        "deadline": manifest.verify.deadline,
        "confirmations": manifest.verify.confirmations,
        "probe": manifest.verify.probe,
    }
    if declared.on_remove:
        args["on_remove"] = declared.on_remove
    if declared.revoked:
        for purpose, source in declared.sources.items():
            _keep_directory(purpose, source, stores[source.store])
    else:
        args["access"] = functools.partial(_access, name, declared, stores, manifest, owners)
    dataset = LightlyDataset(name, args, renamed(declared.aliases))
    if declared.revoked:
        return {"id": dataset.dataset_id, "revoked": True}
    return {
        "id": dataset.dataset_id,
        "ok": dataset.ok,
        "verified_at": dataset.verified_at,
        "expires": dataset.credentials.apply(first_end),
        "datasources": dataset.datasources,
        "lights": dataset.lights.apply(short),
        "credentials": dataset.credentials,
    }


def _keep_directory(purpose: Purpose, source: Datasource, store: Any) -> None:
    """The directory that an access made: your data are in it, so it stays when the access goes."""
    if hasattr(store, "directory"):
        store_prerequisites(store, source.path, writes=purpose is Purpose.LIGHTLY and not source.made_elsewhere)


def _builder(manifest: Manifest, store: str) -> Builder:
    """What declares the store and the accesses to it; with it comes its cloud's SDK."""
    return registry.kind_of(manifest.stores[store].kind).builder()


def _access(
    dataset: str,
    declared: Dataset,
    stores: Mapping[str, Any],
    manifest: Manifest,
    owners: Owners,
    purpose: Purpose,
    parent: pulumi.Resource,
) -> Access:
    """In the account where the store is: a role or user of another one would need the bucket's own permission too."""
    datasource, name = declared.sources[purpose], access_name(dataset, purpose)
    old_names = [access_name(old, purpose) for old in declared.aliases]
    here = pulumi.ResourceOptions.merge(owners.options(datasource.store), pulumi.ResourceOptions(parent=parent))
    opts = ended_before(stores.values(), moved_from_the_stack([name, *old_names], renamed(old_names, here)))
    store = stores[datasource.store]
    if datasource.made_elsewhere and registry.accesses()[datasource.access].external:
        return _external(name, f"datasets.{dataset}.{purpose.lower()}", purpose, datasource, store, opts)
    builder = _builder(manifest, datasource.store)
    return builder.access(name, dataset, purpose, datasource, store, manifest.tags, opts)


def _external(
    name: str, where: str, purpose: Purpose, datasource: Datasource, store: Any, opts: pulumi.ResourceOptions | None
) -> AdoptedAccess:
    """An access that somebody else made. Raises SecretReferenceError where what it names is not there."""
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
    return AdoptedAccess(name, args, opts)
