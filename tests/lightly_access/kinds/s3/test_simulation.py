"""What AWS is asked to simulate for a deployer: all of the policy, each as the policy admits it."""

import json

import pytest
from hypothesis import given
from lightly_access.kinds.s3.simulation import Simulation, denied, principal, simulations
from lightly_policies.deployer import Deployment, aws_deployer
from lightly_policies.evaluator.aws import Document, Policies, Principal, Request, decide

from tests.lightly_policies.test_deployer import DEPLOYMENTS, statements

ACCOUNT = "123456789012"
DEPLOYER = Principal(f"arn:aws:iam::{ACCOUNT}:user/deployer", ACCOUNT, "user", user_id="AIDA")
ADMITS = Document.parse(
    "resource",
    json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                    "Action": "*",
                    "Resource": "*",
                }
            ],
        }
    ),
)


@given(DEPLOYMENTS)
def test_whoever_has_the_policy_may_all_that_is_simulated_and_every_action_is(deployment: Deployment) -> None:
    policy = aws_deployer(deployment)
    document = Document.parse("deployer", policy)
    asked = list(simulations(policy))
    assert {action for each in asked for action in each.actions} == {
        action for statement in statements(policy) for action in statement["Action"]
    }
    for each in asked:
        for action in each.actions:
            for resource in each.resources:
                assert resource == "*" or "*" not in resource
                request = Request(DEPLOYER, action, resource, ACCOUNT, each.context)
                assert decide(request, Policies((document,), None, None, ADMITS)).allowed, (action, resource)


def test_a_call_names_the_source_and_its_condition_keys() -> None:
    asked = Simulation(("kms:CreateKey",), ("*",), {"aws:RequestTag/lightly-access": ("farm/prod",)})
    parameters = asked.parameters("arn:aws:iam::123456789012:role/deployer")
    assert parameters["ContextEntries"] == [
        {
            "ContextKeyName": "aws:RequestTag/lightly-access",
            "ContextKeyValues": ["farm/prod"],
            "ContextKeyType": "string",
        }
    ]


def test_an_action_is_denied_when_it_is_on_one_resource() -> None:
    rows = [("s3:GetObject", "allowed"), ("s3:PutObject", "implicitDeny"), ("s3:GetObject", "explicitDeny")]
    found = [{"EvalActionName": action, "EvalDecision": decision} for action, decision in rows]
    assert denied(found) == ["s3:PutObject", "s3:GetObject"]


@pytest.mark.parametrize(
    ("arn", "who"),
    [
        ("arn:aws:iam::123456789012:user/team/ada", ("user", "ada")),
        ("arn:aws:sts::123456789012:assumed-role/deployer/ada@acme.com", ("role", "deployer")),
        ("arn:aws:iam::123456789012:root", ("root", "")),
        ("arn:aws:sts::123456789012:federated-user/ada", ("", "")),
    ],
)
def test_the_arn_of_a_caller_tells_who_is_simulated(arn: str, who: tuple[str, str]) -> None:
    assert principal(arn) == who
