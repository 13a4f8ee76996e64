import base64
import json
from typing import Any

from lightly_core import pulumi_struct
from lightly_core.secret import Secret
from lightly_sandbox.credential_clients import registered
from lightly_sandbox.credential_log import Credential, CredentialLog

SECRET = {pulumi_struct.SIGNATURE: pulumi_struct.SECRET, "plaintext": '"the-secret"'}


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": 3,
        "deployment": {"resources": [{"urn": "urn:pulumi:x", "type": "pulumi:pulumi:Stack"}, *resources]},
    }


DATASET = {"type": "lightly:index:Dataset", "id": "d1", "outputs": {"name": "farm"}}
KEY = {"type": "aws:iam/accessKey:AccessKey", "id": "AKIAOLD", "outputs": {"user": "farm-user", "secret": SECRET}}


def datasource(**inputs: Any) -> dict[str, Any]:
    shared = {"datasetId": "d1", "purpose": "INPUT", "path": "s3://acme/herd/"}
    return {"type": "lightly:index:Datasource", "id": "d1/INPUT", "inputs": {**shared, **inputs}}


def test_a_role_is_known_by_its_arn_and_its_external_id() -> None:
    (found,) = registered(state(DATASET, datasource(access="delegated", roleArn="arn:role", externalId=SECRET)))
    assert (found.kind, found.dataset, found.identity, found.bucket, found.prefix) == (
        "role", "farm", "arn:role", "acme", "herd/"
    )  # fmt: skip
    assert found.secret.reveal() == "the-secret"
    assert "the-secret" not in repr(found) + str(found)


def test_an_external_key_is_its_owners_and_an_issued_one_is_ours() -> None:
    given, issued = (
        registered(state(DATASET, datasource(access=access, accessKeyId="AKIA", secretAccessKey=SECRET, **more)))[0]
        for access, more in (("key", {"given": True}), ("user", {}))
    )
    assert (given.kind, given.ours, given.bucket) == ("external key", False, "acme")
    assert (issued.kind, issued.ours) == ("access key", True)


def test_a_key_that_waits_for_its_end_is_found_beside_the_registered_one() -> None:
    new = datasource(access="user", accessKeyId="AKIANEW", secretAccessKey=SECRET)
    assert [entry.identity for entry in registered(state(DATASET, new, KEY))] == ["AKIANEW", "AKIAOLD"]


TOKEN = "sv=2022-11-02&spr=https&si=lightly-a&sr=c&sig=c2ln"
KEY_FILE = {"client_email": "herd@acme-ml.iam.gserviceaccount.com", "private_key_id": "0123456789abcdef"}


def envelope(plain: str) -> dict[str, str]:
    return {**SECRET, "plaintext": json.dumps(plain)}


def test_a_sas_is_known_by_its_account_container_and_policy() -> None:
    path = "azure://acme/photos/herd/"
    (found,) = registered(state(DATASET, datasource(access="sas", path=path, sasToken=envelope(TOKEN))))
    assert (found.kind, found.identity) == ("SAS token", "acme/photos/lightly-a")
    assert (found.bucket, found.prefix, found.ours) == ("acme", "photos/herd/", True)
    assert found.secret.reveal() == TOKEN


def test_a_sas_that_waits_for_its_end_is_found_beside_the_registered_one() -> None:
    made = {"accountName": "acme", "container": "photos", "directory": "herd/", "purpose": "INPUT"}
    old = {
        "type": "lightly:index:AzureSas", "id": "acme/photos/lightly-b", "urn": "urn:pulumi:x::herd-input-sas",
        "outputs": {**made, "sasToken": envelope(TOKEN.replace("lightly-a", "lightly-b"))},
    }  # fmt: skip
    new = datasource(access="sas", path="azure://acme/photos/herd/", sasToken=envelope(TOKEN))
    found = registered(state(DATASET, new, old))
    assert [entry.identity for entry in found] == ["acme/photos/lightly-a", "acme/photos/lightly-b"]
    assert found[1].path == "azure://acme/photos/herd/"


def test_keys_of_one_service_account_are_told_apart_by_the_keys_id() -> None:
    text = json.dumps(KEY_FILE)
    old = {
        "type": "gcp:serviceaccount/key:Key", "id": "keys/1",
        "outputs": {"privateKey": envelope(base64.b64encode(text.encode()).decode())},
    }  # fmt: skip
    new = json.dumps({**KEY_FILE, "private_key_id": "fedcba9876543210"})
    source = datasource(access="service_account", path="gs://acme/herd/", credentials=envelope(new))
    assert [entry.identity for entry in registered(state(DATASET, source, old))] == [
        "herd@acme-ml.iam.gserviceaccount.com, key fedcba98",
        "herd@acme-ml.iam.gserviceaccount.com, key 01234567",
    ]


def test_a_mount_is_no_credential() -> None:
    assert registered(state(DATASET, datasource(access="mount", path="local://input_mount/herd/"))) == []


def test_the_ledger_keeps_each_credential_once_and_knows_the_current_one() -> None:
    first, second = (Credential("access key", "farm", "INPUT", "", name, Secret("s")) for name in ("A", "B"))
    credential_log = CredentialLog()
    credential_log.note(first, second, first)
    assert list(credential_log.credentials.values()) == [first, second]
    assert credential_log.current("farm", "INPUT") == second


def test_a_key_that_is_registered_later_than_it_was_made_is_known_by_its_datasource_then() -> None:
    made = Credential("access key", "farm-user", "INPUT", "s3://acme/herd/", "B", Secret("s"), registered=False)
    first, later = (
        Credential("access key", "farm", "INPUT", "s3://acme/herd/", entry, Secret("s")) for entry in ("A", "B")
    )
    credential_log = CredentialLog()
    credential_log.note(first, made)
    assert credential_log.current("farm", "INPUT") == first
    credential_log.note(later, made)
    assert credential_log.current("farm", "INPUT") == later
    assert len(credential_log.credentials) == 2
