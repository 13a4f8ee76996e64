"""Somebody changes things behind our back: what is seen, what is mended, and what nobody here can see."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.lightly_sandbox.faults.chain import Chain

WIDE = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})


@pytest.fixture
def cows(chain: Callable[..., Chain]) -> Chain:
    cows = chain()
    cows.must(cows.up())
    return cows


def grant(cows: Chain) -> Any:
    """The grant of the INPUT role, as IAM has it."""
    return cows.customer.iam.get_role_policy(RoleName=cows.role(), PolicyName="lightly-input")["PolicyDocument"]


def trust(cows: Chain) -> Any:
    """The trust policy of the INPUT role, as IAM has it."""
    return cows.customer.iam.get_role(RoleName=cows.role())["Role"]["AssumeRolePolicyDocument"]


def test_a_widened_grant_is_shown_by_a_refresh_and_put_back(cows: Chain) -> None:
    ours = grant(cows)
    cows.customer.iam.put_role_policy(RoleName=cows.role(), PolicyName="lightly-input", PolicyDocument=WIDE)
    assert cows.must(cows.stack().refresh()).changes["update"] == 1
    assert cows.differences() == {f"{cows.name}-input-access-policy": ("policy",)}
    cows.must(cows.up(refresh=True))
    assert grant(cows) == ours


@pytest.mark.parametrize("how", ["no external id", "any external id"])
def test_a_widened_trust_is_shown_by_a_refresh_and_put_back(cows: Chain, how: str) -> None:
    ours = trust(cows)
    wide = json.loads(json.dumps(ours))
    (statement,) = wide["Statement"]
    if how == "no external id":
        del statement["Condition"]
    else:
        statement["Condition"] = {"StringLike": {"sts:ExternalId": "*"}}
    cows.customer.iam.update_assume_role_policy(RoleName=cows.role(), PolicyDocument=json.dumps(wide))
    cows.must(cows.stack().refresh())
    assert cows.differences() == {f"{cows.name}-input-access-role": ("assumeRolePolicy",)}
    cows.must(cows.up(refresh=True))
    assert trust(cows) == ours


def test_what_is_not_seen_rights_that_were_added_beside_ours(cows: Chain) -> None:
    """Said in README's limits. Lightly's verify does not speak of INPUT's write, and the proof is of our documents."""
    iam = cows.customer.iam
    iam.put_role_policy(RoleName=cows.role(), PolicyName="somebody-elses", PolicyDocument=WIDE)
    group = f"others-{cows.name}"
    iam.create_group(GroupName=group)
    iam.put_group_policy(GroupName=group, PolicyName="wide", PolicyDocument=WIDE)
    iam.add_user_to_group(GroupName=group, UserName=cows.user())
    cows.must(cows.stack().refresh())
    assert cows.differences() == {}
    assert not cows.red()


def test_a_red_light_behind_our_back_and_its_mending(cows: Chain) -> None:
    wrong = json.loads(json.dumps(trust(cows)))
    wrong["Statement"][0]["Condition"] = {"StringEquals": {"sts:ExternalId": "another-one-altogether"}}
    cows.customer.iam.update_assume_role_policy(RoleName=cows.role(), PolicyDocument=json.dumps(wrong))
    cows.stack().refresh()
    assert {str(red_light.purpose) for red_light in cows.red()} == {"INPUT"}
    assert all("external ID" in str(red_light) for red_light in cows.red())
    cows.must(cows.up(refresh=True))
    assert not cows.red()


def test_outputs_are_of_when_they_say_until_a_program_has_run(cows: Chain) -> None:
    """As docs/guides/is-it-still-so.md has it: after a refresh alone and a failed deployment they are the old ones."""

    def said() -> tuple[object, object]:
        (outputs,) = (each["outputs"] for each in cows.resources() if each["type"] == "pulumi:pulumi:Stack")
        assert outputs["verified_at"] in outputs["datasets"][cows.name]
        return outputs["ok"], outputs["verified_at"]

    before = said()
    assert before[0] is True
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{cows.lake}"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    cows.customer.s3.put_bucket_policy(Bucket=cows.lake, Policy=policy)
    assert cows.stack().refresh().ok
    assert cows.red()
    assert said() == before
    assert not cows.up(refresh=True).ok
    assert said() == before
    assert cows.stack().refresh(run_program=True).ok
    assert said()[0] is False
    assert str(said()[1]) > str(before[1])
    cows.customer.s3.delete_bucket_policy(Bucket=cows.lake)
    cows.must(cows.up(refresh=True))
    assert said()[0] is True


def test_a_role_that_somebody_deleted_is_made_again(cows: Chain) -> None:
    cows.delete_role()
    cows.must(cows.up(refresh=True))
    assert all(cows.verify().values())
    assert not cows.red()


@pytest.mark.parametrize("look_first", [True, False])
def test_a_dataset_that_somebody_deleted_is_made_again(cows: Chain, look_first: bool) -> None:
    (dataset,) = cows.at_lightly()
    cows.ask("DELETE", f"/v1/datasets/{dataset['id']}")
    if look_first:
        cows.must(cows.stack().refresh())
        assert not [
            resource
            for resource in cows.resources()
            if resource["type"].startswith("lightly:index:") and dataset["id"] in resource["id"]
        ]
    cows.must(cows.up(refresh=not look_first))
    (made,) = cows.at_lightly()
    assert made["id"] != dataset["id"]
    assert all(cows.verify().values())
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left()


def test_another_datasource_registered_by_hand_is_put_right(cows: Chain) -> None:
    (dataset,) = cows.at_lightly()
    body = {
        "type": "S3DelegatedAccess", "purpose": "INPUT", "fullPath": f"s3://{cows.lake}/elsewhere/",
        "s3Region": "eu-central-1", "s3ARN": "arn:aws:iam::123456789012:role/other", "s3ExternalId": "x" * 20,
        "thumbSuffix": ".lightly/thumbnails/[filename]_thumb.[extension]",
    }  # fmt: skip
    cows.ask("PUT", f"/v1/datasets/{dataset['id']}/datasource", body)
    assert not all(cows.verify()[can] for can in ("canList", "canRead"))
    cows.must(cows.up(refresh=True))
    assert all(cows.verify().values())
