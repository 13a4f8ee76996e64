"""Mocks that record every registration with its options, and answer as the clouds would."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

GOOGLE_KEY = "the-private-key-of-a-service-account"


@dataclass
class Recording(Mocks):
    """What was registered: type -> name -> inputs as they go over the wire (secrets in their envelope)."""

    found: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Answer with the inputs and what the cloud adds."""
        self.found.setdefault(args.typ, {})[args.name] = args.inputs
        outputs = dict(args.inputs)
        if args.typ == "aws:iam/role:Role":
            outputs |= {
                "arn": f"arn:aws:iam::123456789012:role/lightly/{args.inputs['name']}",
                "createDate": "2026-11-20",
            }
        if args.typ == "aws:iam/accessKey:AccessKey":
            outputs |= {"secret": pulumi.Output.secret("the-secret-access-key"), "createDate": "2026-11-20"}
        if args.typ == "aws:kms/key:Key":
            outputs |= {"arn": f"arn:aws:kms:{args.inputs['region']}:123456789012:key/1"}
        if args.typ == "lightly:index:ExternalId":
            outputs |= {"value": pulumi.Output.secret("an-external-id-of-43-characters-000000000000")}
        if args.typ == "lightly:index:Verification":
            outputs |= {"verified": True, "lights": {}}
        if args.typ.startswith("gcp:"):
            outputs |= google(args.typ, args.inputs)
        return f"{args.name}-id", outputs

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Invokes."""
        assert args.token == "aws:index/getCallerIdentity:getCallerIdentity"
        return {"accountId": "123456789012", "arn": "arn:aws:iam::123456789012:user/x", "id": "x", "userId": "x"}, []

    def only(self, kind: str) -> dict[str, Any]:
        """The inputs of the one resource of this type."""
        (inputs,) = self.found[kind].values()
        return inputs


def google(kind: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """What Google Cloud and its provider add to the inputs."""
    if kind == "gcp:serviceaccount/account:Account":
        email = f"{inputs['accountId']}@{inputs['project']}.iam.gserviceaccount.com"
        name = f"projects/{inputs['project']}/serviceAccounts/{email}"
        return {"email": email, "member": f"serviceAccount:{email}", "name": name}
    if kind == "gcp:serviceaccount/key:Key":
        file = json.dumps({"type": "service_account", "client_email": "x", "private_key": GOOGLE_KEY})
        sealed = pulumi.Output.secret(base64.b64encode(file.encode()).decode())
        return {"privateKey": sealed, "validAfter": "2026-11-20T00:00:00Z"}
    if kind == "gcp:projects/iAMCustomRole:IAMCustomRole":
        return {"name": f"projects/{inputs['project']}/roles/{inputs['roleId']}"}
    if kind == "gcp:storage/bucketIAMMember:BucketIAMMember":
        return {"bucket": f"b/{inputs['bucket']}"}
    return {}


def record() -> Recording:
    """Start a fresh recording for this test."""
    recording = Recording()
    pulumi.runtime.set_mocks(recording, project="acme", stack="test", preview=False)
    return recording
