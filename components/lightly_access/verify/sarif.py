"""What `verify` found, as SARIF 2.1.0: a result for each red light and each drift, and who was not asked.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. The place of a result is the stack's file, since code
scanning shows nothing without one
(https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning);
the logical location names dataset and purpose, and the fingerprint says across runs which light it is.
"""

import hashlib
from typing import Any

from lightly_core.capability import Capability
from lightly_core.hint import with_hint
from lightly_core.version import VERSION

from lightly_access.audit.finding import Finding
from lightly_access.verify.document import time
from lightly_access.verify.lights import OUTSIDE, VerifiedDataset, VerifiedLight, VerifiedStack

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RULES = {**{str(name): f"Lightly can {name} exactly where it should" for name in Capability}}
_RULES[OUTSIDE] = "A key reaches nothing beside its path"
_IDS = {name: f"light/{name.replace(' ', '-')}" for name in _RULES}
_DRIFT = "drift"


def as_sarif(found: VerifiedStack) -> dict[str, Any]:
    """The document as JSON values."""
    rules = [{"id": _IDS[name], "shortDescription": {"text": text}} for name, text in _RULES.items()]
    rules.append({"id": _DRIFT, "shortDescription": {"text": "Nobody changes in the cloud what was deployed"}})
    errors = [
        {"level": "error", "message": {"text": f"dataset {dataset.name!r}: {dataset.error}"}}
        for dataset in found.datasets
        if dataset.error
    ]
    run = {
        "tool": {"driver": {"name": "lightly-access", "version": VERSION, "rules": rules}},
        "automationDetails": {"id": f"lightly-access-verify/{found.project}/{found.stack}/"},
        "invocations": [
            {"executionSuccessful": not errors, "endTimeUtc": time(found.at), "toolExecutionNotifications": errors}
        ],
        "results": [
            *(_result(found, dataset, light) for dataset in found.datasets for light in dataset.red),
            *(_drift(found, dataset, finding) for dataset in found.datasets for finding in dataset.drift),
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(found: VerifiedStack, dataset: VerifiedDataset, light: VerifiedLight) -> dict[str, Any]:
    where = f"{found.project}/{found.stack}/{dataset.name}/{light.purpose}"
    cause = with_hint(light.now.cause or "nobody could tell why", light.now.fix, light.now.runbook)
    return {
        "ruleId": _IDS[light.name],
        "ruleIndex": list(_RULES).index(light.name),
        "message": {"text": f"dataset {dataset.name!r}, {light.purpose}: {light.name} {light.change}: {cause}"},
        **_at(found, dataset, where),
        "partialFingerprints": {"light/v1": _digest(f"{where}/{light.name}")},
        "properties": {"change": str(light.change), "since": time(dataset.since), "asked": light.asked},
    }


def _drift(found: VerifiedStack, dataset: VerifiedDataset, finding: Finding) -> dict[str, Any]:
    where = f"{found.project}/{found.stack}/{dataset.name}/{finding.purpose}"
    said = with_hint(f"{finding.where}: {finding.what}: {finding.why}", finding.fix)
    return {
        "ruleId": _DRIFT,
        "ruleIndex": len(_RULES),
        "message": {"text": f"dataset {dataset.name!r}, {finding.purpose}: {said}"},
        **_at(found, dataset, where),
        "partialFingerprints": {"drift/v1": _digest(f"{where}/{finding.rule}/{finding.where}/{finding.what}")},
        "properties": {"rule": finding.rule, "severity": finding.severity.value},
    }


def _at(found: VerifiedStack, dataset: VerifiedDataset, where: str) -> dict[str, Any]:
    """What every result has: it fails, in the stack's file."""
    return {
        "level": "error",
        "kind": "fail",
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f"Pulumi.{found.stack}.yaml"},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": where, "name": dataset.name, "kind": "resource"}],
            }
        ],
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
