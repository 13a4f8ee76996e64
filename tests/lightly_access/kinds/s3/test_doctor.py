"""Whoever deploys to AWS, asked of the local AWS: who it is, what it may, and at what time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lightly_access.doctor.examination import examination
from lightly_access.doctor.finding import Finding, State
from lightly_access.doctor.question import ask_all
from lightly_access.doctor.stack import ClosedSecretError, Stack
from lightly_access.kinds.s3 import doctor
from lightly_access.kinds.s3.deployer_policy import aws_deployment
from lightly_access.manifest import Manifest
from lightly_core.secret import Secret
from lightly_policies.deployer import aws_deployer, managed_policies

from tests.lightly_sandbox.kinds.conftest import control, faults
from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION, Aws, Keys, allow, policy, statement, trust
from tests.lightly_sandbox.kinds.s3.emulator.conftest import aws, server

__all__ = ["aws", "control", "faults", "server"]
ACCOUNT = "123456789012"
CONFIG: dict[str, Any] = {
    "stores": {
        "lake": {"kind": "s3", "bucket": "acme-lake", "region": REGION},
        "results": {"kind": "s3", "bucket": "acme-results", "region": REGION, "create": True, "kms_key": "create"},
    },
    "datasets": {
        "cows": {
            "type": "images",
            "input": {"store": "lake", "path": "cows/", "access": "delegated"},
            "lightly": {"store": "results", "path": "cows/", "access": "user"},
        }
    },
}


def stack(environ: dict[str, str] | None = None, **accounts: Any) -> Stack:
    def closed(key: str) -> Secret:
        raise ClosedSecretError(f"{key} is closed")

    manifest = Manifest.parse(CONFIG | ({"accounts": accounts} if accounts else {}))
    return Stack("prod", "farm", Path(), manifest, {"aws:region": REGION}, environ or {}, closed)


def policies() -> list[str]:
    """What `lightly-access deployer-policy` prints."""
    made = aws_deployment(stack().manifest, project="farm", stack="prod", account=ACCOUNT)
    return managed_policies(aws_deployer(made))


def simulating(*more: str) -> str:
    return allow(["iam:SimulatePrincipalPolicy", "iam:GetRole", *more])


def user(aws: Aws, *documents: str) -> Keys:
    """A user with these as managed policies, as many as AWS lets be attached."""
    found, iam = aws.user(simulating()), aws.client("iam")
    for number, document in enumerate(documents):
        made = iam.create_policy(PolicyName=aws.name(f"deployer-{number}"), PolicyDocument=document)["Policy"]["Arn"]
        iam.attach_user_policy(UserName=aws.name("user"), PolicyArn=made)
    return found


@pytest.fixture
def ask(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Finding]]:
    """The findings of all questions as the holder of some keys, by their names."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(aws.endpoint))
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")

    def asked(keys: Keys, examined: Stack | None = None) -> dict[str, Finding]:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.id)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret)
        monkeypatch.setenv("AWS_SESSION_TOKEN", keys.token or "")
        found = examination(ask_all(list(doctor.questions(examined or stack())), 60)).findings
        assert not any(keys.secret in f"{each.said} {each.fix}" for each in found)
        assert all(each.fix for each in found if each.state is not State.OK)
        return {each.name: each for each in found}

    return asked


def test_whoever_has_the_deployers_policy_may_deploy(aws: Aws, ask: Callable[..., dict[str, Finding]]) -> None:
    found = ask(user(aws, *policies()))
    assert {name: each.state for name, each in found.items()} == dict.fromkeys(
        ("aws login", "aws region", "aws permissions", "clock"), State.OK
    ), found
    assert found["aws login"].said == f"{aws.user_arn()} in account {ACCOUNT}"


def test_what_somebody_may_not_is_named_with_the_way_out(aws: Aws, ask: Callable[..., dict[str, Finding]]) -> None:
    denial = policy(statement("Deny", ["iam:CreateRole", "s3:PutBucketPolicy"], "*"))
    found = ask(user(aws, *policies(), denial))
    assert found["aws login"].state is State.OK
    may = found["aws permissions"]
    assert may == Finding(
        "aws permissions",
        State.BAD,
        "it may not s3:PutBucketPolicy, iam:CreateRole",
        "allow what is printed by: lightly-access deployer-policy prod",
    )


def test_a_role_is_asked_about_whatever_its_path(aws: Aws, ask: Callable[..., dict[str, Finding]]) -> None:
    role = aws.role(trust({"AWS": ACCOUNT}), simulating(), what="deployer", Path="/teams/farm/")
    found = ask(aws.assume(aws.admin(), role))
    assert ":assumed-role/" in found["aws login"].said
    assert found["aws permissions"].state is State.BAD
    assert "more" in found["aws permissions"].said


def test_whoever_may_not_simulate_is_told_what_to_compare_with(
    aws: Aws, ask: Callable[..., dict[str, Finding]]
) -> None:
    may = ask(aws.user())["aws permissions"]
    assert may.state is State.WARNING
    assert "iam:SimulatePrincipalPolicy was refused (AccessDenied)" in may.said


@pytest.mark.parametrize(
    ("spoilt", "code"), [("id", "InvalidClientTokenId"), ("secret", "SignatureDoesNotMatch")], ids=["id", "secret"]
)
def test_keys_that_aws_does_not_take_are_bad(
    aws: Aws, ask: Callable[..., dict[str, Finding]], spoilt: str, code: str
) -> None:
    keys = aws.admin()
    wrong = Keys("AKIAIOSFODNN7EXAMPLE", keys.secret) if spoilt == "id" else Keys(keys.id, "x" * 40)
    found = ask(wrong)
    assert found["aws login"].state is State.BAD
    assert code in found["aws login"].said
    assert "network" not in found


@pytest.mark.parametrize(("ahead", "word"), [(7200, "behind"), (-7200, "ahead of")])
def test_a_clock_that_is_off_is_told_by_the_refusal_itself(
    aws: Aws, ask: Callable[..., dict[str, Finding]], faults: Callable[..., None], ahead: int, word: str
) -> None:
    faults({"clock_offset_seconds": ahead})
    found = ask(aws.admin())
    assert found["aws login"].state is State.BAD
    assert found["clock"].state is State.BAD
    assert f"2 h {word} 127.0.0.1" in found["clock"].said


def test_each_account_is_asked_as_the_role_that_deploys_there(aws: Aws, ask: Callable[..., dict[str, Finding]]) -> None:
    role = aws.role(
        trust({"AWS": ACCOUNT}, StringEquals={"sts:ExternalId": "external-4711"}), simulating(), what="there"
    )
    account = {"cloud": "aws", "role_arn": role, "external_id": "env:THERE"}
    examined = stack({"THERE": "external-4711"}, archive=account)
    found = ask(aws.admin(), examined)
    assert f"assumed-role/{aws.name('there')}/" in found["accounts.archive login"].said
    assert "external-4711" not in str(found)
    refused = ask(aws.admin(), stack({"THERE": "another"}, archive=account))["accounts.archive login"]
    assert refused.state is State.BAD
    assert "sts:AssumeRole was refused" in refused.said
    missing = ask(aws.admin(), stack({}, archive=account))["accounts.archive login"]
    assert "the environment variable THERE is not set" in missing.said
