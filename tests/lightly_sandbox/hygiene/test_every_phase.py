"""The whole rehearsal that all of this folder looks at: every phase did what it should."""

import json

from lightly_core.capability import Purpose, expected

from tests.lightly_sandbox.hygiene.conftest import Played

ON_AWS = {"farm-animals", "dashcam", "barn-cameras", "apples", "pears"}
DATASETS = ON_AWS | {"tractors", "beehives", "orchards", "plums", "stables"}


def test_every_light_is_as_expected(played: Played) -> None:
    shown = json.loads(played.text("project/build/rehearsal/lights.json"))
    assert set(shown["datasets"]) == DATASETS
    for dataset in shown["datasets"].values():
        for purpose, source in dataset["datasources"].items():
            actual = {name: light["actual"] for name, light in source["lights"].items()}
            assert actual == {str(name): value for name, value in expected(Purpose(purpose)).items()}
    assert shown["datasets"]["apples"]["datasources"]["INPUT"]["lights"]["write"]["evidence"] == ["probe"]


def test_every_phase_did_what_it_should(played: Played) -> None:
    phases = {phase["name"]: phase for phase in json.loads(played.text("stdout"))["phases"]}
    assert phases["up"]["created"] > 140
    assert phases["again"]["calls"]["lightly"] == 0
    assert phases["rotate"]["replaced"] == 6
    assert phases["up"]["calls"].keys() == {"aws", "azure", "gcs", "lightly"}
    assert '"ciphertext"' in played.text("project/build/rehearsal/stack.json")
