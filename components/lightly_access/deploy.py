"""Manifest in, resources out: stores, then the two ways in of every dataset, then the dataset."""

import os
from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict

import pulumi

from lightly_access import given
from lightly_access.capability import Capability, Purpose
from lightly_access.dataset import LightlyDataset
from lightly_access.local_folders import LocalFolders
from lightly_access.manifest import Datasource, LocalStore, Manifest, ObsStore, S3Store, Store
from lightly_access.storage.access import Access
from lightly_access.storage.aws import S3AccessArgs, S3Bucket, S3DelegatedAccess, S3UserAccess
from lightly_access.storage.local import LocalAccess
from lightly_access.storage.obs import ObsAccess, ObsBucket


def deploy(manifest: Manifest) -> dict[str, dict[str, Any]]:
    """Declare everything that the manifest asks for; per dataset its id, datasources, lights and credentials.

    The lights are short, since Pulumi prints outputs after every run; LightlyDataset has them in full.
    """
    stores = {name: _store(name, store, manifest) for name, store in manifest.stores.items()}
    datasets = {}
    for name, dataset in manifest.datasets.items():
        datasets[name] = LightlyDataset(
            name,
            {
                "type": dataset.type,
                "input": _access(name, Purpose.INPUT, dataset.input, stores, manifest),
                "lightly": _access(name, Purpose.LIGHTLY, dataset.lightly, stores, manifest),
                "adopt": dataset.adopt,
                "force_destroy": dataset.force_destroy,
                "deadline": manifest.verify.deadline,
                "confirmations": manifest.verify.confirmations,
                "probe": manifest.verify.probe,
            },
        )
    return {
        name: {
            "id": dataset.dataset_id,
            "datasources": dataset.datasources,
            "lights": dataset.lights.apply(short),
            "credentials": dataset.credentials,
        }
        for name, dataset in datasets.items()
    }


def short(lights: Mapping[str, Any]) -> dict[str, str]:
    """Purpose -> what is possible, and what is not as expected: `list, read; not write, overwrite, delete`."""
    said = {}
    for purpose, by_capability in lights.items():
        shown = {it: by_capability[it] for it in Capability if it in by_capability}
        parts = [
            ", ".join(it for it, light in shown.items() if light["actual"]),
            "not " + ", ".join(it for it, light in shown.items() if light["actual"] is False),
            "RED: " + ", ".join(it for it, light in shown.items() if not light["ok"]),
        ]
        said[purpose] = "; ".join(part for part in parts if not part.endswith((": ", "not ")) and part)
    return said


AnyStore = S3Bucket | ObsBucket | LocalFolders


def _store(name: str, store: Store, manifest: Manifest) -> AnyStore:
    if isinstance(store, ObsStore):
        endpoint = given.resolved(store.endpoint, f"stores.{name}.endpoint", os.environ)
        return ObsBucket(store.bucket, endpoint, store.region)
    if isinstance(store, LocalStore):
        return LocalFolders.of(name, store, os.environ)
    return _s3_bucket(name, store, manifest)


def _s3_bucket(name: str, store: S3Store, manifest: Manifest) -> S3Bucket:
    return S3Bucket(
        name,
        {
            "bucket": store.bucket,
            "region": store.region,
            "create": store.create,
            "kms_key": store.kms_key,
            "versioning": store.versioning,
            "noncurrent_days": store.noncurrent_days,
            "force_destroy": store.force_destroy,
            "tags": {**manifest.tags, **store.tags},
        },
    )


def _access(
    dataset: str, purpose: Purpose, datasource: Datasource, stores: Mapping[str, AnyStore], manifest: Manifest
) -> Access:
    store = stores[datasource.store]
    if isinstance(store, ObsBucket):
        return _given_key(dataset, purpose, datasource, store)
    if isinstance(store, LocalFolders):
        return LocalAccess(
            f"{dataset}-{purpose.lower()}-access", {"store": store, "path": datasource.path, "purpose": purpose}
        )
    return _s3_access(dataset, purpose, datasource, store, manifest)


def _given_key(dataset: str, purpose: Purpose, datasource: Datasource, store: ObsBucket) -> ObsAccess:
    where = f"datasets.{dataset}.{purpose.lower()}"
    assert datasource.access_key_id is not None  # the manifest was checked: access `key` has both
    assert datasource.secret is not None
    return ObsAccess(
        f"{dataset}-{purpose.lower()}-access",
        {
            "store": store,
            "path": datasource.path,
            "purpose": purpose,
            "access_key_id": given.resolved(datasource.access_key_id, f"{where}.access_key_id", os.environ),
            "secret_access_key": _secret(datasource.secret, f"{where}.secret"),
            "whole_bucket": datasource.whole_bucket,
        },
    )


def _secret(name: str, where: str) -> pulumi.Output[str]:
    """The secret of a given key: of the environment, or of the stack's configuration, where it must be encrypted."""
    if given.variable(name) is not None:
        return pulumi.Output.secret(given.resolved(name, where, os.environ))
    key = f"{given.SECRETS_NAMESPACE}:{name}"
    value = pulumi.Config(given.SECRETS_NAMESPACE).get_secret(name)
    expected = f"{key}, a secret of the stack's configuration"
    if value is None:
        raise given.NotGiven(where, name, expected, f"pulumi config set --secret {key}")
    if not pulumi.runtime.is_config_secret(key):
        raise given.NotGiven(where, name, f"{expected}, encrypted", f"pulumi config set --secret {key}")
    return value


def _s3_access(
    dataset: str, purpose: Purpose, datasource: Datasource, store: S3Bucket, manifest: Manifest
) -> S3DelegatedAccess | S3UserAccess:
    name = f"{dataset}-{purpose.lower()}-access"
    args: S3AccessArgs = {
        "store": store,
        "path": datasource.path,
        "purpose": purpose,
        "dataset": dataset,
        "list_prefix_condition": datasource.list_prefix_condition,
        "permissions_boundary": datasource.permissions_boundary,
        "tags": manifest.tags,
    }
    if datasource.access == "delegated":
        return S3DelegatedAccess(name, args)
    rotation: _Rotation = {
        "rotate_after": datasource.rotate_after,
        "rotate_anchor": datasource.rotate_anchor,
        "rotate_now": datasource.rotate_now or "",
    }
    return S3UserAccess(name, {**args, **rotation})


class _Rotation(TypedDict):
    rotate_after: int
    rotate_anchor: date
    rotate_now: str
