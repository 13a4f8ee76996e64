"""What the mock provider does when AWS says no, says it later, or says it half way."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from lightly_core.pulumi_values import Properties, plain
from lightly_sandbox.kinds.s3.mock_provider import Serving
from lightly_sandbox.kinds.s3.mock_provider.cloud import SDK

from tests.lightly_sandbox.mock_providers.client import Plugin, ProviderError

BUCKET, ROLE, POLICY = "aws:s3/bucket:Bucket", "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}],
    }
)
NOTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
)
Clients = Callable[[str], Any]


@pytest.fixture
def name() -> str:
    return f"it-{uuid.uuid4().hex[:10]}"


@pytest.fixture
def deployer(serving: Serving, aws: Clients, name: str) -> Iterator[Plugin]:
    """A deployer who may make buckets and look at them, and do nothing else."""
    iam = aws("iam")
    user = f"deployer-{name}"
    iam.create_user(UserName=user)
    allowed = {
        "Effect": "Allow",
        "Action": ["s3:CreateBucket", "s3:GetBucketTagging", "s3:DeleteBucket"],
        "Resource": "*",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName=user, PolicyName="few", PolicyDocument=document)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    connection = Plugin(
        serving.port, {"accessKey": key["AccessKeyId"], "secretKey": key["SecretAccessKey"], "region": "eu-central-1"}
    )
    yield connection
    connection.close()


def test_a_deployer_without_the_permission_is_refused_in_awss_words(deployer: Plugin, name: str) -> None:
    with pytest.raises(ProviderError) as refused:
        deployer.create(ROLE, "role", {"name": name, "assumeRolePolicy": TRUST})
    assert refused.value.text.startswith(
        f"could not create IAM role '{name}' (aws:iam/role:Role): AccessDenied: User: "
    )
    assert (
        f"arn:aws:iam::123456789012:user/deployer-{name} is not authorized to perform: iam:CreateRole"
        in refused.value.text
    )
    assert refused.value.init_failed is None


def test_a_bucket_that_could_not_be_tagged_is_half_made_and_the_next_update_finishes_it(
    deployer: Plugin, plugin: Plugin, aws: Clients, name: str
) -> None:
    inputs: Properties = {"bucket": name, "tags": {"team": "vision"}}
    with pytest.raises(ProviderError) as failure:
        deployer.create(BUCKET, "bucket", inputs)
    half = failure.value.init_failed
    assert half.id == name
    assert half.reasons[0].startswith(f"could not finish S3 bucket '{name}' (aws:s3/bucket:Bucket): AccessDenied: ")
    assert "tags" not in half.properties.fields
    assert aws("s3").head_bucket(Bucket=name)

    made = plugin.imported(BUCKET, "bucket", half.id)
    assert made is not None
    made.inputs = dict(inputs)
    assert list(plugin.diff(made, inputs).diffs) == ["tagsAll"]
    whole = plugin.update(made, inputs)
    assert whole["tags"] == {"team": "vision"}
    assert aws("s3").get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "team", "Value": "vision"}]
    plugin.delete(whole)


def test_a_bucket_with_objects_stays_unless_it_may_be_emptied(plugin: Plugin, aws: Clients, name: str) -> None:
    made = plugin.create(BUCKET, "bucket", {"bucket": name})
    s3 = aws("s3")
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        s3.put_object(Bucket=name, Key="frame", Body=body)
    s3.delete_object(Bucket=name, Key="frame")
    with pytest.raises(ProviderError, match=r"BucketNotEmpty: .*\nhint: move them away, or set forceDestroy"):
        plugin.delete(made)
    plugin.delete(plugin.update(made, {"bucket": name, "forceDestroy": True}))
    assert plugin.read(made) is None


def test_deleting_one_object_leaves_objects_whose_names_begin_alike(plugin: Plugin, aws: Clients, name: str) -> None:
    bucket = plugin.create(BUCKET, "bucket", {"bucket": name, "forceDestroy": True})
    aws("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    made = plugin.create("aws:s3/bucketObjectv2:BucketObjectv2", "dir", {"bucket": name, "key": "farm/", "content": ""})
    aws("s3").put_object(Bucket=name, Key="farm/cow.png", Body=b"moo")
    plugin.delete(made)
    assert plugin.read(made) is None
    assert aws("s3").get_object(Bucket=name, Key="farm/cow.png")["Body"].read() == b"moo"
    plugin.delete(bucket)


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {"blockPublicAcls": True}),
        (
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        ),
        ("aws:s3/bucketVersioning:BucketVersioning", {"versioningConfiguration": {"status": "Enabled"}}),
        (
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
        ),
    ],
)
def test_settings_of_a_bucket_that_is_gone_are_gone(
    plugin: Plugin, name: str, token: str, inputs: dict[str, Any]
) -> None:
    bucket = plugin.create(BUCKET, "bucket", {"bucket": name})
    setting = plugin.create(token, "setting", {"bucket": name, **inputs})
    plugin.delete(bucket)
    assert plugin.read(setting) is None
    plugin.delete(setting)


def test_a_bucket_that_exists_is_not_adopted_in_silence(serving: Serving, plugin: Plugin, name: str) -> None:
    virginia = Plugin(serving.port, {"region": "us-east-1"})
    for connection, bucket in ((virginia, f"{name}-v"), (plugin, name)):
        made = connection.create(BUCKET, "bucket", {"bucket": bucket})
        with pytest.raises(ProviderError, match="BucketAlreadyOwnedByYou"):
            connection.create(BUCKET, "again", {"bucket": bucket})
        connection.delete(made)
    virginia.close()


def test_drift_is_seen_by_a_refresh_and_mended_by_an_update(plugin: Plugin, aws: Clients, name: str) -> None:
    role = plugin.create(ROLE, "role", {"name": name, "assumeRolePolicy": TRUST, "tags": {"a": "1"}})
    wide, narrow = (
        json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": entry, "Resource": "*"}]})
        for entry in (["s3:GetObject", "s3:PutObject"], ["s3:GetObject"])
    )
    inputs = {"role": name, "name": "lightly", "policy": wide}
    policy = plugin.create(POLICY, "policy", inputs)
    aws("iam").put_role_policy(RoleName=name, PolicyName="lightly", PolicyDocument=narrow)

    assert list(plugin.diff(policy, inputs).diffs) == []
    drifted = plugin.read(policy)
    assert drifted is not None
    assert json.loads(str(plain(drifted.inputs["policy"]))) == json.loads(narrow)
    assert list(plugin.diff(drifted, inputs).diffs) == ["policy"]
    mended = plugin.update(drifted, inputs)
    assert aws("iam").get_role_policy(RoleName=name, PolicyName="lightly")["PolicyDocument"] == json.loads(wide)
    assert mended.outputs == policy.outputs
    plugin.delete(mended)
    plugin.delete(role)


def test_what_was_removed_behind_our_back_is_gone(plugin: Plugin, aws: Clients, name: str) -> None:
    role = plugin.create(ROLE, "role", {"name": name, "assumeRolePolicy": TRUST})
    aws("iam").delete_role(RoleName=name)
    assert plugin.read(role) is None
    plugin.delete(role)


def test_a_role_takes_the_policies_of_others_along(plugin: Plugin, aws: Clients, name: str) -> None:
    role = plugin.create(ROLE, "role", {"name": name, "assumeRolePolicy": TRUST})
    aws("iam").put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=NOTHING)
    aws("iam").attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    plugin.delete(role)
    assert plugin.read(role) is None


def test_a_role_may_take_its_policies_along(plugin: Plugin, aws: Clients, name: str) -> None:
    role = plugin.create(ROLE, "role", {"name": name, "assumeRolePolicy": TRUST, "forceDetachPolicies": True})
    aws("iam").put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=NOTHING)
    plugin.delete(role)
    assert plugin.read(role) is None


def test_a_user_leaves_its_groups_but_keeps_its_keys_unless_forced(plugin: Plugin, aws: Clients, name: str) -> None:
    user = plugin.create("aws:iam/user:User", "user", {"name": name})
    group = plugin.create("aws:iam/group:Group", "group", {"name": name})
    aws("iam").add_user_to_group(UserName=name, GroupName=name)
    aws("iam").create_access_key(UserName=name)
    with pytest.raises(ProviderError, match="DeleteConflict"):
        plugin.delete(user)
    plugin.delete(plugin.update(user, {"name": name, "forceDestroy": True}))
    assert plugin.read(user) is None
    plugin.delete(group)


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("MalformedPolicyDocument", 400, 'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/new"'),
        ("ConcurrentModification", 409, "The request was rejected because multiple requests"),
        ("ServiceUnavailable", 503, "Please try again"),
    ],
)
def test_a_state_that_passes_is_waited_for(
    plugin: Plugin, faults: Callable[..., None], name: str, code: str, status: int, message: str
) -> None:
    faults({"action": "iam:CreateRole", "status": status, "code": code, "message": message, "times": 2})
    made = plugin.create(ROLE, "role", {"name": name, "assumeRolePolicy": TRUST})
    plugin.delete(made)


def test_a_state_that_does_not_pass_is_awss_error_after_the_retries(
    plugin: Plugin, faults: Callable[..., None], name: str
) -> None:
    fault = {"action": "iam:CreateRole", "status": 400, "code": "MalformedPolicyDocument", "times": 100}
    faults({**fault, "message": "Invalid principal in policy"})
    with pytest.raises(ProviderError, match="MalformedPolicyDocument: Invalid principal"):
        plugin.create(ROLE, "role", {"name": name, "assumeRolePolicy": TRUST})


def test_a_malformed_policy_is_not_waited_for(plugin: Plugin, faults: Callable[..., None], name: str) -> None:
    fault = {"action": "iam:CreateRole", "status": 400, "code": "MalformedPolicyDocument", "times": 1}
    faults({**fault, "message": "Syntax errors in policy."})
    with pytest.raises(ProviderError, match="Syntax errors in policy"):
        plugin.create(ROLE, "role", {"name": name, "assumeRolePolicy": TRUST})


def test_a_cancelled_engine_does_not_wait(serving: Serving, faults: Callable[..., None], name: str) -> None:
    connection = Plugin(serving.port, {"region": "eu-west-3"})
    connection.cancel()
    fault = {"action": "iam:CreateRole", "status": 409, "code": "ConcurrentModification", "message": "busy", "times": 1}
    faults(fault)
    with pytest.raises(ProviderError, match="ConcurrentModification"):
        connection.create(ROLE, "role", {"name": name, "assumeRolePolicy": TRUST})
    connection.close()


def test_versioning_cannot_be_forgotten(plugin: Plugin, name: str) -> None:
    bucket = plugin.create(BUCKET, "bucket", {"bucket": name})
    token = "aws:s3/bucketVersioning:BucketVersioning"
    made = plugin.create(token, "v", {"bucket": name, "versioningConfiguration": {"status": "Enabled"}})
    with pytest.raises(ProviderError, match="hint: use 'Suspended'"):
        plugin.update(made, {"bucket": name, "versioningConfiguration": {"status": "Disabled"}})
    plugin.delete(made)
    plugin.delete(bucket)


def test_an_import_of_what_is_not_there_finds_nothing_and_a_bad_id_is_refused(plugin: Plugin) -> None:
    assert plugin.imported(BUCKET, "b", "no-such-bucket-anywhere") is None
    assert plugin.imported(ROLE, "r", "no-such-role") is None
    assert plugin.imported("aws:kms/key:Key", "k", "1234abcd-12ab-34cd-56ef-1234567890ab") is None
    assert plugin.imported("aws:iam/accessKey:AccessKey", "k", "AKIAIOSFODNN7EXAMPLE") is None
    for token, form in (
        (POLICY, "<role>:<policy name>"),
        ("aws:iam/userGroupMembership:UserGroupMembership", "<user>/<group>/<group>..."),
        ("aws:s3/bucketObjectv2:BucketObjectv2", "bucket/key"),
    ):
        with pytest.raises(ProviderError) as refused:
            plugin.imported(token, "p", "nonsense")
        assert form in refused.value.text


def test_functions_answer_for_the_configuration_that_asks(serving: Serving, plugin: Plugin, server: Any) -> None:
    lightly = server.announcement["accounts"]["lightly"]
    keys = {"accessKey": lightly["access_key_id"], "secretKey": lightly["secret_access_key"]}
    other = Plugin(serving.port, {"region": "us-east-1", **keys})
    ask = "aws:index/getCallerIdentity:getCallerIdentity"
    assert (plugin.invoke(ask)["accountId"], other.invoke(ask)["accountId"]) == ("123456789012", "916419735646")
    for token in (ask, "aws:index/getRegion:getRegion", "aws:index/getPartition:getPartition"):
        assert plugin.invoke(token).keys() <= SDK.results(token)
    assert other.invoke("aws:index/getRegion:getRegion")["description"] == "US East (N. Virginia)"
    assert plugin.invoke("aws:index/getPartition:getPartition")["dnsSuffix"] == "amazonaws.com"
    with pytest.raises(ProviderError, match="hint: check its spelling"):
        plugin.invoke("aws:index/getRegion:getRegion", {"region": "eu-middle-1"})
    other.close()


def test_get_bucket_finds_buckets_and_says_when_there_is_none(plugin: Plugin, name: str) -> None:
    with pytest.raises(ProviderError, match="does not exist"):
        plugin.invoke("aws:s3/getBucket:getBucket", {"bucket": name})
    made = plugin.create(BUCKET, "bucket", {"bucket": name})
    found = plugin.invoke("aws:s3/getBucket:getBucket", {"bucket": name})
    assert found.keys() <= SDK.results("aws:s3/getBucket:getBucket")
    assert (found["id"], found["arn"], found["bucketRegion"]) == (name, f"arn:aws:s3:::{name}", "eu-central-1")
    plugin.delete(made)


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_a_bucket_of_another_region_is_neither_changed_nor_taken_for_ours(
    serving: Serving, settings: Mapping[str, Any], aws: Clients, name: str, region: str
) -> None:
    aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    login = {"accessKey": settings["access_key_id"], "secretKey": settings["secret_access_key"]}
    elsewhere = Plugin(serving.port, {**login, "region": region})
    try:
        for _ in range(2):  # boto3 would follow S3 to the bucket's region, and remember it
            for kind, inputs in (
                ("aws:s3/bucketObjectv2:BucketObjectv2", {"bucket": name, "key": "a/", "content": ""}),
                ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {"bucket": name, "blockPublicAcls": True}),
                (BUCKET, {"bucket": name}),
            ):
                with pytest.raises(ProviderError, match=r"301|400|Redirect|Malformed|region|AlreadyOwned"):
                    elsewhere.create(kind, "theirs", inputs)
    finally:
        elsewhere.close()
    assert "Contents" not in aws("s3").list_objects_v2(Bucket=name)
