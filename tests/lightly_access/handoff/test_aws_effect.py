"""What the bundle makes on AWS: its commands are run against the local AWS, its template through moto."""

import ast
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import boto3
import pytest
from lightly_access.handoff.bundle import bundle
from lightly_access.manifest import Manifest
from lightly_policies.proof_aws import prove_aws
from lightly_sandbox.process import start
from moto import mock_aws

from tests.lightly_access.handoff.owner import Login, run
from tests.lightly_access.manifest.example import GOOD
from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION, Aws, Keys, attempt

BUNDLE = {name: bundle(Manifest.parse(GOOD), name, project="p", stack="s") for name in ("farm-animals", "dashcam")}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """The local AWS with the two buckets of the example."""
    log = tmp_path_factory.mktemp("aws") / "log.txt"
    with start("lightly_sandbox.kinds.s3.emulator", {"region": REGION}, log).wait() as server:
        aws = Aws(server.url, dict(server.announcement["accounts"]))
        for bucket in ("acme-datalake", "acme-lightly"):
            aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield aws


def applied(aws: Aws, name: str, folder: Path) -> str:
    """Run the bundle's commands as the owner of the account would; what they print."""
    admin = aws.admin()
    return run(BUNDLE[name].files, folder, Login(str(aws.endpoint), admin.id, admin.secret))


def test_lightly_gets_in_with_the_role_that_the_commands_made_and_nobody_else(aws: Aws, tmp_path: Path) -> None:
    printed = applied(aws, "farm-animals", tmp_path).split()
    external_ids = {side: (tmp_path / f"secrets/{side}-external-id.txt").read_text() for side in ("input", "lightly")}
    roles = {
        side: next(item for item in printed if f"-{side}-" in item and item.startswith("arn:")) for side in external_ids
    }
    lightly, stranger = aws.admin("lightly"), aws.admin("stranger")
    for side, role in roles.items():
        wanted = {"ExternalId": external_ids[side], "DurationSeconds": 43200}
        assert attempt(partial(aws.assume, lightly, role)) == "AccessDenied"
        assert attempt(partial(aws.assume, stranger, role, **wanted)) == "AccessDenied"
    session = aws.assume(lightly, roles["input"], ExternalId=external_ids["input"], DurationSeconds=43200)
    s3 = aws.client("s3", session)
    inside = "projects/farm-animals/"
    assert attempt(lambda: s3.list_objects_v2(Bucket="acme-datalake", Prefix=inside)) == "allowed"
    assert attempt(lambda: s3.list_objects_v2(Bucket="acme-datalake")) == "AccessDenied"
    assert attempt(lambda: s3.put_object(Bucket="acme-datalake", Key=f"{inside}x", Body=b"x")) == "AccessDenied"
    session = aws.assume(lightly, roles["lightly"], ExternalId=external_ids["lightly"], DurationSeconds=43200)
    s3 = aws.client("s3", session)
    assert attempt(lambda: s3.put_object(Bucket="acme-lightly", Key="farm-animals/x", Body=b"x")) == "allowed"
    assert attempt(lambda: s3.put_object(Bucket="acme-lightly", Key="beside/x", Body=b"x")) == "AccessDenied"


def test_the_key_that_the_commands_made_works_in_its_path_and_is_readable_by_its_owner_only(
    aws: Aws, tmp_path: Path
) -> None:
    applied(aws, "dashcam", tmp_path)
    file = tmp_path / "secrets/input-access-key.txt"
    assert file.stat().st_mode & 0o077 == 0
    s3 = aws.client("s3", Keys(*file.read_text().split()))
    assert attempt(lambda: s3.list_objects_v2(Bucket="acme-lightly", Prefix="dashcam/")) == "allowed"
    assert attempt(lambda: s3.put_object(Bucket="acme-lightly", Key="dashcam/x", Body=b"x")) == "AccessDenied"
    assert attempt(lambda: s3.list_objects_v2(Bucket="acme-lightly", Prefix="lightly/")) == "AccessDenied"


def test_the_template_makes_roles_that_are_least_privilege() -> None:
    files = BUNDLE["farm-animals"].files
    with mock_aws():
        cloud = boto3.client("cloudformation", region_name=REGION)
        cloud.create_stack(
            StackName="lightly",
            TemplateBody=files["cloudformation.json"],
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": "InputExternalId", "ParameterValue": "in-0123456789"},
                {"ParameterKey": "LightlyExternalId", "ParameterValue": "li-0123456789"},
            ],
        )
        outputs = cloud.describe_stacks(StackName="lightly")["Stacks"][0]["Outputs"]
        iam = boto3.client("iam", region_name=REGION)
        for side, bucket, path in (
            ("Input", "acme-datalake", "projects/farm-animals/"),
            ("Lightly", "acme-lightly", "farm-animals/"),
        ):
            arn = next(output["OutputValue"] for output in outputs if output["OutputKey"] == f"{side}RoleArn")
            role = iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]
            assert role["MaxSessionDuration"] == 43200
            grant = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=f"lightly-{side.lower()}")
            proof = prove_aws(
                side.upper(),
                bucket,
                path,
                grant=_document(grant["PolicyDocument"]),
                region=REGION,
                trust=_document(role["AssumeRolePolicyDocument"]),
                external_id=f"{side[:2].lower()}-0123456789",
            )
            assert proof.unexpected == ()


def _document(answer: object) -> str:
    """moto gives a policy that came by CloudFormation back as Python writes it."""
    return json.dumps(ast.literal_eval(answer) if isinstance(answer, str) else answer)
