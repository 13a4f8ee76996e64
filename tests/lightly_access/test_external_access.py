"""What somebody else made, as an access: registered, probed where that can be, and nothing of it made or changed."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi
import pytest
from lightly_access import secret_refs
from lightly_access.deployment import deploy
from lightly_access.external_access import AdoptedAccess
from lightly_access.manifest import Manifest
from lightly_core.capability import Purpose
from lightly_core.pulumi_struct import SIGNATURE

from tests.lightly_access.recording import BLOB_ENDPOINT, Recording, record

ROLE = "arn:aws:iam::123456789012:role/lightly/cows"
SECRETS = {
    "EXTERNAL_ID": "an-external-id-that-was-chosen",
    "KEY_SECRET": "the-secret-of-the-key",
    "SAS": "sv=2026-04-06&sr=c&sp=rl&st=2026-11-20T00:00:00Z&se=2027-01-20T00:00:00Z&spr=https&sig=the-signature",
    "POLICY_SAS": "?sv=2026-04-06&sr=c&si=cows-policy&spr=https&sig=the-signature",
    "KEY_FILE": json.dumps({"type": "service_account", "client_email": "cows@acme", "private_key": "the-private-key"}),
}
STORES = {
    "lake": {"kind": "s3", "bucket": "acme-datalake", "region": "eu-central-1"},
    "photos": {"kind": "azure", "account": "acmephotos", "container": "lake", "resource_group": "acme"},
    "frames": {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"},
    "disk": {"kind": "local", "input_mount": "/in", "lightly_mount": "/out"},
}
ROLE_WAY = {"store": "lake", "access": "delegated", "role_arn": ROLE, "external_id": "env:EXTERNAL_ID"}
KEY_WAY = {"store": "lake", "access": "user", "access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret": "env:KEY_SECRET"}
SAS_WAY = {"store": "photos", "access": "sas", "secret": "env:SAS"}
ACCOUNT_WAY = {"store": "frames", "access": "service_account", "secret": "env:KEY_FILE"}
CREDENTIAL_CLIENTS = [ROLE_WAY, KEY_WAY, SAS_WAY, ACCOUNT_WAY]


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def config(way: dict[str, Any], store: dict[str, Any] | None = None) -> dict[str, Any]:
    stores = {**STORES, way["store"]: {**STORES[way["store"]], **(store or {})}}
    lightly = {"store": "disk", "path": "out/", "access": "mount"}
    return {
        "stores": stores,
        "datasets": {"cows": {"type": "images", "input": {"path": "in/", **way}, "lightly": lightly}},
    }


def deployed(settings: dict[str, Any], *, hierarchical: bool = False) -> Recording:
    recording = record()
    recording.hierarchical = hierarchical

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return pulumi.Output.from_input(deploy(Manifest.parse(settings)))

    program()
    return recording


def made(recording: Recording) -> set[str]:
    """Types that were made at a cloud; invokes and components are none."""
    ours = ("lightly-access:", "lightly:index:", "azure-native:storage:getStorageAccount")
    return {kind for kind in recording.found if not kind.startswith(ours)}


def verification(recording: Recording) -> dict[str, Any]:
    found: dict[str, Any] = recording.only("lightly:index:Verification")
    return found


@pytest.mark.parametrize("way", CREDENTIAL_CLIENTS, ids=lambda way: way["access"])
def test_nothing_is_made_at_the_cloud_and_no_secret_is_in_clear(way: dict[str, Any]) -> None:
    recording = deployed(config(way))
    assert made(recording) == set()
    source = recording.found["lightly:index:Datasource"]["cows-input"]
    assert source["given"] is True
    assert source["access"] == way["access"]
    entry = verification(recording)["datasources"]["INPUT"]
    assert entry["given"] is True
    assert entry["proof"] == {}
    assert len(entry["fingerprint"]) == 16
    assert "given" not in verification(recording)["datasources"]["LIGHTLY"], "a mount is ours"
    clear = json.dumps(recording.found, default=lambda item: "")
    for sealed in _secrets_in(recording.found):
        clear = clear.replace(json.dumps(sealed), "")
    assert not [name for name, value in SECRETS.items() if json.dumps(value)[1:-1] in clear]


def _secrets_in(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value] if SIGNATURE in value else [entry for item in value.values() for entry in _secrets_in(item)]
    return [entry for item in value for entry in _secrets_in(item)] if isinstance(value, list) else []


def test_a_role_is_registered_and_never_probed() -> None:
    recording = deployed(config(ROLE_WAY))
    source = recording.found["lightly:index:Datasource"]["cows-input"]
    assert source.pop("externalId")["value"] == SECRETS["EXTERNAL_ID"]
    assert source == {
        "datasetId": "cows-dataset-id", "purpose": "INPUT", "kind": "s3", "access": "delegated", "given": True,
        "path": "s3://acme-datalake/in/", "region": "eu-central-1", "roleArn": ROLE, "replaceRegistered": True,
    }  # fmt: skip
    assert verification(recording)["datasources"]["INPUT"]["identity"] == ROLE
    assert "credentials" not in verification(recording)


def test_a_users_key_a_token_and_a_service_account_are_probed_with_themselves() -> None:
    expected: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
        (KEY_WAY, "AKIAIOSFODNN7EXAMPLE", {
            "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": SECRETS["KEY_SECRET"], "region": "eu-central-1",
            "wholeBucket": False}),
        (SAS_WAY, "acmephotos/lake/given-token",
         {"sasToken": SECRETS["SAS"], "endpoint": BLOB_ENDPOINT, "wholeBucket": True}),
        (ACCOUNT_WAY, "cows@acme", {"credentials": SECRETS["KEY_FILE"], "wholeBucket": False}),
    ]  # fmt: skip
    for way, identity, probe_credential in expected:
        found = verification(deployed(config(way)))
        assert found["datasources"]["INPUT"]["identity"] == identity
        assert {
            key: item for key, item in found["credentials"]["value"]["INPUT"].items() if item is not None
        } == probe_credential


def test_a_token_says_when_it_ends_and_which_policy_it_lives_by() -> None:
    found = {}

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        for name in ("SAS", "POLICY_SAS"):
            manifest = Manifest.parse(config({**SAS_WAY, "secret": f"env:{name}"}))
            found[name] = deploy(manifest)["cows"]["credentials"]
            found[name].apply(lambda value, name=name: found.update({name: value["INPUT"]}))
        return pulumi.Output.from_input({})

    record()
    program()
    kind = {"kind": "adopted SAS token", "created": None, "rotates": None}
    assert found == {"SAS": {**kind, "expires": "2027-01-20T00:00:00Z"}, "POLICY_SAS": kind}


def test_the_policy_of_a_token_is_its_identity() -> None:
    entry = verification(deployed(config({**SAS_WAY, "secret": "env:POLICY_SAS"})))["datasources"]["INPUT"]
    assert entry["identity"] == "acmephotos/lake/cows-policy"


def test_where_a_directory_can_be_bound_a_token_for_the_container_is_not_taken_for_granted() -> None:
    plain, bound = (
        verification(deployed(config(SAS_WAY, {"hierarchical": hierarchical}), hierarchical=hierarchical))[
            "credentials"
        ]["value"]["INPUT"]
        for hierarchical in (False, True)
    )
    assert (plain["wholeBucket"], bound["wholeBucket"]) == (True, False)


@pytest.mark.parametrize(
    ("way", "placeholder"),
    [
        (ROLE_WAY, "aws:s3/bucketObjectv2:BucketObjectv2"),
        (SAS_WAY, "azure-native:storage:Blob"),
        (ACCOUNT_WAY, "gcp:storage/bucketObject:BucketObject"),
    ],
    ids=lambda case: case["access"] if isinstance(case, dict) else "",
)
def test_into_a_store_that_we_made_goes_our_placeholder(way: dict[str, Any], placeholder: str) -> None:
    location = {"gcs": {"location": "europe-west3"}}.get(STORES[way["store"]]["kind"], {})
    recording = deployed(config(way, {"create": True, **location}))
    assert list(recording.found[placeholder]) == [f"{way['store']}/in/"]
    grants = {"aws:iam/role:Role", "lightly:index:ExternalId", "lightly:index:AzureSas", "gcp:serviceaccount/key:Key"}
    assert not grants & recording.found.keys()


def test_another_secret_makes_the_verification_out_of_date(monkeypatch: pytest.MonkeyPatch) -> None:
    def digest() -> str:
        entry = verification(deployed(config(ROLE_WAY)))["datasources"]["INPUT"]
        return str(entry["fingerprint"])

    before = digest()
    assert before == digest()
    monkeypatch.setenv("EXTERNAL_ID", "another-external-id")
    assert digest() != before


def test_a_variable_that_is_not_set_stops_the_deployment_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXTERNAL_ID")
    with pytest.raises(secret_refs.SecretReferenceError, match=r"datasets.cows.input.external_id: .*EXTERNAL_ID"):
        deployed(config(ROLE_WAY))


def test_an_unreadable_secret_is_left_to_the_provider_which_hides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for way, name, identity in ((ACCOUNT_WAY, "KEY_FILE", "given-service-account"), (SAS_WAY, "SAS", "given-token")):
        for text in ("[1]", "{", "no json and no token", '{"client_email": 7}'):
            monkeypatch.setenv(name, text)
            entry = verification(deployed(config(way)))["datasources"]["INPUT"]
            assert entry["identity"].endswith(identity)


def test_a_program_that_forgets_half_of_it_is_told() -> None:
    record()
    half: Any = {"store": None, "path": "in/", "purpose": Purpose.INPUT, "access": "delegated", "role_arn": ROLE}
    missing = r"x has 2 problems:\n  external_id: got nothing, expected it with access: delegated\n  store: .*S3Bucket"
    with pytest.raises(pulumi.RunError, match=missing):
        AdoptedAccess("x", half)
    half["access"] = "mount"
    with pytest.raises(pulumi.RunError, match="access: got 'mount', expected one of delegated, user, sas"):
        AdoptedAccess("x", half)


def test_a_token_is_taken_out_of_the_url_that_the_portal_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAS", f"https://acmephotos.blob.core.windows.net/lake?{SECRETS['SAS']}")
    recording = deployed(config(SAS_WAY))
    assert recording.found["lightly:index:Datasource"]["cows-input"]["sasToken"]["value"] == SECRETS["SAS"]
    probe = verification(recording)["credentials"]
    assert SECRETS["SAS"] in json.dumps(probe)
    assert "https://acmephotos.blob.core.windows.net/lake?" not in json.dumps(probe)


@pytest.mark.parametrize(("days", "word"), [(-1, "has ended"), (3, "ends"), (200, None)])
def test_a_deployment_warns_of_the_end_of_what_somebody_else_made(
    monkeypatch: pytest.MonkeyPatch, days: int, word: str | None
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    end = (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%MZ")
    monkeypatch.setenv("SAS", SECRETS["SAS"].replace("2027-01-20T00:00:00Z", end))
    deployed(config(SAS_WAY))
    assert [f"{word} at {end}" in text and "the-signature" not in text for text in said] == ([True] if word else [])
