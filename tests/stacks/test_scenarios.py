"""Every stack file in stacks/ is a scenario: it is accepted, and its program registers what its golden file says.

`GOLDEN=write python -m pytest tests/stacks` writes the golden files anew; they are reviewed as documentation.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from lightly_access.deployment import deploy
from lightly_access.manifest import Manifest
from pulumi.runtime.mocks import MockMonitor

from tests.lightly_access.recording import record

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "stacks").glob("Pulumi.*.yaml"))
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.name)
def test_a_scenario_says_who_would_use_it(file: Path) -> None:
    assert file.read_text().startswith("# ")


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.name)
def test_a_scenario_registers_what_its_golden_file_says(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in re.findall(r"env:(\w+)", file.read_text()):
        values = {"ENDPOINT": "http://127.0.0.1:9", "SERVER": "http://127.0.0.1:9", "MOUNT": "/srv/somewhere"}
        monkeypatch.setenv(name, values.get(name.rsplit("_", 1)[-1], "AKIDEXAMPLE"))
    manifest = Manifest.parse(yaml.safe_load(file.read_text())["config"], root=ROOT)
    recording = record()
    recording.hierarchical = True  # what a stack says of its accounts is so
    below, register = dict[tuple[str, str], str](), MockMonitor.RegisterResource

    def listen(self: MockMonitor, request: Any) -> Any:
        kind, _, parent = request.parent.rpartition("::")
        if parent and not kind.endswith("pulumi:pulumi:Stack"):
            below[request.type, request.name] = f" below {parent}"
        return register(self, request)  # type: ignore[no-untyped-call]  # the SDK has no types

    monkeypatch.setattr(MockMonitor, "RegisterResource", listen)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        datasets = deploy(manifest)
        return pulumi.Output.from_input(datasets)

    program()
    resources = {
        kind: item for kind, item in recording.found.items() if kind.startswith("pulumi:") or _is_resource(kind)
    }
    through = {key: f" through {provider}" for key, provider in recording.through.items()}
    graph = sorted(
        f"{kind} {name}{below.get((kind, name), '')}{through.get((kind, name), '')}"
        for kind, found in resources.items()
        for name in found
    )
    golden = GOLDEN / f"{file.stem.removeprefix('Pulumi.')}.json"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(json.dumps(graph, indent=2) + "\n")
    assert graph == json.loads(golden.read_text())


def _is_resource(kind: str) -> bool:
    """Resource types end in an upper-case name; functions do not."""
    return kind.rpartition(":")[2][0].isupper()
