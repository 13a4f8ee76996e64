"""`lights.json`: a Report as JSON values, and back.

    {"datasets": {"farm-animals": {"id": "...", "verified": true, "datasources": {
        "INPUT": {"kind": "s3", "access": "delegated", "path": "s3://.../", "lights": {
            "list": {"expected": true, "actual": true, "ok": true, "evidence": ["lightly"], "cause": null}, ...}}}}},
     "phases": [{"name": "up", "ok": true, "seconds": 1.2, "created": 23, "updated": 0, "replaced": 0, "deleted": 0,
                 "calls": {"aws": 40, "lightly": 9}}]}

A light that has a `fix` carries it beside its `cause`, and the `runbook` entry of that. `actual` is null while nobody
could tell.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from lightly_core.capability import Capability, Evidence, Light, Purpose

from lightly_access.report.lights import DatasetLights, DatasourceLights, Phase, Report

_E = TypeVar("_E", bound=StrEnum)


class LightsDocumentError(ValueError):
    """JSON that is not a report: where, and what was expected there."""

    def __init__(self, where: str, expected: str) -> None:
        self.where = where
        super().__init__(f"{where or 'document'}: expected {expected}")


def as_json(report: Report) -> dict[str, Any]:
    """The document as JSON values."""
    return {
        "datasets": {
            name: {
                "id": dataset.id,
                "verified": dataset.verified,
                "datasources": {
                    purpose.value: {
                        "kind": source.kind,
                        "access": source.access,
                        "path": source.path,
                        "lights": lights_as_json(source.lights),
                    }
                    for purpose, source in dataset.datasources.items()
                },
            }
            for name, dataset in report.datasets.items()
        },
        "phases": [_phase_as_json(phase) for phase in report.phases],
    }


def as_text(report: Report) -> str:
    """The document as it is written to a file."""
    return json.dumps(as_json(report), indent=2, ensure_ascii=False) + "\n"


def from_json(value: object) -> Report:
    """A document back into values. Raises LightsDocumentError with the place that is wrong."""
    document = _table(value, "")
    datasets = _table(document.get("datasets"), "datasets")
    phases = document.get("phases", [])
    if not isinstance(phases, list):
        raise LightsDocumentError("phases", "a list")
    return Report(
        {name: _dataset(dataset, f"datasets.{name}") for name, dataset in datasets.items()},
        tuple(_phase(phase, f"phases[{at}]") for at, phase in enumerate(phases)),
    )


def lights_as_json(lights: Mapping[Capability, Light]) -> dict[str, Any]:
    """The lights of one datasource."""
    return {capability.value: light_as_json(light) for capability, light in lights.items()}


def lights_from_json(value: object, where: str = "lights") -> dict[Capability, Light]:
    """The lights of one datasource; also as the provider's Verification puts them out."""
    return {
        _member(Capability, name, f"{where}.{name}"): _light(light, f"{where}.{name}")
        for name, light in _table(value, where).items()
    }


def light_as_json(light: Light) -> dict[str, Any]:
    """One light."""
    value: dict[str, Any] = {
        "expected": light.expected,
        "actual": light.actual,
        "ok": light.ok,
        "evidence": [evidence.value for evidence in light.evidence],
        "cause": light.cause,
    }
    more = {"fix": light.fix, "runbook": light.runbook}
    return {**value, **{name: text for name, text in more.items() if text is not None}}


def _phase_as_json(phase: Phase) -> dict[str, Any]:
    return {
        "name": phase.name,
        "ok": phase.ok,
        "seconds": phase.seconds,
        "created": phase.created,
        "updated": phase.updated,
        "replaced": phase.replaced,
        "deleted": phase.deleted,
        "calls": dict(phase.calls),
    }


def _dataset(value: object, where: str) -> DatasetLights:
    dataset = _table(value, where)
    sources = _table(dataset.get("datasources"), f"{where}.datasources")
    return DatasetLights(
        _text(dataset, "id", where),
        _truth(dataset, "verified", where),
        {
            _member(Purpose, name, f"{where}.datasources.{name}"): _datasource(source, f"{where}.datasources.{name}")
            for name, source in sources.items()
        },
    )


def _datasource(value: object, where: str) -> DatasourceLights:
    source = _table(value, where)
    return DatasourceLights(
        _text(source, "kind", where),
        _text(source, "access", where),
        _text(source, "path", where),
        lights_from_json(source.get("lights"), f"{where}.lights"),
    )


def _light(value: object, where: str) -> Light:
    table = _table(value, where)
    evidence = table.get("evidence", [])
    if not isinstance(evidence, list):
        raise LightsDocumentError(f"{where}.evidence", "a list")
    light = Light(
        expected=_truth(table, "expected", where),
        actual=None if table.get("actual") is None else _truth(table, "actual", where),
        evidence=tuple(_member(Evidence, name, f"{where}.evidence") for name in evidence),
        cause=None if table.get("cause") is None else _text(table, "cause", where),
        fix=None if table.get("fix") is None else _text(table, "fix", where),
        runbook=None if table.get("runbook") is None else _text(table, "runbook", where),
    )
    if _truth(table, "ok", where) is not light.ok:
        raise LightsDocumentError(f"{where}.ok", f"{str(light.ok).lower()}, from expected and actual")
    return light


def _phase(value: object, where: str) -> Phase:
    phase = _table(value, where)
    seconds = phase.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise LightsDocumentError(f"{where}.seconds", "a number")
    calls = _table(phase.get("calls", {}), f"{where}.calls")
    return Phase(
        name=_text(phase, "name", where),
        ok=_truth(phase, "ok", where),
        seconds=float(seconds),
        calls={side: _count(calls, side, f"{where}.calls") for side in calls},
        **{name: _count(phase, name, where) for name in ("created", "updated", "replaced", "deleted")},
    )


def _table(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise LightsDocumentError(where, "an object")
    return value


def _text(table: Mapping[str, Any], name: str, where: str) -> str:
    value = table.get(name)
    if not isinstance(value, str):
        raise LightsDocumentError(f"{where}.{name}", "text")
    return value


def _truth(table: Mapping[str, Any], name: str, where: str) -> bool:
    value = table.get(name)
    if not isinstance(value, bool):
        raise LightsDocumentError(f"{where}.{name}", "true or false")
    return value


def _count(table: Mapping[str, Any], name: str, where: str) -> int:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise LightsDocumentError(f"{where}.{name}", "a whole number, not negative")
    return value


def _member(kind: type[_E], value: object, where: str) -> _E:
    for member in kind:
        if member.value == value:
            return member
    raise LightsDocumentError(where, f"one of {', '.join(kind)}")
