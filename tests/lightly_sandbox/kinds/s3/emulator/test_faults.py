"""Faults on demand, and the count of calls."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.lightly_sandbox.kinds.s3.emulator.aws import ALLOWED, Aws, Keys, allow, attempt, trust
from tests.lightly_sandbox.kinds.s3.emulator.signed import signed

Control = Callable[[str, str, Any], Any]


def _list(aws: Aws, keys: Keys, shift: float) -> str:
    return signed(keys, "GET", f"{aws.endpoint}/", shift=shift).send()[1] or ALLOWED


def test_a_new_key_is_invalid_then_denied_then_fine(aws: Aws, control: Control) -> None:
    propagation = {"propagation": {"invalid_seconds": 100, "denied_seconds": 100}}
    control("POST", "/faults", [propagation])
    user = aws.user(allow("s3:ListAllMyBuckets"))
    assert _list(aws, user, 0) == "InvalidAccessKeyId"
    assert attempt(aws.client("sts", user).get_caller_identity) == "InvalidClientTokenId"
    control("POST", "/faults", [propagation, {"clock_offset_seconds": 150}])
    assert _list(aws, user, 150) == "AccessDenied"
    control("POST", "/faults", [propagation, {"clock_offset_seconds": 250}])
    assert _list(aws, user, 250) == ALLOWED
    assert _list(aws, aws.admin(), 250) == ALLOWED


def test_a_new_role_is_not_yet_assumable_then_denied_then_fine(aws: Aws, control: Control) -> None:
    propagation = {"propagation": {"invalid_seconds": 100, "denied_seconds": 100}}
    role = aws.role(trust({"AWS": "*"}), allow("s3:ListAllMyBuckets"))
    control("POST", "/faults", [propagation])
    assert attempt(lambda: aws.assume(aws.admin(), role)) == "AccessDenied"
    control("POST", "/faults", [propagation, {"clock_offset_seconds": 150}])
    session = aws.assume(aws.admin(), role)
    assert _list(aws, session, 150) == "AccessDenied"
    control("POST", "/faults", [propagation, {"clock_offset_seconds": 250}])
    assert _list(aws, session, 250) == ALLOWED


def test_a_call_fails_as_often_as_asked(aws: Aws, control: Control) -> None:
    fault = {"action": "iam:CreateRole", "status": 503, "code": "ServiceUnavailable", "message": "later", "times": 2}
    control("POST", "/faults", [fault])
    for _ in range(2):
        with pytest.raises(ClientError, match="later") as error:
            aws.role(trust({"AWS": "*"}))
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert attempt(lambda: aws.role(trust({"AWS": "*"}))) == ALLOWED


def test_every_call_takes_its_latency(aws: Aws, control: Control) -> None:
    sts = aws.client("sts", read_timeout=0.05)
    control("POST", "/faults", [{"latency_ms": 400}])
    with pytest.raises(Exception, match="Read timeout"):
        sts.get_caller_identity()
    time.sleep(0.5)  # the call that was given up is still on its way, and the next test counts calls


def test_calls_are_counted_by_principal_and_action(aws: Aws, control: Control) -> None:
    user = aws.user(allow("s3:ListAllMyBuckets"))
    before = control("GET", "/calls", None)
    aws.client("s3", user).list_buckets()
    attempt(aws.client("iam", user).list_users)
    attempt(aws.client("s3", Keys(user.id, "wrong")).list_buckets)
    after = control("GET", "/calls", None)
    assert after["total"] - before["total"] == 3
    assert after["by_principal"][aws.user_arn()] == 2
    for action, more in (("s3:ListAllMyBuckets", 1), ("iam:ListUsers", 1)):
        assert after["by_action"][action] - before["by_action"].get(action, 0) == more
    assert sum(after["by_action"].values()) == sum(after["by_principal"].values()) == after["total"]


def test_every_permission_that_a_principal_needed_is_counted_whether_it_had_it_or_not(
    aws: Aws, control: Control
) -> None:
    bucket = aws.bucket("a")
    s3 = aws.client("s3", aws.user(allow("s3:GetObject")))
    attempt(lambda: s3.get_object(Bucket=bucket, Key="missing"))  # whether it may list decides between 404 and 403
    attempt(lambda: s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a"}, {"Key": "b"}]}))
    asked = control("GET", "/calls", None)["asked"][aws.user_arn()]
    assert asked == {"s3:GetObject": 1, "s3:ListBucket": 1, "s3:DeleteObject": 2}
