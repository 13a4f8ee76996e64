"""Mocks that record every registration with its options, and answer as the clouds would."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pulumi
from lightly_policies.sas import PERMISSIONS, token
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

ACCOUNT_KEY = "dGhlLWtleS1vZi10aGUtYWNjb3VudA=="
BLOB_ENDPOINT = "https://acmephotos.blob.core.windows.net/"
GOOGLE_KEY = "the-private-key-of-a-service-account"


@dataclass
class Recording(Mocks):
    """What was registered: type -> name -> inputs as they go over the wire (secrets in their envelope)."""

    found: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    through: dict[tuple[str, str], str] = field(default_factory=dict)
    """Type and name -> the name of the explicit provider that makes it."""
    hierarchical: bool = False
    """What Azure says of adopted accounts."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Answer with the inputs and what the cloud adds."""
        self.found.setdefault(args.typ, {})[args.name] = args.inputs
        if args.provider:  # <URN>::<id>
            self.through[args.typ, args.name] = args.provider.split("::")[-2]
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
        if args.typ == "azure-native:storage:StorageAccount":
            outputs |= {"name": args.inputs["accountName"], "primaryEndpoints": {"blob": BLOB_ENDPOINT}}
        if args.typ == "azure-native:resources:ResourceGroup":
            outputs |= {"name": args.inputs["resourceGroupName"]}
        if args.typ == "lightly:index:AzureSas":
            return azure_sas(args.inputs)
        if args.typ.startswith("gcp:"):
            outputs |= google(args.typ, args.inputs)
        return f"{args.name}-id", outputs

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Invokes; those of Azure are kept, to see who asks for keys."""
        if args.token.startswith("azure-native:"):
            name = str(len(self.found))
            self.found.setdefault(args.token, {})[name] = args.args
            if args.provider:
                self.through[args.token, name] = args.provider.split("::")[-2]
            keys = {"keys": [{"keyName": "key1", "value": pulumi.Output.secret(ACCOUNT_KEY), "permissions": "FULL"}]}
            account = {"primaryEndpoints": {"blob": BLOB_ENDPOINT}, "isHnsEnabled": self.hierarchical}
            return {**(keys if args.token.endswith("Keys") else account)}, []
        assert args.token == "aws:index/getCallerIdentity:getCallerIdentity"
        return {"accountId": "123456789012", "arn": "arn:aws:iam::123456789012:user/x", "id": "x", "userId": "x"}, []

    def only(self, kind: str) -> dict[str, Any]:
        """The inputs of the one resource of this type."""
        (inputs,) = self.found[kind].values()
        return inputs


def azure_sas(inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What the provider makes."""
    account, container, policy = inputs["accountName"], inputs["container"], inputs["policy"]
    directory = inputs["directory"] if inputs["hierarchical"] else ""
    if inputs["method"] == "user_delegation":
        made = urlencode(
            {
                "sv": "2026-04-06",
                "sp": "rl",
                "st": inputs["start"],
                "se": inputs["expiry"],
                "spr": "https",
                "sr": "c",
                "skoid": "o",
                "sktid": "t",
                "skt": inputs["start"],
                "ske": inputs["expiry"],
                "sks": "b",
                "skv": "2026-04-06",
                "sig": "the-signature",
            }
        )
    else:
        made = token(account, container, policy, ACCOUNT_KEY, directory=directory)
    outputs = {"sasToken": pulumi.Output.secret(made), "permissions": PERMISSIONS[inputs["purpose"]]}
    return f"{account}/{container}/{policy}", {**inputs, **outputs}


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
