"""The local AWS before a check that is not ours: HashiCorp's provider for Terraform, which Pulumi's own is built on.

What the components make is applied, planned again without a change, drifted from, imported and destroyed. The provider
reads back all that it writes and waits for what AWS takes a while to do, so an emulator that forgets, adds or words
anything otherwise is found out. Left out: lifecycle rules, for which the provider waits a minute whatever it reads.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION, Aws, allow, policy, statement, trust

MIRRORS = ("~/.terraform.d/plugins", "/usr/local/share/terraform/plugins", "/opt/*")
BUCKET, ARN = "acme-lake", "arn:aws:s3:::acme-lake"
ID = "${aws_s3_bucket.it.id}"
IMPORTS = {
    "aws_s3_bucket": BUCKET,
    "aws_s3_bucket_ownership_controls": BUCKET,
    "aws_s3_bucket_policy": BUCKET,
    "aws_s3_bucket_public_access_block": BUCKET,
    "aws_s3_bucket_server_side_encryption_configuration": BUCKET,
    "aws_s3_bucket_versioning": BUCKET,
    "aws_iam_group": "herd",
    "aws_iam_group_policy": "herd:herd",
    "aws_iam_policy": "arn:aws:iam::123456789012:policy/lightly/herd",
    "aws_iam_role": "herd",
    "aws_iam_role_policy": "herd:herd",
    "aws_iam_role_policy_attachment": "herd/arn:aws:iam::123456789012:policy/lightly/herd",
    "aws_iam_user": "herd",
    "aws_iam_user_group_membership": "herd/herd",
    "aws_iam_user_policy": "herd:herd",
    "aws_kms_alias": "alias/herd",
}
"""Type -> how it is named to an import; beside these are an access key, a KMS key and an object."""
WISHES = {"aws_s3_bucket", "aws_iam_user", "aws_kms_key", "aws_kms_alias"}
"""Types with an input about their own end, which no cloud knows, so that an import is followed by an update of it."""


def resources() -> dict[str, Any]:
    """What the components make, by Terraform's names; each type once, under the name `it`."""
    trusting = trust({"AWS": "arn:aws:iam::916419735646:root"}, StringEquals={"sts:ExternalId": "the-external-id"})
    tls = statement(
        "Deny", "s3:*", [ARN, f"{ARN}/*"], Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}
    )
    blocked = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    key = {"sse_algorithm": "aws:kms", "kms_master_key_id": "${aws_kms_key.it.arn}"}
    made: dict[str, dict[str, Any]] = {
        "aws_s3_bucket": {"bucket": BUCKET, "force_destroy": True, "tags": {"team": "herd"}},
        "aws_s3_bucket_ownership_controls": {"bucket": ID, "rule": {"object_ownership": "BucketOwnerEnforced"}},
        "aws_s3_bucket_policy": {"bucket": ID, "policy": policy(tls)},
        "aws_s3_bucket_public_access_block": {"bucket": ID, **dict.fromkeys(blocked, True)},
        "aws_s3_bucket_server_side_encryption_configuration": {
            "bucket": ID,
            "rule": {"bucket_key_enabled": True, "apply_server_side_encryption_by_default": key},
        },
        "aws_s3_bucket_versioning": {"bucket": ID, "versioning_configuration": {"status": "Enabled"}},
        "aws_s3_object": {"bucket": ID, "key": "projects/", "content": ""},
        "aws_kms_key": {"description": "of the herd", "enable_key_rotation": True, "tags": {"team": "herd"}},
        "aws_kms_alias": {"name": "alias/herd", "target_key_id": "${aws_kms_key.it.key_id}"},
        "aws_iam_policy": {"name": "herd", "path": "/lightly/", "policy": allow("s3:GetObject", f"{ARN}/*")},
        "aws_iam_role": {
            "name": "herd",
            "path": "/lightly/",
            "max_session_duration": 43200,
            "assume_role_policy": trusting,
            "tags": {"team": "herd"},
        },
        "aws_iam_role_policy": {
            "name": "herd",
            "role": "${aws_iam_role.it.name}",
            "policy": allow("s3:ListBucket", ARN),
        },
        "aws_iam_role_policy_attachment": {"role": "${aws_iam_role.it.name}", "policy_arn": "${aws_iam_policy.it.arn}"},
        "aws_iam_user": {"name": "herd", "path": "/lightly/", "force_destroy": True, "tags": {"team": "herd"}},
        "aws_iam_user_policy": {
            "name": "herd",
            "user": "${aws_iam_user.it.name}",
            "policy": allow("s3:GetObject", f"{ARN}/*"),
        },
        "aws_iam_access_key": {"user": "${aws_iam_user.it.name}"},
        "aws_iam_group": {"name": "herd", "path": "/lightly/"},
        "aws_iam_group_policy": {
            "name": "herd",
            "group": "${aws_iam_group.it.name}",
            "policy": allow("s3:ListBucket", ARN),
        },
        "aws_iam_user_group_membership": {"user": "${aws_iam_user.it.name}", "groups": ["${aws_iam_group.it.name}"]},
    }
    return {kind: {"it": settings} for kind, settings in made.items()}


@dataclass
class Terraform:
    """Terraform in a folder of its own, with the provider and the credentials of the customer's administrator."""

    folder: Path
    mirror: Path
    aws: Aws

    def write(self, name: str, **parts: Any) -> "Terraform":
        """Another folder, with this configuration."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "terraformrc").write_text(
            f'provider_installation {{ filesystem_mirror {{ path = "{self.mirror}" }} }}'
        )
        (folder / "main.tf.json").write_text(json.dumps({**self._provider(), **parts}))
        there = Terraform(folder, self.mirror, self.aws)
        there.run("init", "-input=false")
        return there

    def _provider(self) -> dict[str, Any]:
        administrator = self.aws.admin()
        settings = {
            "region": REGION,
            "access_key": administrator.id,
            "secret_key": administrator.secret,
            "s3_use_path_style": True,
            "skip_metadata_api_check": True,
            "endpoints": [dict.fromkeys(("iam", "kms", "s3", "sts"), self.aws.endpoint)],
        }
        return {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
            "provider": {"aws": settings},
        }

    def run(self, command: str, *options: str) -> str:
        """What a command that succeeds says."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "CHECKPOINT_DISABLE": "1"}
        done = subprocess.run(
            ["terraform", command, "-no-color", *options],
            cwd=self.folder,
            env={**environment, "TF_CLI_CONFIG_FILE": str(self.folder / "terraformrc")},
            capture_output=True,
            text=True,
            timeout=500,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        return done.stdout

    def changes(self, command: str, *options: str) -> tuple[dict[str, int], dict[str, str]]:
        """How much a plan or an apply adds, changes, removes and imports; and what it plans, by type."""
        lines = [json.loads(line) for line in self.run(command, "-json", "-input=false", *options).splitlines()]
        planned = {
            line["change"]["resource"]["resource_type"]: line["change"]["action"]
            for line in lines
            if line["type"] == "planned_change"
        }
        (*_, summary) = [line["changes"] for line in lines if line["type"] == "change_summary"]
        return {what: summary[what] for what in ("add", "change", "remove", "import")}, planned


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    """Skips where there is no Terraform, or no copy of the provider for it."""
    if not shutil.which("terraform"):
        pytest.skip("no terraform on PATH, so nobody but us checks the local AWS")
    found = [
        mirror
        for pattern in MIRRORS
        for place in [Path(pattern).expanduser()]
        for mirror in place.parent.glob(place.name)
        if [*mirror.glob("registry.terraform.io/hashicorp/aws/5.*")]
    ]
    if not found:
        pytest.skip("no mirror of providers with hashicorp/aws 5, so nobody but us checks the local AWS")
    folder = tmp_path_factory.mktemp("terraform")
    server: ServerProcess
    with start("lightly_sandbox.kinds.s3.emulator", {"region": REGION}, folder / "log.txt").wait() as server:
        yield Terraform(folder, found[0], Aws(server.url, dict(server.announcement["accounts"])))
    assert (folder / "log.txt").read_text() == ""


def disturb(aws: Aws) -> None:
    """What somebody may change behind Terraform's back."""
    s3, iam, kms = aws.client("s3"), aws.client("iam"), aws.client("kms")
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "team", "Value": "other"}]})
    s3.delete_public_access_block(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    s3.delete_bucket_policy(Bucket=BUCKET)
    iam.update_role(RoleName="herd", MaxSessionDuration=3600)
    iam.put_role_policy(RoleName="herd", PolicyName="herd", PolicyDocument=allow("s3:*"))
    iam.delete_user_policy(UserName="herd", PolicyName="herd")
    iam.remove_user_from_group(GroupName="herd", UserName="herd")
    (alias,) = [known for known in kms.list_aliases()["Aliases"] if known["AliasName"] == "alias/herd"]
    kms.disable_key_rotation(KeyId=alias["TargetKeyId"])


def test_hashicorps_provider_is_content_with_the_local_aws(terraform: Terraform) -> None:
    nothing = {"add": 0, "change": 0, "remove": 0, "import": 0}
    everything = resources()
    mine = terraform.write("mine", resource=everything, output={"key": {"value": "${aws_kms_key.it.key_id}"}})
    assert mine.changes("apply", "-auto-approve")[0] == {**nothing, "add": len(everything)}
    assert mine.changes("plan") == (nothing, {})

    disturb(terraform.aws)
    summary, planned = mine.changes("apply", "-auto-approve")
    assert planned == {
        "aws_s3_bucket": "update",
        "aws_s3_bucket_public_access_block": "create",
        "aws_s3_bucket_versioning": "update",
        "aws_s3_bucket_policy": "create",
        "aws_iam_role": "update",
        "aws_iam_role_policy": "update",
        "aws_iam_user_policy": "create",
        "aws_iam_user_group_membership": "update",
        "aws_kms_key": "update",
    }
    assert summary == {**nothing, "add": 3, "change": 6}

    outputs = json.loads(mine.run("output", "-json"))
    imported = {**IMPORTS, "aws_kms_key": outputs["key"]["value"]}
    theirs = terraform.write(
        "theirs",
        resource={kind: everything[kind] for kind in imported},
        **{"import": [{"to": f"{kind}.it", "id": its} for kind, its in imported.items()]},
    )
    summary, planned = theirs.changes("plan")
    assert summary == {**nothing, "import": len(imported), "change": summary["change"]}
    assert {kind for kind, action in planned.items() if action != "import"} <= WISHES

    assert mine.changes("destroy", "-auto-approve")[0] == {**nothing, "remove": len(everything)}
    assert terraform.aws.client("s3").list_buckets()["Buckets"] == []
    assert terraform.aws.client("iam").list_users(PathPrefix="/lightly/")["Users"] == []
