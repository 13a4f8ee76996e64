"""The policy that a deployer is said to need is enough and not more: the local AWS tries a user who has only it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from lightly_sandbox.sandbox import REGION
from lightly_sandbox.start import start_sandbox

from tests.deploying import must
from tests.lightly_sandbox.granted import needless, ungranted
from tests.lightly_sandbox.kinds.s3.emulator.aws import allow, attempt, trust
from tests.lightly_sandbox.least_deployer import CUSTOMER, LAKE, PREFIX, RESULTS, Farm, fails_without


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    with start_sandbox() as sandbox:
        yield Farm(sandbox, tmp_path_factory.mktemp("farm"))


def test_the_half_that_reads_is_enough_to_preview_refresh_and_verify_and_deploys_nothing(farm: Farm) -> None:
    must(farm.stack().up())
    others: Any = {"UserName": farm.user(), "PolicyName": "others"}
    attached = {"UserName": farm.user(), "PolicyArn": farm.boundary}
    farm.admin.iam.put_user_policy(**others, PolicyDocument=allow("s3:*"))
    farm.admin.iam.attach_user_policy(**attached)
    farm.admin.s3.delete_object(Bucket=LAKE, Key="hens/")
    with farm.reader() as policy:
        seen = must(farm.stack().preview(refresh=True))
        assert seen.changes["create"] == 1, "the placeholder"
        found = farm.verify()
        farm.admin.iam.delete_user_policy(**others)
        farm.admin.iam.detach_user_policy(**attached)
        refused = farm.stack().up(refresh=True)
    assert [each["rule"] for dataset in found for each in dataset["drift"]] == ["policy-beside", "policy-beside"]
    assert [note for dataset in found for note in dataset["notes"] if "not looked at" in note] == []
    assert not refused.ok
    assert any("s3:PutObject" in line for line in refused.diagnostics), refused.diagnostics
    assert needless(policy, farm.asked("reader")) == set()
    assert {action for action, _ in ungranted(policy, farm.asked("reader"))} == {"s3:PutObject"}


def test_it_is_enough_for_a_stack_s_whole_life_and_every_action_of_it_is_asked_for(farm: Farm) -> None:
    policy = farm.policy()
    assert [(step, told) for step, told in farm.steps() if told] == []
    assert needless(policy, farm.asked()) == set()
    assert ungranted(policy, farm.asked()) == set()
    left = farm.admin.iam
    assert not left.list_roles(PathPrefix="/lightly/")["Roles"]
    assert not left.list_users(PathPrefix="/lightly/")["Users"]
    assert {bucket["Name"] for bucket in farm.admin.s3.list_buckets()["Buckets"]} == {LAKE, "acme-vault"}


def test_it_reaches_nothing_beside_the_stack(farm: Farm) -> None:
    me, kms = farm.myself, farm.myself.client("kms")
    iam: Any = me.iam
    s3: Any = me.s3
    other = farm.admin.client("kms").create_key()["KeyMetadata"]["Arn"]
    trusted, bound = trust({"AWS": CUSTOMER}), {"PermissionsBoundary": farm.boundary}
    farm.admin.iam.create_user(UserName=f"{PREFIX}else", Path="/")
    here = {"LocationConstraint": REGION}
    ours = f"{PREFIX}more"
    tried = {
        "make another bucket": lambda: s3.create_bucket(Bucket="another", CreateBucketConfiguration=here),
        "write data into an adopted bucket": lambda: s3.put_object(Bucket=LAKE, Key="data/b.png", Body=b""),
        "read its data": lambda: s3.get_object(Bucket=LAKE, Key="data/image.png"),
        "delete its data": lambda: s3.delete_object(Bucket=LAKE, Key="data/image.png"),
        "set its policy": lambda: s3.put_bucket_policy(Bucket=LAKE, Policy="{}"),
        "make a role of another name": lambda: iam.create_role(
            RoleName="admin", Path="/lightly/", AssumeRolePolicyDocument=trusted, **bound
        ),
        "make a role at another path": lambda: iam.create_role(
            RoleName=ours, AssumeRolePolicyDocument=trusted, **bound
        ),
        "make a role without the boundary": lambda: iam.create_role(
            RoleName=ours, Path="/lightly/", AssumeRolePolicyDocument=trusted
        ),
        "make a user without the boundary": lambda: iam.create_user(UserName=ours, Path="/lightly/"),
        "make a key for another user": lambda: iam.create_access_key(UserName=f"{PREFIX}else"),
        "make a key for itself": lambda: iam.create_access_key(UserName=farm.login),
        "make a KMS key without the tag": kms.create_key,
        "delete another KMS key": lambda: kms.schedule_key_deletion(KeyId=other, PendingWindowInDays=7),
        "use the existing KMS key itself": lambda: kms.generate_data_key(KeyId=farm.existing_key, KeySpec="AES_256"),
    }
    assert {what: attempt(call) for what, call in tried.items()} == {
        what: "AccessDeniedException" if "KMS" in what else "AccessDenied" for what in tried
    }
    made = iam.create_role(RoleName=ours, Path="/lightly/", AssumeRolePolicyDocument=trusted, **bound)
    assert made["Role"]["Path"] == "/lightly/", "the same with the right path, name and boundary is allowed"
    # It may: what stands in the way is no right.
    with pytest.raises(ClientError, match=r"NoSuchBucket|BucketNotEmpty"):
        s3.delete_bucket(Bucket=RESULTS)


def test_without_one_of_its_actions_the_deployment_fails_and_says_which(tmp_path: Path) -> None:
    """A sample; `python -m tests.lightly_sandbox.least_deployer` tries all of them."""
    found = fails_without("kms:GenerateDataKey", tmp_path)
    assert found is not None
    assert any("kms:GenerateDataKey" in line for line in found[1]), found
