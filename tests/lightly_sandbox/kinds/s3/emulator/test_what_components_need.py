"""The configuration calls that our components make, all through the gateway, written and read again."""

import json

from tests.lightly_sandbox.kinds.s3.emulator.aws import ALLOWED, Aws, allow, attempt, policy, statement, trust


def test_the_configuration_of_a_bucket_is_kept(aws: Aws) -> None:
    s3, bucket = aws.client("s3"), aws.bucket()
    block = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"] == block
    owner = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=owner)
    assert s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"] == owner
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "vision"}]})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "team", "Value": "vision"}]
    rules = [
        {
            "ID": "abort",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
        }
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules
    document = policy(statement("Deny", "s3:*", [f"arn:aws:s3:::{bucket}"], Principal={"AWS": "666666666666"}))
    s3.put_bucket_policy(Bucket=bucket, Policy=document)
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == json.loads(document)
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == "eu-central-1"
    for remove in (
        s3.delete_bucket_policy,
        s3.delete_bucket_lifecycle,
        s3.delete_bucket_tagging,
        s3.delete_public_access_block,
        s3.delete_bucket_ownership_controls,
        s3.delete_bucket_encryption,
    ):
        remove(Bucket=bucket)
    assert attempt(lambda: s3.get_bucket_policy(Bucket=bucket)) == "NoSuchBucketPolicy"
    assert attempt(lambda: s3.get_bucket_tagging(Bucket=bucket)) == "NoSuchTagSet"
    default = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert default["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_versioned_bucket_is_emptied(aws: Aws) -> None:
    s3, bucket = aws.client("s3"), aws.bucket()
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for _ in range(2):
        s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    s3.delete_object(Bucket=bucket, Key="a")
    found = s3.list_object_versions(Bucket=bucket)
    all_of_it = [
        {"Key": item["Key"], "VersionId": item["VersionId"]} for item in found["Versions"] + found["DeleteMarkers"]
    ]
    assert len(all_of_it) == 3
    assert attempt(lambda: s3.delete_bucket(Bucket=bucket)) == "BucketNotEmpty"
    s3.delete_objects(Bucket=bucket, Delete={"Objects": all_of_it})
    assert attempt(lambda: s3.delete_bucket(Bucket=bucket)) == ALLOWED


def test_a_role_is_kept(aws: Aws) -> None:
    iam, name = aws.client("iam"), aws.name("role")
    tags = [{"Key": "team", "Value": "vision"}]
    arn = aws.role(trust({"AWS": "*"}), allow("s3:*"), Path="/lightly/", MaxSessionDuration=43200, Tags=tags)
    role = iam.get_role(RoleName=name)["Role"]
    assert (role["Arn"], role["Path"], role["MaxSessionDuration"]) == (arn, "/lightly/", 43200)
    assert iam.list_role_tags(RoleName=name)["Tags"] == tags
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["p0"]
    assert iam.get_role_policy(RoleName=name, PolicyName="p0")["PolicyDocument"] == json.loads(allow("s3:*"))
    iam.update_role(RoleName=name, MaxSessionDuration=3600, Description="changed")
    assert iam.get_role(RoleName=name)["Role"]["MaxSessionDuration"] == 3600
    new = trust({"AWS": "arn:aws:iam::123456789012:root"})
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=new)
    assert iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"] == json.loads(new)
    iam.tag_role(RoleName=name, Tags=[{"Key": "more", "Value": "x"}])
    iam.untag_role(RoleName=name, TagKeys=["team"])
    assert iam.list_role_tags(RoleName=name)["Tags"] == [{"Key": "more", "Value": "x"}]
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    assert iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"] == []
    boundary = aws.managed(allow("s3:*"))
    iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    found = iam.get_role(RoleName=name)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert found == boundary
    iam.delete_role_permissions_boundary(RoleName=name)


def test_a_user_and_its_group_are_kept(aws: Aws) -> None:
    iam, name, group = aws.client("iam"), aws.name("user"), aws.name("group")
    key = aws.user()
    iam.tag_user(UserName=name, Tags=[{"Key": "team", "Value": "vision"}])
    assert iam.list_user_tags(UserName=name)["Tags"] == [{"Key": "team", "Value": "vision"}]
    iam.create_group(GroupName=group, Path="/lightly/")
    iam.put_group_policy(GroupName=group, PolicyName="p", PolicyDocument=allow("s3:*"))
    assert iam.list_group_policies(GroupName=group)["PolicyNames"] == ["p"]
    iam.add_user_to_group(GroupName=group, UserName=name)
    assert [user["UserName"] for user in iam.get_group(GroupName=group)["Users"]] == [name]
    assert [found["GroupName"] for found in iam.list_groups_for_user(UserName=name)["Groups"]] == [group]
    found = iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
    assert [(item["AccessKeyId"], item["Status"]) for item in found] == [(key.id, "Active")]
    assert iam.get_access_key_last_used(AccessKeyId=key.id)["UserName"] == name
    iam.remove_user_from_group(GroupName=group, UserName=name)
    iam.delete_group_policy(GroupName=group, PolicyName="p")
    iam.delete_group(GroupName=group)
    iam.delete_access_key(UserName=name, AccessKeyId=key.id)
    iam.delete_user(UserName=name)
    assert attempt(lambda: iam.get_user(UserName=name)) == "NoSuchEntity"


def test_a_key_is_kept(aws: Aws) -> None:
    kms = aws.client("kms")
    tags = [{"TagKey": "team", "TagValue": "vision"}]
    arn = kms.create_key(Description="ours", Tags=tags)["KeyMetadata"]["Arn"]
    assert kms.list_resource_tags(KeyId=arn)["Tags"] == tags
    kms.enable_key_rotation(KeyId=arn)
    assert kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"] is True
    kms.tag_resource(KeyId=arn, Tags=[{"TagKey": "more", "TagValue": "x"}])
    kms.untag_resource(KeyId=arn, TagKeys=["team"])
    assert kms.list_resource_tags(KeyId=arn)["Tags"] == [{"TagKey": "more", "TagValue": "x"}]
    own = policy(statement("Allow", "kms:*", "*", Principal={"AWS": "arn:aws:iam::123456789012:root"}))
    kms.put_key_policy(KeyId=arn, PolicyName="default", Policy=own)
    assert json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]) == json.loads(own)
    kms.update_key_description(KeyId=arn, Description="changed")
    kms.create_alias(AliasName=f"alias/{aws.tag}", TargetKeyId=arn)
    assert kms.describe_key(KeyId=f"alias/{aws.tag}")["KeyMetadata"]["Description"] == "changed"
    assert f"alias/{aws.tag}" in [item["AliasName"] for item in kms.list_aliases(KeyId=arn)["Aliases"]]
    kms.delete_alias(AliasName=f"alias/{aws.tag}")
    kms.schedule_key_deletion(KeyId=arn, PendingWindowInDays=7)
    assert kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"] == "PendingDeletion"
