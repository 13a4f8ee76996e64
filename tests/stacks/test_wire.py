"""What the program of every stack registers is what the provider's rules accept: components and handlers agree."""

import json
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from lightly_access.deployment import deploy
from lightly_access.manifest import Manifest
from lightly_core.pulumi_struct import SIGNATURE
from lightly_core.pulumi_values import Properties, SecretValue, Value
from lightly_provider.handlers.datasource import DatasourceHandler
from lightly_provider.handlers.verification import VerificationHandler

from tests.lightly_access.recording import record

ROOT = Path(__file__).parents[2]
STACKS = sorted((ROOT / "stacks").glob("Pulumi.*.yaml"))
DATASET = "5f" * 12


def plain(value: Any) -> Value:
    """A recorded input as the provider gets it."""
    if isinstance(value, dict) and SIGNATURE in value:
        return SecretValue(plain(value["value"]))
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, str) and value.endswith("-access-key-id"):
        return "AKIAIOSFODNN7EXAMPLE"  # the mocks make ids of names
    return [plain(item) for item in value] if isinstance(value, list) else value


def registered(file: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Properties]:
    for name in re.findall(r"env:(\w+)", file.read_text()):
        values = {"ENDPOINT": "http://127.0.0.1:9", "SERVER": "http://127.0.0.1:9", "MOUNT": "/srv/somewhere"}
        values |= dict.fromkeys(("KEY", "SECRET"), "the-secret-access-key-of-an-external-key")
        values |= {"SAS": "sv=2026-04-06&sr=c&si=a&spr=https&sig=x"}
        values |= {"FILE": json.dumps({"type": "service_account", "client_email": "a@b", "private_key": "x"})}
        monkeypatch.setenv(name, values.get(name.rsplit("_", 1)[-1], "AKIDEXAMPLEAKIDEXAMPLE"))
    manifest = Manifest.parse(yaml.safe_load(file.read_text())["config"], root=ROOT)
    recording = record()
    recording.hierarchical = True

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return pulumi.Output.from_input(deploy(manifest))

    program()
    found: dict[str, Properties] = {}
    for name, inputs in recording.found[kind].items():
        value = plain({**inputs, "datasetId": DATASET})
        assert isinstance(value, dict)
        found[name] = value
    return found


@pytest.mark.parametrize("file", STACKS, ids=lambda file: file.name)
def test_every_datasource_is_accepted(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, inputs in registered(file, "lightly:index:Datasource", monkeypatch).items():
        assert not DatasourceHandler().check(inputs).failures, name


@pytest.mark.parametrize("file", STACKS, ids=lambda file: file.name)
def test_every_verification_is_accepted(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, inputs in registered(file, "lightly:index:Verification", monkeypatch).items():
        assert not VerificationHandler().check(inputs).failures, name
