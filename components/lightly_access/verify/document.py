"""What `verify` found, as JSON values.

    {"ok": false, "project": "farm", "stack": "prod", "asked_at": "2026-11-28T16:25:00Z",
     "changes": [{"dataset": "cows", "purpose": "LIGHTLY", "light": "write", "change": "went red",
                  "since": "2026-11-28T09:00:00Z", "cause": "...", "fix": "...",
                  "runbook": "s3-object-lock"}],
     "datasets": {"cows": {"id": "...", "ok": false, "revoked": false, "since": "...", "error": null, "notes": [],
        "drift": [{"severity": "high", "rule": "key-beside", "purpose": "LIGHTLY", "what": "...", "where": "...",
                   "why": "...", "fix": "..."}],
        "datasources": {"LIGHTLY": {"write": {"expected": true, "actual": false, "ok": false, "evidence": ["lightly"],
            "cause": "...", "fix": "...", "change": "went red", "asked": true, "before": {...} or null}}}}}}

A light is as in `lights.json` (report/document.py), with `change` (lights.py has the words), `asked`, and the light
that it was, `since` the last verification. The key `outside the path` is there where a key reaches, or reached,
beside its path. `drift` is what somebody changed in the cloud beside
the deployment, the worst first (`severity` as `audit` has it). `error` says why Lightly could not be asked: then there
are no datasources. Times are in UTC; what nobody
knows is null.
"""

from datetime import UTC, datetime
from typing import Any

from lightly_access.audit.finding import Finding
from lightly_access.report.document import light_as_json
from lightly_access.verify.lights import VerifiedDataset, VerifiedLight, VerifiedStack


def as_json(found: VerifiedStack) -> dict[str, Any]:
    """The document."""
    return {
        "ok": found.ok,
        "project": found.project,
        "stack": found.stack,
        "asked_at": time(found.at),
        "changes": [_change(dataset, light) for dataset in found.datasets for light in dataset.changes],
        "datasets": {dataset.name: _dataset(dataset) for dataset in found.datasets},
    }


def time(moment: datetime | None) -> str | None:
    """In UTC, to the second."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _change(dataset: VerifiedDataset, light: VerifiedLight) -> dict[str, Any]:
    return {
        "dataset": dataset.name,
        "purpose": light.purpose.value,
        "light": light.name,
        "change": light.change.value,
        "since": time(dataset.since),
        "cause": light.now.cause,
        "fix": light.now.fix,
        "runbook": light.now.runbook,
    }


def _dataset(dataset: VerifiedDataset) -> dict[str, Any]:
    sources: dict[str, dict[str, Any]] = {}
    for light in dataset.lights:
        sources.setdefault(light.purpose.value, {})[light.name] = {
            **light_as_json(light.now),
            "change": light.change.value,
            "asked": light.asked,
            "before": light.before and light_as_json(light.before),
        }
    return {
        "id": dataset.id,
        "ok": dataset.ok,
        "revoked": dataset.revoked,
        "since": time(dataset.since),
        "error": dataset.error or None,
        "drift": [_drift(finding) for finding in dataset.drift],
        "notes": list(dataset.notes),
        "datasources": sources,
    }


def _drift(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity.value,
        "rule": finding.rule,
        "purpose": finding.purpose,
        "what": finding.what,
        "where": finding.where,
        "why": finding.why,
        "fix": finding.fix,
    }
