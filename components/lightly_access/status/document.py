"""A status as JSON values.

    {"ok": true, "project": "...", "stack": "prod", "deployed_at": "2026-11-28T16:25:00Z",
     "next": {"due": "2026-12-27", "ends": "2027-01-11T00:00:00Z", "whose": "tractors LIGHTLY", "said": "the next ..."},
     "failing": ["tractors LIGHTLY: write red"],
     "datasets": {"tractors": {"id": "...", "ok": true, "revoked": false, "verified_at": "...", "age_seconds": 60,
        "datasources": {"INPUT": {"kind": "azure", "access": "sas", "path": "azure://.../", "lights": {...},
            "credential": {"kind": "SAS token", "created": "...", "due": "2026-12-27", "ends": "..."}}}}}}

`lights` are as in `lights.json` (report/document.py). Whatever nobody knows is null. `ok` is false when something is
in `failing`, which `--fail-on` decides. Times are in UTC.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lightly_access.deployed.stack import DeployedDataset, DeployedDatasource, DeployedStack
from lightly_access.report.document import lights_as_json
from lightly_access.status.due import deadlines


def as_json(stack: DeployedStack, failing: Sequence[str], now: datetime) -> dict[str, Any]:
    """The document; `failing` is what `--fail-on` found."""
    following = deadlines(stack)
    return {
        "ok": not failing,
        "project": stack.project,
        "stack": stack.stack,
        "deployed_at": _time(stack.deployed_at),
        "next": {
            "due": following.due and following.due.isoformat(),
            "ends": _time(following.ends),
            "whose": following.whose or None,
            "said": following.sentence(now),
        },
        "failing": list(failing),
        "datasets": {dataset.name: _dataset(dataset, now) for dataset in stack.datasets},
    }


def _dataset(dataset: DeployedDataset, now: datetime) -> dict[str, Any]:
    at = dataset.verified_at
    return {
        "id": dataset.id,
        "ok": dataset.ok,
        "revoked": dataset.revoked,
        "verified_at": _time(at),
        "age_seconds": None if at is None else int((now - at).total_seconds()),
        "datasources": {source.purpose.value: _datasource(source) for source in dataset.datasources},
    }


def _datasource(source: DeployedDatasource) -> dict[str, Any]:
    held = source.credential
    return {
        "kind": source.kind,
        "access": source.access,
        "path": source.path,
        "lights": lights_as_json(source.lights),
        "credential": {
            "kind": held.kind,
            "created": _time(held.created),
            "due": held.due and held.due.isoformat(),
            "ends": _time(held.ends),
        },
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
