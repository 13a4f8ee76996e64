"""A CloudFormation template that makes what is asked for on AWS.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html and its siblings. The
external ID is a parameter that CloudFormation does not show (`NoEcho`). The access key of a user is not in it: a
template's outputs can be read by everybody who may see the stack, so `apply.sh` makes the key.
"""

import json
from collections.abc import Sequence
from typing import Any

from lightly_core.aws import EXTERNAL_ID_CHARACTERS, LONGEST_EXTERNAL_ID, SHORTEST_EXTERNAL_ID
from lightly_core.capability import Purpose
from lightly_core.lightly_rules import SESSION_SECONDS

from lightly_access.handoff.request import Request
from lightly_access.kinds.s3.names import IAM_PATH
from lightly_access.kinds.s3.placeholders import EXTERNAL_ID_OF_BUNDLE

_PARAMETER = {Purpose.INPUT: "InputExternalId", Purpose.LIGHTLY: "LightlyExternalId"}


def template(ours: Sequence[Request]) -> str:
    """The template for the requests that are about AWS."""
    body: dict[str, Any] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Access of Lightly to the data of the dataset {ours[0].dataset}",
        "Parameters": {_PARAMETER[each.purpose]: _parameter() for each in ours if each.source.access == "delegated"},
        "Resources": {},
        "Outputs": {},
    }
    for each in ours:
        body["Resources"] |= _role(each) if each.source.access == "delegated" else _user(each)
        body["Outputs"] |= _output(each)
    return json.dumps({key: value for key, value in body.items() if value}, indent=2) + "\n"


def parameter(request: Request) -> str:
    """The name of the parameter that takes the external ID of this side."""
    return _PARAMETER[request.purpose]


def _parameter() -> dict[str, Any]:
    return {
        "Type": "String",
        "NoEcho": True,
        "MinLength": SHORTEST_EXTERNAL_ID,
        "MaxLength": LONGEST_EXTERNAL_ID,
        "AllowedPattern": f"{EXTERNAL_ID_CHARACTERS}+",
        "Description": "At least 10 characters, better 40 random ones; Lightly must be told the same",
    }


def _word(request: Request) -> str:
    return str(request.purpose).capitalize()


def _policy(request: Request) -> dict[str, Any]:
    return {
        "PolicyName": f"lightly-{request.side}",
        "PolicyDocument": json.loads(request.documents[f"{request.side}-grant.json"]),
    }


def _role(request: Request) -> dict[str, Any]:
    trust = json.loads(request.documents[f"{request.side}-trust.json"])
    (statement,) = trust["Statement"]
    condition = statement["Condition"]["StringEquals"]
    if condition["sts:ExternalId"] != EXTERNAL_ID_OF_BUNDLE:  # the template must never carry one
        raise ValueError("the trust policy has no place for the external ID")
    condition["sts:ExternalId"] = {"Ref": parameter(request)}
    properties: dict[str, Any] = {
        "RoleName": request.name,
        "Path": IAM_PATH,
        "Description": f"{request.purpose} of the Lightly dataset {request.dataset}",
        "MaxSessionDuration": SESSION_SECONDS,
        "AssumeRolePolicyDocument": trust,
        "Policies": [_policy(request)],
    }
    if boundary := request.source.permissions_boundary:
        properties["PermissionsBoundary"] = boundary
    return {f"{_word(request)}Role": {"Type": "AWS::IAM::Role", "Properties": properties}}


def _user(request: Request) -> dict[str, Any]:
    """A group carries the rights: CIS AWS 2.13, users get permissions only through groups."""
    word = _word(request)
    user: dict[str, Any] = {"UserName": request.name, "Path": IAM_PATH, "Groups": [{"Ref": f"{word}Group"}]}
    if boundary := request.source.permissions_boundary:
        user["PermissionsBoundary"] = boundary
    return {
        f"{word}Group": {
            "Type": "AWS::IAM::Group",
            "Properties": {"GroupName": request.name, "Path": IAM_PATH, "Policies": [_policy(request)]},
        },
        f"{word}User": {"Type": "AWS::IAM::User", "Properties": user},
    }


def _output(request: Request) -> dict[str, Any]:
    word = _word(request)
    if request.source.access == "delegated":
        return {f"{word}RoleArn": {"Value": {"Fn::GetAtt": [f"{word}Role", "Arn"]}}}
    return {f"{word}UserName": {"Value": {"Ref": f"{word}User"}}}
