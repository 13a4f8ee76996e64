"""A hardened dataset on the local clouds: Lightly calls from 127.0.0.1, the network is another address of loopback."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from lightly_sandbox.deployer import Deployer, Outcome, State
from lightly_sandbox.kinds.s3.client import account, make_bucket
from lightly_sandbox.lights import datasets, red_lights
from lightly_sandbox.sandbox import REGION, Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import stack_of

STACK = "fenced"
LIGHTLY, NETWORK = "127.0.0.1", "127.0.0.2"
BUCKET, RESULTS = "acme-fenced", "acme-fenced-results"
DELEGATED, USER = "delegated", "user"


def config(network: str) -> dict[str, Any]:
    hardened = {"vpc_ids": ["vpc-0a1b2c3d"], "cidrs": [f"{network}/32"]}
    lightly = {"store": "results", "path": "cows/", "access": USER, "hardened": hardened}
    return {
        "aws:region": REGION,
        "lightly-access:verify": {"deadline": 10},
        "lightly-access:stores": {
            "lake": {"kind": "s3", "bucket": BUCKET, "region": REGION},
            "results": {"kind": "s3", "bucket": RESULTS, "region": REGION, "create": True, "force_destroy": True},
        },
        "lightly-access:datasets": {
            "cows": {
                "type": "images",
                "input": {"store": "lake", "path": "cows/", "access": DELEGATED, "hardened": hardened},
                "lightly": lightly,
            },
        },
    }


class Fenced:
    """The stack, and what is asked of it."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self._folder, self.network = sandbox, folder, NETWORK

    def _deployer(self) -> Deployer:
        return stack_of(self.sandbox, self._folder, STACK, config(self.network))

    def up(self) -> Outcome:
        return self._deployer().up()

    def refresh(self) -> Outcome:
        return self._deployer().refresh()

    def destroy(self) -> Outcome:
        return self._deployer().destroy()

    def state(self, *, show_secrets: bool = False) -> State:
        return self._deployer().state(show_secrets=show_secrets)

    def made(self, kind: str, name: str) -> dict[str, Any]:
        """Outputs of one resource, secrets in clear."""
        resources = self.state(show_secrets=True)["deployment"]["resources"]
        (found,) = [
            resource for resource in resources if resource["type"] == kind and resource["urn"].endswith(f"::{name}")
        ]
        return {**{key: _clear(value) for key, value in found["outputs"].items()}, "id": found["id"]}


def _clear(value: Any) -> Any:
    return json.loads(value["plaintext"]) if isinstance(value, dict) and "plaintext" in value else value


@pytest.fixture
def fenced(tmp_path: Path) -> Iterator[Fenced]:
    with start_sandbox() as sandbox:
        s3 = account(sandbox, "customer").s3
        make_bucket(s3, BUCKET)
        s3.put_object(Bucket=BUCKET, Key="cows/1.png", Body=b"\x89PNG")
        yield Fenced(sandbox, tmp_path)


def call(sandbox: Sandbox, source: str, who: Credentials, method: str, path: str, body: bytes = b"") -> int:
    """The status of a signed call to S3 from an address of this machine."""
    request = AWSRequest(method, f"{sandbox.aws.url}/{path}", data=body)
    S3SigV4Auth(who, "s3", REGION).add_auth(request)
    with urllib3.PoolManager(source_address=(source, 0)) as http:
        ready = request.prepare()
        answer = http.request(method, str(ready.url), headers=dict(ready.headers), body=body or None)
    return answer.status


def as_lightly(fenced: Fenced) -> Credentials:
    """A session of the INPUT role, with the external ID, as Lightly's account has it."""
    external_id = fenced.made("lightly:index:ExternalId", "cows-input-access-external-id")["value"]
    role = fenced.made("aws:iam/role:Role", "cows-input-access-role")["arn"]
    assumed = account(fenced.sandbox, "lightly").sts.assume_role(
        RoleArn=role, RoleSessionName="lightly", ExternalId=external_id
    )["Credentials"]
    return Credentials(assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"])


def as_user(fenced: Fenced) -> Credentials:
    key = fenced.made("aws:iam/accessKey:AccessKey", "cows-lightly-access-key")
    return Credentials(str(key["id"]), str(key["secret"]))


def test_lightly_lists_the_network_reads_and_writes_and_that_is_green(fenced: Fenced) -> None:
    outcome = fenced.up()
    assert outcome.ok, outcome.diagnostics
    assert red_lights(fenced.state()) == []
    (dataset,) = datasets(fenced.state()).values()
    assert dataset.verified
    reader, writer = as_lightly(fenced), as_user(fenced)
    for source, status in ((LIGHTLY, 403), (NETWORK, 200)):
        assert call(fenced.sandbox, source, reader, "GET", f"{BUCKET}?prefix=cows%2F") == 200
        assert call(fenced.sandbox, source, reader, "GET", f"{BUCKET}/cows/1.png") == status
        assert call(fenced.sandbox, source, reader, "PUT", f"{BUCKET}/cows/2.png", b"x") == 403
        assert call(fenced.sandbox, source, writer, "GET", f"{RESULTS}?prefix=cows%2F") == 200
        assert call(fenced.sandbox, source, writer, "PUT", f"{RESULTS}/cows/thumb.png", b"x") == status
    again = fenced.up()
    assert again.ok
    assert again.unchanged
    assert fenced.destroy().ok


def test_the_relevant_filenames_stay_open_for_lightly(fenced: Fenced) -> None:
    assert fenced.up().ok
    writer, key = as_user(fenced), f"{RESULTS}/cows/.lightly/relevant_filenames.txt"
    assert call(fenced.sandbox, NETWORK, writer, "PUT", key, b"1.png") == 200
    assert call(fenced.sandbox, LIGHTLY, writer, "GET", key) == 200
    assert call(fenced.sandbox, LIGHTLY, writer, "PUT", key, b"2.png") == 403
    assert call(fenced.sandbox, LIGHTLY, writer, "GET", f"{key}0") == 403


def test_a_network_that_lightly_is_in_is_red_for_every_right(fenced: Fenced) -> None:
    fenced.network = LIGHTLY
    outcome = fenced.up()
    assert not outcome.ok
    assert outcome.says("cows", "INPUT: read should be refused: the hardening does not hold", "cidrs")
    red = {(str(red_light.purpose), str(red_light.capability)) for red_light in red_lights(fenced.state())}
    assert red == {("INPUT", "read"), ("LIGHTLY", "read"), ("LIGHTLY", "write"), ("LIGHTLY", "overwrite")}


def test_somebody_who_opens_it_behind_our_back_is_found_out(fenced: Fenced) -> None:
    assert fenced.up().ok
    group = fenced.made("aws:iam/group:Group", "cows-lightly-access-group")["name"]
    anywhere = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"arn:aws:s3:::{RESULTS}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [anywhere]})
    iam = account(fenced.sandbox, "customer").iam
    iam.put_group_policy(GroupName=group, PolicyName="convenient", PolicyDocument=document)
    fenced.refresh()
    red = {(str(red_light.purpose), str(red_light.capability)) for red_light in red_lights(fenced.state())}
    assert red == {("LIGHTLY", "write"), ("LIGHTLY", "overwrite")}, "read: Lightly says no while INPUT refuses it"
    iam.delete_group_policy(GroupName=group, PolicyName="convenient")
    fenced.refresh()
    assert red_lights(fenced.state()) == []
