"""What stands in a bundle, for every kind of store."""

import json
import re
import shlex
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.handoff.bundle import Bundle, bundle
from lightly_access.handoff.request import NothingToHandOffError
from lightly_access.kinds.gcs.names import project_of_email, service_account_id
from lightly_access.kinds.s3.placeholders import EXTERNAL_ID_OF_BUNDLE as EXTERNAL_ID
from lightly_access.manifest import Manifest
from lightly_access.manifest.written_lines import flow, scalar

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


def test_what_the_deployment_makes_a_key_for_is_left_out_and_the_rest_is_asked_for() -> None:
    bundle = made({"stores.results.kms_key": "create"})
    (why,) = bundle.left_out
    assert "farm-animals.lightly: " in why
    assert "\nhint: leave this one to `pulumi up`" in why
    assert "input-grant.json" in bundle.files
    assert not [file for file in bundle.files if file.startswith("lightly")]
    assert "LIGHTLY is not asked of you" in bundle.files["README.md"]


def test_where_nothing_can_be_asked_for_that_is_said() -> None:
    both = {"stores.results.kms_key": "create", "stores.lake.create": True, "stores.lake.kms_key": "create"}
    with pytest.raises(NothingToHandOffError, match=r"farm-animals\.input: (?s:.*)farm-animals\.lightly: "):
        made(both)


@given(_paths)
def test_whatever_a_path_holds_the_manifests_lines_are_read_back_as_they_are(path: str) -> None:
    changes: dict[str, object] = {"datasets.farm-animals.input.path": path}
    checked = Manifest.check(spoiled(changes)).manifest
    if checked is None:
        return
    page = made(changes).files["README.md"]
    lines = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])
    assert lines["farm-animals"]["input"]["path"] == checked.datasets["farm-animals"].input.path


@given(st.text(max_size=30))
def test_a_text_is_written_so_that_yaml_reads_the_text(text: str) -> None:
    written = flow({"a": text, "b": "x"})
    assert yaml.safe_load(written) == {"a": text, "b": "x"}
    assert "\n" not in written


@pytest.mark.parametrize("text", ["1e3", "0_7", "2024_10_31", "2024-01-01", "yes", "No", "~", "", "a, b", "a: b", "#a"])
def test_a_text_that_some_yaml_reads_as_something_else_is_quoted(text: str) -> None:
    assert scalar(text) == f'"{text}"'


@pytest.mark.parametrize(("project", "host"), [("acme-ml", "acme-ml"), ("example.com:acme-ml", "acme-ml.example.com")])
def test_the_address_of_a_service_account_is_that_of_its_project(project: str, host: str) -> None:
    google = {"kind": "gcs", "bucket": "acme-frames", "project": project}
    source = {"store": "frames", "path": "cows/", "access": "service_account"}
    script = made({"stores.frames": google, "datasets.farm-animals.input": source}).files["google.sh"]
    emails = re.findall(r"[\w.-]+@[\w.:-]+", script)
    assert len(emails) == 2
    assert {email.partition("@")[2] for email in emails} == {f"{host}.iam.gserviceaccount.com"}
    assert {project_of_email(email) for email in emails} == {project}


@pytest.mark.parametrize("bsd", [False, True])
def test_the_times_of_a_token_are_made_by_the_date_of_linux_and_of_macos(bsd: bool) -> None:
    azure = {"kind": "azure", "account": "acmephotos", "container": "photos", "resource_group": "acme"}
    source = {"store": "photos", "path": "cows/", "access": "sas"}
    script = made({"stores.photos": azure, "datasets.farm-animals.input": source})
    function = script.files["azure.sh"].partition("from_now() {")[2].partition("}")[0]
    fake = 'date() { [ "${2:-}" = -d ] && return 1; [ "${2:-}" = -r ] && set -- -u -d "@$3" "$4"; command date "$@"; }'
    asked = "\n".join((*((fake,) if bsd else ()), f"from_now() {{{function}}}", "from_now 86400"))
    shell = [str(shutil.which("bash")), "-euo", "pipefail", "-c", asked]
    ran = subprocess.run(shell, capture_output=True, text=True, check=True)
    ends = datetime.strptime(ran.stdout.strip(), "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    assert timedelta(hours=23) < ends - datetime.now(UTC) <= timedelta(hours=24)


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
        item.startswith(
            ("#", "az", "gcloud", "START", "EXPIRY", "set ", "umask", "cd ", "mkdir", "from_now", "  ", "}")
        )
        for item in script.splitlines()
        if item
    )


def test_the_example_is_good() -> None:
    assert Manifest.check(GOOD).manifest is not None
