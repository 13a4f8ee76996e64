"""Deployments as `pulumi stack export` writes them, in few words."""

from typing import Any

NOW = "2026-11-28T12:00:00+00:00"
GREEN = {"expected": True, "actual": True, "ok": True, "evidence": ["proof", "lightly"]}
RED = {"expected": True, "actual": False, "ok": False, "evidence": ["lightly"], "cause": "no bucket", "fix": "make it"}


def light_row(**lights: Any) -> dict[str, Any]:
    """All green but those named."""
    return {**dict.fromkeys(("delete", "list", "overwrite", "read", "write"), GREEN), **lights}


def dataset(name: str, *, verified_at: str | None = "2026-11-28T09:00:00Z", **sources: Any) -> list[dict[str, Any]]:
    """A LightlyDataset and its Verification; each source is (credential, lights)."""
    urn = f"urn:pulumi:prod::farm::lightly-access:index:LightlyDataset::{name}"
    component = {
        "urn": urn,
        "type": "lightly-access:index:LightlyDataset",
        "custom": False,
        "outputs": {"datasetId": "5f3c", "credentials": {purpose: held for purpose, (held, _) in sources.items()}},
    }
    known = {p: {"kind": "s3", "access": "user", "path": f"s3://lake/{name}/{p.lower()}/"} for p in sources}
    outputs: dict[str, Any] = {"lights": {purpose: row for purpose, (_, row) in sources.items()}}
    if verified_at:
        outputs["verifiedAt"] = verified_at
    kind = "lightly:index:Verification"
    verification = {
        "urn": f"urn:pulumi:prod::farm::lightly-access:index:LightlyDataset${kind}::{name}-verification",
        "type": kind,
        "id": "5f3c",
        "custom": True,
        "parent": urn,
        "inputs": {"datasources": known},
        "outputs": outputs,
    }
    return [component, *([verification] if sources else [])]


def state(*datasets: list[dict[str, Any]]) -> dict[str, Any]:
    """The document."""
    kind = "pulumi:pulumi:Stack"
    stack = {"urn": f"urn:pulumi:prod::farm::{kind}::farm-prod", "type": kind, "custom": False}
    resources = [stack, *(resource for resources in datasets for resource in resources)]
    return {"version": 3, "deployment": {"manifest": {"time": "2026-11-28T10:00:00Z"}, "resources": resources}}


def key(**more: Any) -> dict[str, Any]:
    """A credential of the outputs."""
    return {"kind": "access key", "created": "2026-11-01T08:00:00Z", "rotates": "2026-12-27", **more}
