"""Stores in several accounts: who makes what, and what stands in the providers."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from lightly_access.deployment import deploy
from lightly_access.manifest import Manifest
from lightly_core.pulumi_struct import SIGNATURE
from pulumi.runtime.mocks import MockMonitor

from tests.lightly_access.recording import Recording, record

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "stacks" / "Pulumi.accounts.yaml").read_text())["config"]
EXTERNAL_ID = "the-external-id-of-the-data-team"


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch) -> Recording:
    monkeypatch.setenv("DATA_DEPLOYER_EXTERNAL_ID", EXTERNAL_ID)
    return deployed(CONFIG)


def deployed(config: dict[str, Any]) -> Recording:
    found = record()
    found.hierarchical = True

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return pulumi.Output.from_input(deploy(Manifest.parse(config)))

    program()
    return found


def test_everything_of_a_store_with_an_owner_is_made_and_asked_through_the_owner(recording: Recording) -> None:
    owners = {name: store.get("owner") for name, store in CONFIG["lightly-access:stores"].items()}
    services = {
        f"{dataset}-{service}-access": owners[table[service]["store"]]
        for dataset, table in CONFIG["lightly-access:datasets"].items()
        for service in ("input", "lightly")
    }
    kinds = ("aws:", "azure-native:", "gcp:")
    made = [(kind, name) for kind, found in recording.found.items() if kind.startswith(kinds) for name in found]
    assert len(made) > 30
    for kind, name in made:
        if name.isdecimal():  # a function of Azure
            assert recording.through[kind, name] == "photos"
            continue
        of = {**owners, **services}
        owner = of[max((item for item in of if name.startswith(item)), key=len)]
        through = recording.through.get((kind, name))
        assert (through is None) if owner is None else (through or "").startswith(str(owner)), (kind, name)


def test_an_account_of_any_cloud_keeps_its_providers_under_another_key(
    monkeypatch: pytest.MonkeyPatch, recording: Recording
) -> None:
    told: dict[str, set[str]] = {}
    register = MockMonitor.RegisterResource

    def listen(self: MockMonitor, request: Any) -> Any:
        told[request.name] = {alias.spec.name for alias in request.aliases}
        return register(self, request)  # type: ignore[no-untyped-call]  # the SDK has no types

    monkeypatch.setattr(MockMonitor, "RegisterResource", listen)
    accounts, stores = CONFIG["lightly-access:accounts"], CONFIG["lightly-access:stores"]
    renamed = {
        **CONFIG,
        "lightly-access:accounts": {
            f"our-{key}": {**each, "aliases": [key, f"old-{key}"]} for key, each in accounts.items()
        },
        "lightly-access:stores": {
            key: {**each, "owner": f"our-{each['owner']}"} if "owner" in each else each for key, each in stores.items()
        },
    }
    deployed(renamed)
    before = [name for kind, found in recording.found.items() if kind.startswith("pulumi:providers:") for name in found]
    assert {name: told.get(f"our-{name}") for name in before} == {name: {name, f"old-{name}"} for name in before}
    assert len(before) > 4


def test_what_is_lightlys_is_made_by_no_owner(recording: Recording) -> None:
    assert [kind for kind, _ in recording.through if kind.startswith("lightly")] == []


def test_a_provider_has_a_way_in_and_no_key(recording: Recording) -> None:
    aws = recording.found["pulumi:providers:aws"]
    assert aws.keys() == {"data-eu-central-1", "data-us-east-1", "research-eu-central-1"}
    data, research = aws["data-us-east-1"], aws["research-eu-central-1"]
    assert data["region"] == "us-east-1"
    assert SIGNATURE in data["assumeRoles"], "the external ID is in it"
    assert json.loads(research["assumeRoles"]) == [
        {"roleArn": "arn:aws:iam::333333333333:role/lightly-deployer", "sessionName": "lightly-access"}
    ]
    (azure,) = recording.found["pulumi:providers:azure-native"].values()
    (gcp,) = recording.found["pulumi:providers:gcp"].values()
    assert azure["subscriptionId"] == "11111111-2222-3333-4444-555555555555"
    assert gcp["impersonateServiceAccount"] == "lightly-deployer@acme-ml.iam.gserviceaccount.com"
    for inputs in (*aws.values(), azure, gcp):
        assert not inputs.keys() & {"accessKey", "secretKey", "token", "clientSecret", "credentials", "accessToken"}
