"""A bucket that `destroy` must keep: it stays as protected as it was, with its key, and the next `up` takes it on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lightly_sandbox.deployer import Deployer
from lightly_sandbox.kinds.gcs.client import RefusedError
from lightly_sandbox.kinds.gcs.fixtures import administrator
from lightly_sandbox.kinds.s3.client import Aws, account
from lightly_sandbox.sandbox import REGION, Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import must, stack_of

BUCKET = "acme-kept"
KEY = "aws:kms/key:Key"
STORE = {
    "kind": "s3",
    "bucket": BUCKET,
    "region": REGION,
    "create": True,
    "kms_key": "create",
    "versioning": True,
    "noncurrent_days": 30,
}


class Kept:
    """The stack with one store, and the administrator of the account."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self.folder = sandbox, folder
        self.aws: Aws = account(sandbox, "customer")

    def stack(self, *, dataset: bool = False, base: dict[str, Any] = STORE, **options: object) -> Deployer:
        store = {name: value for name, value in {**base, **options}.items() if value is not None}
        first, second = ("service_account",) * 2 if base["kind"] == "gcs" else ("delegated", "user")
        source = {"store": "kept", "path": "cows/", "access": second}
        cows = {"type": "images", "input": {**source, "path": "raw/", "access": first}, "lightly": source}
        config = {
            "aws:region": REGION,
            "lightly-access:stores": {"kept": store},
            "lightly-access:datasets": {"cows": cows} if dataset else {},
            "lightly-access:verify": {"deadline": 10},
        }
        return stack_of(self.sandbox, self.folder, "kept", config)

    def protection(self) -> dict[str, Any]:
        """Everything that stands between the data and everybody else, as S3 says it."""
        s3: Any = self.aws.s3
        asked = {
            "public": s3.get_public_access_block,
            "policy": s3.get_bucket_policy,
            "ownership": s3.get_bucket_ownership_controls,
            "encryption": s3.get_bucket_encryption,
            "versioning": s3.get_bucket_versioning,
            "lifecycle": s3.get_bucket_lifecycle_configuration,
        }
        answers = {name: ask(Bucket=BUCKET) for name, ask in asked.items()}
        return {name: {k: v for k, v in said.items() if k != "ResponseMetadata"} for name, said in answers.items()}

    def policies(self) -> list[str]:
        """The documents that our roles and groups carry."""
        iam = self.aws.client("iam")
        roles = [iam.get_role_policy(RoleName=each["RoleName"], PolicyName="lightly-input")
                 for each in iam.list_roles(PathPrefix="/lightly/")["Roles"]]  # fmt: skip
        groups = [iam.get_group_policy(GroupName=each["GroupName"], PolicyName="lightly-lightly")
                  for each in iam.list_groups(PathPrefix="/lightly/")["Groups"]]  # fmt: skip
        documents = [json.dumps(each["PolicyDocument"]) for each in (*roles, *groups)]
        assert len(documents) == 2
        return documents

    def keys(self) -> list[str]:
        """The states of the account's keys."""
        kms = self.aws.client("kms")
        return [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] for key in kms.list_keys()["Keys"]]


@pytest.fixture
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    with start_sandbox(kinds=getattr(request, "param", ("s3",))) as sandbox:
        yield Kept(sandbox, tmp_path)


def test_a_bucket_with_objects_keeps_its_key_and_all_its_protection(kept: Kept) -> None:
    must(kept.stack().up())
    before = kept.protection()
    assert len(before) == 6
    s3 = kept.aws.s3
    s3.put_object(Bucket=BUCKET, Key="cows/1.png", Body=b"precious")
    outcome = kept.stack().destroy()
    assert not outcome.ok
    assert outcome.says(BUCKET)
    assert kept.protection() == before
    assert kept.keys() == ["Enabled"]
    assert s3.get_object(Bucket=BUCKET, Key="cows/1.png")["Body"].read() == b"precious"
    must(kept.stack().up())
    assert kept.protection() == before
    _give_the_key_up(kept, before)


def _give_the_key_up(kept: Kept, before: dict[str, Any]) -> None:
    """Nothing is changed by any manifest that would, nor when somebody has scheduled the deletion."""
    for forced in (False, True):
        stack = kept.stack(kms_key=None, force_destroy=forced)
        previewed, refused = stack.preview(), stack.up()
        for outcome in (previewed, refused):
            assert not outcome.ok
            assert outcome.says("KMS key arn:aws:kms:", BUCKET, "would be deleted", "`kms_key: create` as before")
    kms = kept.aws.client("kms")
    (key,) = (each["KeyId"] for each in kms.list_keys()["Keys"])
    gone_on = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)["DeletionDate"]
    refused = kept.stack().up(refresh=True)
    assert not refused.ok
    assert refused.says("waits for its deletion", f"{gone_on:%Y-%m-%d}", "cancel-key-deletion", "enable-key")
    assert kept.keys() == ["PendingDeletion"], "no other one was made"
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    refused = kept.stack().up()
    store = "urn:pulumi:kept::lightly-access::lightly-access:aws:S3Bucket::kept"
    assert refused.says(f"pulumi import aws:kms/key:Key kept-key {key} --parent store={store} --protect=false")
    must(kept.stack().adopt([{"type": KEY, "name": "kept-key", "id": key, "parent": "store"}], {"store": store}))
    must(kept.stack().up(refresh=True))
    assert (kept.keys(), kept.protection()) == (["Enabled"], before)


def test_a_key_that_nothing_needs_is_given_up(kept: Kept) -> None:
    must(kept.stack().up())
    must(kept.stack(kms_key=None).up())
    assert kept.keys() == ["PendingDeletion"]
    must(kept.stack(kms_key=None).destroy())


BARE: dict[str, Any] = {"kms_key": None, "versioning": None, "noncurrent_days": None}


@pytest.mark.parametrize("adopted", [False, True])
def test_no_key_is_given_up_that_objects_are_under_and_a_key_of_before_still_reads(kept: Kept, adopted: bool) -> None:
    """Customers' own keys, and the one that we made; the bucket ours or not; roles and users."""
    kms, s3 = kept.aws.client("kms"), kept.aws.s3
    first, second = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    more: dict[str, Any] = {**BARE, "dataset": True}
    if adopted:
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        s3.put_object(Bucket=BUCKET, Key="raw/")
        more["create"] = None
    must(kept.stack(**{**more, "kms_key": first}).up())
    sealed = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": first}
    s3.put_object(Bucket=BUCKET, Key="cows/1.png", Body=b"precious", **sealed)
    s3.put_object(Bucket=BUCKET, Key="raw/1.png", Body=b"precious", **sealed)
    for key in (second, None, "create"):
        if adopted and key == "create":
            continue
        stack = kept.stack(**{**more, "kms_key": key})
        for outcome in (stack.preview(), stack.up()):
            assert not outcome.ok
            assert outcome.says("could not be read any more", " is under it", "hint: ", "`old_kms_keys: [")
    must(kept.stack(**{**more, "kms_key": second, "old_kms_keys": [first]}).up())
    for document in kept.policies():
        assert (document.count(first), document.count(second)) == (1, 1)
    stack = kept.stack(**{**more, "kms_key": second})
    for outcome in (stack.preview(), stack.up()):
        assert outcome.says("could not be read any more", " is under it")
    sealed = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": second}
    for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]:
        s3.put_object(Bucket=BUCKET, Key=each["Key"], Body=b"precious" if each["Size"] else b"", **sealed)
    must(kept.stack(**{**more, "kms_key": second}).up())
    assert not any(first in document for document in kept.policies())


def test_a_key_that_we_made_stays_for_what_is_under_it_and_goes_when_nothing_is(kept: Kept) -> None:
    bare: dict[str, Any] = {**BARE, "dataset": True}
    must(kept.stack(**{**bare, "kms_key": "create"}).up())
    s3, kms = kept.aws.s3, kept.aws.client("kms")
    s3.put_object(Bucket=BUCKET, Key="cows/1.png", Body=b"precious")
    (made,) = (each["KeyArn"] for each in kms.list_keys()["Keys"])
    own = kms.create_key()["KeyMetadata"]["Arn"]
    must(kept.stack(**{**bare, "kms_key": own, "old_kms_keys": ["create"]}).up())
    assert kept.keys() == ["Enabled", "Enabled"]
    assert all(made in document and own in document for document in kept.policies())
    refused = kept.stack(**{**bare, "kms_key": own}).up()
    assert refused.says("would be deleted", " is under it", "`old_kms_keys: [create]`")
    assert kept.keys() == ["Enabled", "Enabled"]
    for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]:
        s3.put_object(Bucket=BUCKET, Key=each["Key"], Body=b"precious" if each["Size"] else b"")
    must(kept.stack(**{**bare, "kms_key": own}).up())
    assert kms.describe_key(KeyId=made)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert s3.get_object(Bucket=BUCKET, Key="cows/1.png")["Body"].read() == b"precious"


def test_what_our_probes_leave_in_a_bucket_with_versions_does_not_keep_it(kept: Kept) -> None:
    must(kept.stack(dataset=True).up())
    s3 = kept.aws.s3
    listed = s3.list_object_versions(Bucket=BUCKET)
    assert any("/.lightly/probe-" in marker["Key"] for marker in listed["DeleteMarkers"])
    s3.put_object(Bucket=BUCKET, Key="cows/.lightly/probe-plan.txt", Body=b"somebody's")
    s3.delete_object(Bucket=BUCKET, Key="cows/.lightly/probe-plan.txt")
    refused = kept.stack(dataset=True).destroy()
    assert not refused.ok
    assert refused.says(BUCKET, "it looks empty", "1 old version and 1 delete marker of deleted objects")
    assert refused.says("hint: ", "`force_destroy: true`")
    left = s3.list_object_versions(Bucket=BUCKET)
    theirs = [*left["Versions"], *left["DeleteMarkers"]]
    assert {each["Key"] for each in theirs} == {"cows/.lightly/probe-plan.txt"}
    assert kept.keys() == ["Enabled"]
    for each in theirs:
        s3.delete_object(Bucket=BUCKET, Key=each["Key"], VersionId=each["VersionId"])
    must(kept.stack(dataset=True).destroy())
    assert kept.keys() == ["PendingDeletion"]
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == []


def test_a_placeholder_from_before_versions_were_kept_does_not_keep_the_bucket(kept: Kept) -> None:
    before: dict[str, Any] = {"versioning": None, "noncurrent_days": None, "kms_key": None}
    must(kept.stack(dataset=True, **before).up())
    must(kept.stack(dataset=True, kms_key=None).up())
    must(kept.stack(dataset=True, kms_key=None).destroy())
    assert kept.aws.s3.list_buckets()["Buckets"] == []


FRAMES: dict[str, Any] = {
    "kind": "gcs",
    "bucket": BUCKET,
    "project": "acme-ml-production",
    "location": "europe-west3",
    "create": True,
    "versioning": True,
}


@pytest.mark.parametrize("kept", [("s3", "gcs")], indirect=True)
def test_what_we_leave_in_a_bucket_of_google_with_versions_does_not_keep_it(kept: Kept) -> None:
    project = kept.sandbox.services["gcs"].announcement["project"]
    stack = kept.stack(dataset=True, base=FRAMES, project=project)
    must(stack.up())
    with administrator(kept.sandbox) as google:

        def left() -> list[str]:
            return [each["name"] for each in google.ask("GET", f"/storage/v1/b/{BUCKET}/o", versions="true")["items"]]

        assert any("/.lightly/probe-" in name for name in left())
        for content in (b"somebody's", b"and again"):
            google.write(BUCKET, "cows/.lightly/probe-plan.txt", content)
        google.delete(BUCKET, "cows/.lightly/probe-plan.txt")
        refused = stack.destroy()
        assert not refused.ok
        assert refused.says(BUCKET, "it looks empty", "2 old versions of deleted objects", "`force_destroy: true`")
        assert left() == ["cows/.lightly/probe-plan.txt"] * 2
        listed = google.ask("GET", f"/storage/v1/b/{BUCKET}/o", versions="true")["items"]
        for each in listed:
            path = f"/storage/v1/b/{BUCKET}/o/{quote(each['name'], safe='')}"
            google.ask("DELETE", path, generation=each["generation"])
        must(stack.destroy())
        with pytest.raises(RefusedError, match="404"):
            google.ask("GET", f"/storage/v1/b/{BUCKET}")


@pytest.mark.parametrize("kept", [("s3", "gcs")], indirect=True)
def test_a_role_of_google_that_somebody_deleted_is_named_and_what_is_said_brings_it_back(kept: Kept) -> None:
    project = kept.sandbox.services["gcs"].announcement["project"]
    stack = kept.stack(dataset=True, base=FRAMES, project=project)
    must(stack.up())
    resources = stack.state()["deployment"]["resources"]
    role = next(each["id"] for each in resources if each["urn"].endswith("::kept-lightly-role"))
    with administrator(kept.sandbox) as google:
        google.ask("DELETE", f"/v1/{role}")
        refused = stack.up(refresh=True)
        assert not refused.ok
        said = f"gcloud iam roles undelete {role.rpartition('/')[2]} --project {project}"
        assert refused.says(f"the custom role {role} was deleted", "hint: ", said, "within 7 days")
        google.ask("POST", f"/v1/{role}:undelete", {})
    must(stack.up(refresh=True))


LAKE: dict[str, Any] = {
    "kind": "azure",
    "account": "acmekept",
    "container": "results",
    "resource_group": "acme-kept",
    "location": "westeurope",
    "create": True,
    "create_account": True,
}


@pytest.mark.parametrize("kept", [("s3", "azure")], indirect=True)
def test_a_container_that_destroy_has_kept_is_named_with_the_ways_to_go_on_and_can_be_taken_over(kept: Kept) -> None:
    must(kept.stack(base=LAKE).up())
    must(kept.stack(base=LAKE).destroy())
    refused = kept.stack(base=LAKE).up()
    assert not refused.ok
    assert refused.says("resource group acme-kept exists already", "has kept it", "`create: false`")
    (told,) = (text for text in refused.diagnostics if "exists already" in text)
    lines = [line.split() for line in told.splitlines() if line.startswith("  pulumi import ")]
    assert [line[3] for line in lines] == ["kept-group", "kept-account", "kept-container"]
    for line in lines:
        _, _, kind, name, known, _, parent, _ = line
        store = parent.removeprefix("store=")
        must(kept.stack(base=LAKE).adopt([{"type": kind, "name": name, "id": known, "parent": "s"}], {"s": store}))
    must(kept.stack(base=LAKE).up())
    used = {name: value for name, value in LAKE.items() if name not in ("location", "create_account")}
    must(kept.stack(base=used).destroy())
    refused = kept.stack(base=used).up()
    assert refused.says("container acmekept/results exists already", "pulumi import azure-native:storage:BlobContainer")
    assert not refused.says("resource group acme-kept exists")
