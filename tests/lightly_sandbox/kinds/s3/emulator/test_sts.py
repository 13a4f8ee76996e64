"""AssumeRole: both sides, external IDs, durations, chains."""

import datetime

import pytest
from botocore.exceptions import ClientError

from tests.lightly_sandbox.kinds.s3.emulator.aws import ALLOWED, Aws, allow, attempt, trust

LIGHTLY = {"AWS": "arn:aws:iam::916419735646:root"}
ID = {"StringEquals": {"sts:ExternalId": "right-id"}}


def test_lightly_assumes_a_role_with_its_external_id(aws: Aws) -> None:
    role = aws.role(trust(LIGHTLY, **ID), allow("s3:ListAllMyBuckets"), Path="/lightly/", MaxSessionDuration=43200)
    keys = aws.assume(aws.admin("lightly"), role, ExternalId="right-id", DurationSeconds=43200)
    assert aws.client("sts", keys).get_caller_identity()["Account"] == "123456789012"
    assert attempt(aws.client("s3", keys).list_buckets) == ALLOWED
    assert attempt(aws.client("iam", keys).list_users) == "AccessDenied"


def test_a_refusal_across_accounts_gives_no_reason(aws: Aws) -> None:
    role = aws.role(trust(LIGHTLY, **ID))
    with pytest.raises(ClientError) as error:
        aws.assume(aws.admin("lightly"), role, ExternalId="wrong-id")
    assert error.value.response["Error"]["Message"] == (
        "User: arn:aws:iam::916419735646:user/administrator is not authorized to perform: sts:AssumeRole "
        f"on resource: {role}"
    )


def test_the_caller_needs_the_permission_too(aws: Aws) -> None:
    role = aws.role(trust(LIGHTLY, **ID))
    poor = aws.user(what="poor", account="lightly")
    rich = aws.user(allow("sts:AssumeRole", role), what="rich", account="lightly")
    assert attempt(lambda: aws.assume(poor, role, ExternalId="right-id")) == "AccessDenied"
    assert attempt(lambda: aws.assume(rich, role, ExternalId="right-id")) == ALLOWED


def test_the_path_is_part_of_a_role(aws: Aws) -> None:
    role = aws.role(trust({"AWS": "*"}), Path="/lightly/")
    assert attempt(lambda: aws.assume(aws.admin(), role)) == ALLOWED
    assert attempt(lambda: aws.assume(aws.admin(), role.replace("/lightly/", "/"))) == "AccessDenied"


@pytest.mark.parametrize(("seconds", "code"), [(899, "ValidationError"), (43201, "ValidationError"), (43200, ALLOWED)])
def test_a_session_is_fifteen_minutes_to_twelve_hours(aws: Aws, seconds: int, code: str) -> None:
    role = aws.role(trust({"AWS": "*"}), MaxSessionDuration=43200)
    assert attempt(lambda: aws.assume(aws.admin(), role, DurationSeconds=seconds)) == code


def test_a_session_lasts_as_long_as_asked(aws: Aws) -> None:
    role = aws.role(trust({"AWS": "*"}))
    found = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="session", DurationSeconds=1800)
    left = found["Credentials"]["Expiration"] - datetime.datetime.now(datetime.UTC)
    assert 1700 < left.total_seconds() <= 1800


def test_a_chained_session_is_one_hour_at_most(aws: Aws) -> None:
    first = aws.role(trust({"AWS": "*"}), allow("sts:AssumeRole"), what="first", MaxSessionDuration=43200)
    second = aws.role(trust({"AWS": first}), what="second", MaxSessionDuration=43200)
    keys = aws.assume(aws.admin(), first)
    assert attempt(lambda: aws.assume(keys, second, DurationSeconds=3601)) == "ValidationError"
    assert attempt(lambda: aws.assume(keys, second, DurationSeconds=3600)) == ALLOWED


@pytest.mark.parametrize("name", ["x", "with space", "a" * 65])
def test_a_session_name_has_a_form(aws: Aws, name: str) -> None:
    sts = aws.client("sts", parameter_validation=False)
    role = aws.role(trust({"AWS": "*"}))
    assert attempt(lambda: sts.assume_role(RoleArn=role, RoleSessionName=name)) == "ValidationError"


def test_a_changed_policy_counts_for_running_sessions(aws: Aws) -> None:
    role = aws.role(trust({"AWS": "*"}), allow("s3:ListAllMyBuckets"))
    keys = aws.assume(aws.admin(), role)
    assert attempt(aws.client("s3", keys).list_buckets) == ALLOWED
    aws.client("iam").delete_role_policy(RoleName=aws.name("role"), PolicyName="p0")
    assert attempt(aws.client("s3", keys).list_buckets) == "AccessDenied"


def test_who_am_i_is_always_answered(aws: Aws) -> None:
    assert aws.client("sts", aws.user()).get_caller_identity()["Arn"] == aws.user_arn()


def test_other_calls_are_refused_by_name(aws: Aws) -> None:
    with pytest.raises(ClientError, match="sts:GetFederationToken"):
        aws.client("sts").get_federation_token(Name="xx")
