"""A stack with every feature of AWS, deployed, changed, mended and destroyed by a user who has one policy.

`python -m tests.lightly_sandbox.least_deployer` takes every action out of the policy, one at a time, and says at
which step the deployer then fails: the whole matrix takes minutes, so the tests run a part of it.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lightly_access.kinds.s3.deployer_policy import aws_deployment
from lightly_access.manifest import Manifest
from lightly_cli.main import app
from lightly_core.secret import Secret
from lightly_policies.deployer import aws_deployer, managed_policies
from lightly_sandbox.deployer import Deployer
from lightly_sandbox.kinds.s3.client import Aws, account, make_bucket
from lightly_sandbox.sandbox import REGION, Sandbox
from lightly_sandbox.start import start_sandbox
from typer.testing import CliRunner

from tests.deploying import STACK, deployer
from tests.lightly_sandbox.granted import Asked
from tests.lightly_sandbox.matrix import matrix
from tests.stacks.changed.deployment import environment

PREFIX = f"lightly-access-{STACK}-"
CUSTOMER = "123456789012"
LAKE, VAULT, RESULTS, FOOTAGE = "acme-lake", "acme-vault", "acme-results", "acme-footage"
_TAGS = {"team": "vision", "stage": "trial"}
_VERSIONED: Any = {"Status": "Enabled"}


@dataclass
class Farm:
    """The stack, its deployer, and the administrator of the account, who does what owners and strangers do."""

    sandbox: Sandbox
    folder: Path
    login: str = "deployer"
    existing_key: str = ""
    boundary: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=lambda: dict(_TAGS))
    rotate_now: str = "first"

    def __post_init__(self) -> None:
        s3, iam = self.admin.s3, self.admin.iam
        self.existing_key = self.kms(self.admin).create_key()["KeyMetadata"]["Arn"]
        for bucket in (LAKE, VAULT):
            make_bucket(s3, bucket)
            s3.put_object(Bucket=bucket, Key="data/image.png", Body=b"x")
        s3.put_bucket_versioning(Bucket=VAULT, VersioningConfiguration=_VERSIONED)
        by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.existing_key}
        rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": by_default}]}
        s3.put_bucket_encryption(Bucket=VAULT, ServerSideEncryptionConfiguration=rules)
        allowed = {"Effect": "Allow", "Action": ["s3:*", "kms:*"], "Resource": "*"}
        bounds = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        self.boundary = iam.create_policy(PolicyName="bounds", PolicyDocument=bounds)["Policy"]["Arn"]
        self._log_in(self.policy())

    def _log_in(self, policy: str) -> None:
        """A new user, with this policy."""
        self.admin.iam.create_user(UserName=self.login)
        self.allow(policy)
        made = self.admin.iam.create_access_key(UserName=self.login)["AccessKey"]
        self.keys = {"aws:accessKey": made["AccessKeyId"], "aws:secretKey": made["SecretAccessKey"]}

    @property
    def admin(self) -> Aws:
        """The administrator."""
        return account(self.sandbox, "customer")

    @property
    def myself(self) -> Aws:
        """The deployer."""
        return Aws(self.sandbox, self.keys["aws:accessKey"], Secret(self.keys["aws:secretKey"]))

    def kms(self, who: Aws) -> Any:
        """Somebody's KMS."""
        return who.client("kms")

    def manifest(self) -> dict[str, Any]:
        """Every feature: adopted and made buckets, given and made keys, versions, roles, users, boundaries, tags."""
        made: dict[str, Any] = {"kind": "s3", "region": REGION, "create": True}
        bound = {"permissions_boundary": self.boundary}
        mine = {"access": "user", **bound}
        role = {"access": "delegated", **bound}
        return {
            "lightly-access:stores": {
                "lake": {"kind": "s3", "region": REGION, "bucket": LAKE},
                "vault": {"kind": "s3", "region": REGION, "bucket": VAULT, "kms_key": self.existing_key},
                "results": {**made, "bucket": RESULTS, "kms_key": "create", "force_destroy": True},
                "footage": {**made, "bucket": FOOTAGE, "versioning": True, "noncurrent_days": 30},
            },
            "lightly-access:datasets": {
                "cows": {
                    "type": "images",
                    "input": {"store": "lake", "path": "data/", **role},
                    "lightly": {"store": "results", "path": "cows/", **role},
                },
                "dashcam": {
                    "type": "videos",
                    "input": {"store": "footage", "path": "videos/", **mine},
                    "lightly": {"store": "footage", "path": "out/", **mine, "rotate_now": self.rotate_now},
                },
                "goats": {
                    "type": "images",
                    "input": {"store": "vault", "path": "data/", **role},
                    "lightly": {"store": "vault", "path": "goats/", **mine},
                },
                "hens": {
                    "type": "images",
                    "input": {"store": "lake", "path": "data/", **role},
                    "lightly": {"store": "lake", "path": "hens/", **role},
                },
            },
            "lightly-access:tags": self.tags,
            "lightly-access:verify": {"deadline": 10, "confirmations": 1},
        }

    def policy(self, *, read_only: bool = False) -> str:
        """What the manifest's deployer is said to need, without what was not shown."""
        manifest = Manifest.parse(self.manifest())
        deployment = aws_deployment(manifest, project="lightly-access", stack=STACK, account=CUSTOMER)
        return aws_deployer(deployment, provider=False, read_only=read_only)

    @contextmanager
    def reader(self) -> Iterator[str]:
        """Meanwhile whoever deploys is a user who has the policy that reads, and nothing else."""
        before = self.login, self.keys
        self.login = "reader"
        policy = self.policy(read_only=True)
        self._log_in(policy)
        yield policy
        self.login, self.keys = before

    def allow(self, document: str) -> None:
        """From now on the deployer has this policy and nothing else, as managed policies: it is too long for others."""
        iam, who = self.admin.iam, self.login
        for old in iam.list_attached_user_policies(UserName=who)["AttachedPolicies"]:
            iam.detach_user_policy(UserName=who, PolicyArn=old["PolicyArn"])
            iam.delete_policy(PolicyArn=old["PolicyArn"])
        for number, part in enumerate(managed_policies(document)):
            made = iam.create_policy(PolicyName=f"{who}-{number}", PolicyDocument=part)["Policy"]
            iam.attach_user_policy(UserName=who, PolicyArn=made["Arn"])

    def asked(self, login: str = "deployer") -> Asked:
        """The permissions that the deployer's calls have needed, and the resources."""
        asked: dict[str, Asked] = self.sandbox.control(self.sandbox.aws, "GET", "/asked")
        return asked.get(f"arn:aws:iam::{CUSTOMER}:user/{login}", {})

    def stack(self) -> Deployer:
        """The stack as the deployer deploys it."""
        return deployer(self.sandbox, self.folder, {**self.manifest(), **self.keys})

    def verify(self) -> list[Any]:
        """What `lightly-access verify` says of each dataset, with the login of the last run."""
        state = self.folder / "state.json"
        state.touch(mode=0o600)
        state.write_text(json.dumps(self.stack().state(show_secrets=True)))
        with environment(self.sandbox.environment(), self.folder / "project"):
            ended = CliRunner().invoke(app, ["verify", "--state", str(state), "--json"], catch_exceptions=False)
        return list(json.loads(ended.stdout)["datasets"].values())

    def steps(self) -> Iterator[tuple[str, list[str]]]:
        """Each step of a stack's life, and the diagnostics of its failure, none for a success."""
        yield "up", self.told(lambda: self.stack().up())
        yield "again", self.told(lambda: self.stack().up(), unchanged=True)
        yield "refresh", self.told(lambda: self.stack().refresh())
        self.rotate_now = "second"
        yield "rotate", self.told(lambda: self.stack().up())
        self.tags = {"team": "herd"}
        yield "other tags", self.told(lambda: self.stack().up())
        self.break_permission()
        yield "mend", self.told(lambda: self.stack().up(refresh=True))
        self.add_objects()
        yield "destroy", self.told(lambda: self.stack().destroy())

    def told(self, verb: Callable[[], Any], *, unchanged: bool = False) -> list[str]:
        """What went wrong."""
        result = verb()
        if not result.ok:
            return list(result.diagnostics)
        return [f"changed: {result.changes}"] if unchanged and not result.unchanged else []

    def role(self) -> str:
        """A role of the stack."""
        roles = self.admin.iam.list_roles(PathPrefix="/lightly/")["Roles"]
        return next(role["RoleName"] for role in roles if "-cows-" in role["RoleName"])

    def user(self) -> str:
        """A user of the stack."""
        users = self.admin.iam.list_users(PathPrefix="/lightly/")["Users"]
        return next(
            user["UserName"] for user in users if "-dashcam-" in user["UserName"] and "-lightly-" in user["UserName"]
        )

    def break_permission(self) -> None:
        """Somebody changes, behind the deployer's back, what it takes a call of its own to mend."""
        iam, kms = self.admin.iam, self.kms(self.admin)
        role, user = self.role(), self.user()
        trust: Any = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        trust["Statement"][0]["Sid"] = "Meddled"
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
        iam.update_role(RoleName=role, MaxSessionDuration=3600)
        iam.delete_role_permissions_boundary(RoleName=role)
        iam.delete_user_permissions_boundary(UserName=user)
        (key,) = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
        iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Inactive")
        self.admin.s3.delete_object(Bucket=LAKE, Key="hens/")
        ours = self.admin.s3.get_bucket_encryption(Bucket=RESULTS)["ServerSideEncryptionConfiguration"]["Rules"][0]
        arn = ours["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
        policy = json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
        policy["Statement"][0]["Sid"] = "Meddled"
        kms.put_key_policy(KeyId=arn, PolicyName="default", Policy=json.dumps(policy))
        kms.update_key_description(KeyId=arn, Description="disturbed")
        kms.disable_key(KeyId=arn)

    def add_objects(self) -> None:
        """What is there when a stack is destroyed: results, a key that a killed run left, and what probes left."""
        self.admin.s3.put_object(Bucket=RESULTS, Key="cows/thumbnail.png", Body=b"x")
        self.admin.iam.create_access_key(UserName=self.user())


def without(action: str, document: str) -> str:
    """The policy without one action, wherever it is granted."""
    body: dict[str, Any] = json.loads(document)
    for statement in body["Statement"]:
        granted = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        statement["Action"] = [item for item in granted if item != action]
    body["Statement"] = [statement for statement in body["Statement"] if statement["Action"]]
    return json.dumps(body)


def granted(document: str) -> set[str]:
    """The actions of a policy."""
    statements: list[Mapping[str, Any]] = json.loads(document)["Statement"]
    return {
        action
        for statement in statements
        for action in (statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]])
    }


def fails_without(action: str, folder: Path) -> tuple[str, list[str]] | None:
    """The first step at which a deployer without an action fails, and what it is told; None when it does not."""
    with start_sandbox() as sandbox:
        farm = Farm(sandbox, folder)
        farm.allow(without(action, farm.policy()))
        return next(((step, told) for step, told in farm.steps() if told), None)


def main() -> None:
    """The whole matrix."""
    with tempfile.TemporaryDirectory() as folder, start_sandbox() as sandbox:
        actions = sys.argv[1:] or sorted(granted(Farm(sandbox, Path(folder)).policy()))
    matrix(actions, fails_without)


if __name__ == "__main__":
    main()
