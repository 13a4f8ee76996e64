"""What stands in a bundle, for every kind of store."""

import json
import shlex
import shutil
import subprocess

import pytest
from hypothesis import given
from lightly_access.handoff.bundle import Bundle, bundle
from lightly_access.handoff.request import NothingToHandOffError
from lightly_access.kinds.gcs.names import service_account_id
from lightly_access.kinds.s3.placeholders import EXTERNAL_ID_OF_BUNDLE as EXTERNAL_ID
from lightly_access.manifest import Manifest

from tests.lightly_access.manifest.example import GOOD, KEY, _paths, spoiled


def made(changes: dict[str, object] | None = None, name: str = "farm-animals") -> Bundle:
    return bundle(Manifest.parse(spoiled(changes or {})), name, project="p", stack="s")


def test_the_files_for_roles_are_documents_a_template_commands_and_a_page() -> None:
    assert set(made().files) == {
        "README.md",
        "aws.sh",
        "cloudformation.json",
        "input-grant.json",
        "input-merge-bucket-policy.json",
        "input-trust.json",
        "lightly-grant.json",
        "lightly-trust.json",
    }


def test_no_external_id_is_in_a_bundle_only_the_place_for_it() -> None:
    trust = json.loads(made().files["input-trust.json"])
    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}}
    assert EXTERNAL_ID not in made().files["cloudformation.json"]


def test_azure_is_asked_for_stored_policies_and_tokens_bound_to_them() -> None:
    azure = {"kind": "azure", "account": "acmephotos", "container": "photos", "resource_group": "acme"}
    source = {"store": "photos", "path": "cows/", "access": "sas"}
    files = made({"stores.photos": azure, "datasets.farm-animals.input": source}).files
    assert "--permissions rl " in files["azure.sh"]
    assert "--https-only" in files["azure.sh"]
    assert "fs directory generate-sas" not in files["azure.sh"]
    deep = made({"stores.photos": azure | {"hierarchical": True}, "datasets.farm-animals.input": source}).files
    assert "--name cows \\" in deep["azure.sh"]


def test_google_is_asked_for_an_account_a_role_and_a_conditional_binding() -> None:
    google = {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"}
    source = {"store": "frames", "path": "cows/", "access": "service_account"}
    files = made({"stores.frames": google, "datasets.farm-animals.input": source}).files
    assert json.loads(files["input-role.json"])["includedPermissions"] == [
        "storage.objects.get",
        "storage.objects.list",
    ]
    assert "objects/cows/" in json.loads(files["input-condition.json"])["expression"]
    assert "--condition-from-file input-condition.json" in files["google.sh"]


def test_a_service_account_is_named_as_the_deployment_would_and_as_google_takes_it() -> None:
    google = {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"}
    source = {"store": "frames", "path": "cows/", "access": "service_account"}
    config = spoiled({"stores.frames": google, "datasets.farm-animals.input": source})
    script = bundle(Manifest.parse(config), "farm-animals", project="3d-scans", stack="s").files["google.sh"]
    named = service_account_id("3d-scans", "s", "farm-animals", "INPUT")
    assert f"service-accounts create {named} " in script
    assert named[0].isalpha()


def test_a_key_that_is_made_by_the_deployment_has_no_arn_to_ask_for() -> None:
    with pytest.raises(NothingToHandOffError, match=r"farm-animals\.lightly: (?s:.*)hint: make the store first"):
        made({"stores.results.kms_key": "create"})


def test_a_given_kms_key_is_in_the_grant() -> None:
    assert KEY in made({"stores.results.kms_key": KEY}).files["lightly-grant.json"]


def test_for_a_bucket_and_key_that_exist_there_are_statements_to_merge() -> None:
    files = made({"stores.lake.kms_key": KEY}).files
    assert not [file for file in files if file.startswith("lightly-merge")], "that bucket is ours to make"
    for what, action, resource in (
        ("bucket", "s3:ListBucket", "arn:aws:s3:::acme-datalake"),
        ("key", "kms:Decrypt", "*"),
    ):
        file = f"input-merge-{what}-policy.json"
        statement = json.loads(files[file])["Statement"][0]
        assert (statement["Action"], statement["Resource"]) == (action, resource)
        assert statement["Principal"]["AWS"].startswith("arn:aws:iam::ACCOUNT-ID:role/lightly/")
        assert f"- `{file}`: statements for the" in files["README.md"]
    assert "a Deny wins over every Allow" in files["README.md"]
    assert "a Deny wins" not in made({"stores.lake.create": True}).files["README.md"]


@pytest.mark.parametrize("name", ["farm-animals", "dashcam"])
def test_the_commands_are_a_good_shell_script(name: str) -> None:
    shell = shutil.which("bash")
    assert shell
    checked = subprocess.run(
        [shell, "-n"], input=made(name=name).files["aws.sh"], text=True, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


@given(_paths)
def test_whatever_a_path_holds_the_shell_reads_it_as_one_word(path: str) -> None:
    azure = {"kind": "azure", "account": "acmephotos", "container": "photos", "resource_group": "acme"}
    source = {"store": "photos", "path": path, "access": "sas"}
    changes = {"stores.photos": azure | {"hierarchical": True}, "datasets.farm-animals.input": source}
    if Manifest.check(spoiled(changes)).manifest is None:
        return
    script = made(changes).files["azure.sh"].replace("\\\n", "")
    (line,) = [item for item in script.splitlines() if "fs directory" in item]
    words = shlex.split(line)
    assert words[words.index("--name") + 1] == Manifest.parse(spoiled(changes)).datasets["farm-animals"].input.path[:-1]
    assert all(
        item.startswith(("#", "az", "gcloud", "START", "EXPIRY", "set ", "umask", "cd ", "mkdir"))
        for item in script.splitlines()
        if item
    )


def test_the_example_is_good() -> None:
    assert Manifest.check(GOOD).manifest is not None
