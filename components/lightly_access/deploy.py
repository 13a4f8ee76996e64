"""Manifest in, resources out: stores, then the two ways in of every dataset, then the dataset."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict

from lightly_access.capability import Capability, Purpose
from lightly_access.dataset import LightlyDataset
from lightly_access.manifest import Datasource, Manifest, Store
from lightly_access.storage.access import Access
from lightly_access.storage.aws import S3AccessArgs, S3Bucket, S3DelegatedAccess, S3UserAccess


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


def _store(name: str, store: Store, manifest: Manifest) -> S3Bucket:
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
    dataset: str, purpose: Purpose, datasource: Datasource, stores: Mapping[str, S3Bucket], manifest: Manifest
) -> Access:
    name = f"{dataset}-{purpose.lower()}-access"
    args: S3AccessArgs = {
        "store": stores[datasource.store],
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
