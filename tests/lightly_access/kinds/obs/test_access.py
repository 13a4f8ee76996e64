"""An external key as an access: registered, probed, and nothing created."""

import json
from typing import Any

import pulumi
import pytest
from lightly_access import secret_refs
from lightly_access.arguments.error import ArgumentsError
from lightly_access.dataset import LightlyDataset
from lightly_access.deployment import deploy
from lightly_access.kinds.obs.components import ObsAccess, ObsBucket
from lightly_access.manifest import Manifest
from lightly_core.capability import Purpose
from lightly_core.pulumi_struct import SIGNATURE

from tests.lightly_access.recording import Recording, record

ENDPOINT = "https://obs.example.com"
SECRET = "the-secret-of-the-archive"


def config(**more: Any) -> dict[str, Any]:
    key = {"store": "archive", "access": "key", "access_key_id": "ARCHIVEKEY", "secret": "env:ARCHIVE_SECRET"}
    return {
        "stores": {"archive": {"kind": "obs", "bucket": "archive", "endpoint": ENDPOINT, "region": "eu-de"}},
        "datasets": {
            "apples": {"type": "images", "input": {**key, "path": "in/", **more}, "lightly": {**key, "path": "out/"}}
        },
    }


def deployed(settings: dict[str, Any]) -> Recording:
    recording = record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return pulumi.Output.from_input(deploy(Manifest.parse(settings)))

    program()
    return recording


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_SECRET", SECRET)


def test_only_lightly_is_told_of_an_external_key_and_nothing_is_created() -> None:
    recording = deployed(config())
    assert {kind for kind in recording.found if not kind.startswith("lightly-access:")} == {
        "lightly:index:Dataset", "lightly:index:Datasource", "lightly:index:Verification",
    }  # fmt: skip
    source = recording.found["lightly:index:Datasource"]["apples-input"]
    assert source.pop("secretAccessKey")[SIGNATURE], "sealed"
    assert source == {
        "datasetId": "apples-dataset-id", "purpose": "INPUT", "kind": "obs", "access": "key", "given": True,
        "path": "obs://archive/in/", "endpoint": ENDPOINT, "accessKeyId": "ARCHIVEKEY", "replaceRegistered": True,
    }  # fmt: skip


def test_the_verification_gets_the_key_as_one_secret_and_no_proof() -> None:
    verification = deployed(config(whole_bucket=True)).only("lightly:index:Verification")
    assert verification["datasources"]["INPUT"]["proof"] == {}
    sealed = verification.pop("credentials")
    assert SIGNATURE in sealed
    assert SECRET not in json.dumps(verification)
    assert sealed["value"]["INPUT"] == {
        "accessKeyId": "ARCHIVEKEY", "secretAccessKey": SECRET, "region": "eu-de", "endpoint": ENDPOINT,
        "wholeBucket": True,
    }  # fmt: skip
    assert sealed["value"]["LIGHTLY"]["wholeBucket"] is False


def test_without_the_probe_the_verification_gets_no_key() -> None:
    verification = deployed({**config(), "verify": {"probe": False}}).only("lightly:index:Verification")
    assert "credentials" not in verification


def test_a_variable_that_is_not_set_stops_the_deployment_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARCHIVE_SECRET")
    with pytest.raises(secret_refs.SecretReferenceError, match=r"datasets.apples.input.secret: .*ARCHIVE_SECRET"):
        deployed(config())


@pytest.mark.parametrize(("encrypted", "said"), [(None, "expected lightly-keys:archive"), (False, "encrypted")])
def test_a_secret_of_the_stack_must_be_there_and_be_encrypted(encrypted: bool | None, said: str) -> None:
    pulumi.runtime.set_all_config({} if encrypted is None else {"lightly-keys:archive": SECRET}, [])
    try:
        with pytest.raises(secret_refs.SecretReferenceError, match=said) as refused:
            deployed(config(secret="archive"))
        assert SECRET not in str(refused.value)
    finally:
        pulumi.runtime.set_all_config({}, [])


def test_an_encrypted_secret_of_the_stack_is_used() -> None:
    pulumi.runtime.set_all_config({"lightly-keys:archive": SECRET}, ["lightly-keys:archive"])
    try:
        sources = deployed(config(secret="archive")).found["lightly:index:Datasource"]
        assert sources["apples-input"]["secretAccessKey"]["value"] == SECRET
    finally:
        pulumi.runtime.set_all_config({}, [])


def test_a_bad_endpoint_is_refused_where_the_bucket_is_named() -> None:
    with pytest.raises(ArgumentsError, match="endpoint of bucket archive: got 'ftp://x', expected the URL"):
        ObsBucket("archive", "ftp://x")


def test_it_can_be_used_alone() -> None:
    recording = record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        bucket = ObsBucket("archive", ENDPOINT)
        ways = {
            purpose: ObsAccess(
                f"x-{purpose}",
                {"store": bucket, "path": f"{purpose}/", "purpose": purpose, "access_key_id": "K",
                 "secret_access_key": SECRET},
            )
            for purpose in Purpose
        }  # fmt: skip
        made = LightlyDataset("x", {"type": "images", "input": ways[Purpose.INPUT], "lightly": ways[Purpose.LIGHTLY]})
        return made.lights

    program()
    assert recording.found["lightly:index:Datasource"]["x-lightly"]["secretAccessKey"][SIGNATURE]
