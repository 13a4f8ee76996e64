"""`lights.json`: the agreed structure, nothing lost on the way there and back, wrong documents refused by place."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.report import DatasetLights, DatasourceLights, Phase, Report
from lightly_access.report.document import (
    LightsDocumentError,
    as_json,
    as_text,
    from_json,
    lights_as_json,
    lights_from_json,
)
from lightly_core.capability import Capability, Evidence, Light, Purpose

from tests.lightly_access.report.example import GREEN, MIXED

TEXTS = st.text(max_size=12)
LIGHTS = st.builds(
    Light,
    expected=st.booleans(),
    actual=st.none() | st.booleans(),
    evidence=st.lists(st.sampled_from(Evidence), unique=True).map(tuple),
    cause=st.none() | TEXTS,
    fix=st.none() | TEXTS,
)
SOURCES = st.builds(DatasourceLights, TEXTS, TEXTS, TEXTS, st.dictionaries(st.sampled_from(Capability), LIGHTS))
DATASETS = st.builds(DatasetLights, TEXTS, st.booleans(), st.dictionaries(st.sampled_from(Purpose), SOURCES))
COUNTS = st.integers(0, 10_000)
PHASES = st.builds(
    Phase,
    TEXTS,
    st.booleans(),
    st.floats(0, 1e6),
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    st.dictionaries(TEXTS, COUNTS, max_size=3),
)
REPORTS = st.builds(Report, st.dictionaries(TEXTS, DATASETS, max_size=3), st.lists(PHASES, max_size=3).map(tuple))


@given(REPORTS)
def test_nothing_is_lost_there_and_back(report: Report) -> None:
    assert from_json(json.loads(as_text(report))) == report


def test_the_document_has_the_agreed_structure() -> None:
    document = as_json(MIXED)
    assert list(document) == ["datasets", "phases"]
    farm = document["datasets"]["farm-animals"]
    assert list(farm) == ["id", "verified", "datasources"]
    source = farm["datasources"]["INPUT"]
    assert list(source) == ["kind", "access", "path", "lights"]
    assert list(source["lights"]) == ["list", "read", "write", "overwrite", "delete"]
    assert source["lights"]["list"] == {
        "expected": True,
        "actual": True,
        "ok": True,
        "evidence": ["lightly", "proof"],
        "cause": None,
    }
    assert source["lights"]["write"] == {
        "expected": False,
        "actual": False,
        "ok": True,
        "evidence": ["proof"],
        "cause": None,
    }
    assert farm["datasources"]["LIGHTLY"]["lights"]["write"] == {
        "expected": True,
        "actual": False,
        "ok": False,
        "evidence": ["lightly"],
        "cause": "the role lost s3:PutObject",
        "fix": "pulumi up --refresh",
    }
    assert document["phases"][0] == {
        "name": "up",
        "ok": True,
        "seconds": 1.25,
        "created": 23,
        "updated": 0,
        "replaced": 0,
        "deleted": 0,
        "calls": {"aws": 40, "lightly": 9},
    }


def test_the_lights_of_a_verification_are_read_too() -> None:
    lights = MIXED.datasets["farm-animals"].datasources[Purpose.LIGHTLY].lights
    wire = {name: {"fix": None, **light} for name, light in lights_as_json(lights).items()}
    assert lights_from_json(wire) == lights


def changed(value: Any, path: list[str | int], new: object) -> Any:
    copy = json.loads(json.dumps(value))
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = new
    return copy


LIGHT: list[str | int] = ["datasets", "farm", "datasources", "INPUT", "lights", "list"]


@pytest.mark.parametrize(
    ("path", "new", "where"),
    [
        (["datasets"], [], "datasets"),
        (["phases"], {}, "phases"),
        (["phases"], [{"name": "up", "ok": True, "seconds": "1"}], "phases[0].seconds"),
        (["phases"], [{"name": "up", "ok": True, "seconds": 1, "created": -1}], "phases[0].created"),
        (["datasets", "farm", "verified"], 1, "datasets.farm.verified"),
        (["datasets", "farm", "datasources", "OUTPUT"], {}, "datasets.farm.datasources.OUTPUT"),
        ([*LIGHT, "ok"], False, "datasets.farm.datasources.INPUT.lights.list.ok"),
        ([*LIGHT, "actual"], "true", "datasets.farm.datasources.INPUT.lights.list.actual"),
        ([*LIGHT, "evidence"], ["hearsay"], "datasets.farm.datasources.INPUT.lights.list.evidence"),
        ([*LIGHT[:-1], "fly"], {}, "datasets.farm.datasources.INPUT.lights.fly"),
    ],
)
def test_a_wrong_document_is_refused_by_place(path: list[str | int], new: object, where: str) -> None:
    with pytest.raises(LightsDocumentError) as refused:
        from_json(changed(as_json(GREEN), path, new))
    assert refused.value.where == where
    assert str(refused.value).startswith(f"{where}: expected ")


def test_a_report_is_ok_only_if_all_of_it_is() -> None:
    assert GREEN.ok
    assert not MIXED.ok
    assert not Report({"farm": DatasetLights("a", False)}).ok
    assert not Report(phases=(Phase("up", False, 0.0),)).ok


def test_the_values_and_their_json_load_nothing_heavy() -> None:
    program = (
        "import sys, lightly_access.report.document, lightly_access.report.view;"
        "print([name for name in ('rich', 'jinja2', 'boto3', 'pulumi', 'pydantic') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
