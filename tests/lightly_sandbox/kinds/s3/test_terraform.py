"""The local AWS and its mock provider before a check that is not ours: HashiCorp's provider, run by Terraform.

What the components declare for a manifest is applied by the user whom `lightly-access deployer-policy` describes,
planned again without a change, drifted from in two rounds, imported and destroyed; of that policy nothing is too much.
The provider reads back all that it
writes, so an emulator that forgets, adds or words anything otherwise is found out; and the mock provider looks at every
drift beside it, and has to see the same.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from lightly_access.kinds.s3.deployer_policy import aws_deployment
from lightly_access.manifest import Manifest
from lightly_policies.deployer import aws_deployer, managed_policies
from lightly_sandbox.kinds.s3.mock_provider import mock_provider
from lightly_sandbox.kinds.s3.mock_provider.table import TYPES
from lightly_sandbox.kinds.s3.service import AWS
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.granted import needless, ungranted
from tests.lightly_sandbox.kinds.s3.drifts import BARN, GONE, HENS, INPUT, LAKE, YARD, Drift, changed, removed
from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION, Aws, Keys, allow
from tests.lightly_sandbox.kinds.s3.terraform import Declared, Terraform, configuration, declared, find_mirror, snake
from tests.lightly_sandbox.mock_providers.client import Made, Plugin

Seen = set[tuple[str, str]]
"""Address and property; `GONE` for a resource that is to be made anew."""
BOUNDS = "arn:aws:iam::123456789012:policy/bounds"
MADE = {"kind": "s3", "region": REGION, "create": True, "force_destroy": True}
MANIFEST: dict[str, Any] = {
    "tags": {"team": "herd"},
    "stores": {
        "lake": {**MADE, "bucket": LAKE, "kms_key": "create", "versioning": True, "noncurrent_days": 30},
        "barn": {**MADE, "bucket": BARN},
        "yard": {**MADE, "bucket": YARD},
    },
    "datasets": {
        "cows": {
            "type": "images",
            "input": {"store": "lake", "path": "cows/", "access": "delegated", "permissions_boundary": BOUNDS},
            "lightly": {
                "store": "lake",
                "path": "lightly/cows/",
                "access": "delegated",
                "permissions_boundary": BOUNDS,
            },
        },
        "hens": {
            "type": "images",
            "input": {"store": "barn", "path": "hens/", "access": "user", "permissions_boundary": BOUNDS},
            "lightly": {"store": "barn", "path": "out/hens/", "access": "user", "permissions_boundary": BOUNDS},
        },
    },
}
NOT_IMPORTED = {"aws_iam_access_key", "aws_iam_user_group_membership"}
"""A secret cannot be read again; a membership is found by another id than its own."""
WISHES = {"aws_s3_bucket", "aws_iam_user", "aws_kms_key", "aws_s3_object"}
"""Types with an input that no cloud knows, about their own end or content: an import is followed by an update."""


@pytest.fixture(scope="module")
def mirror() -> Path:
    return find_mirror()


@pytest.fixture(scope="module")
def server(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    log = tmp_path_factory.mktemp("aws") / "log.txt"
    with start("lightly_sandbox.kinds.s3.emulator", {"region": REGION}, log).wait() as running:
        yield running
    assert log.read_text() == ""


@pytest.fixture(scope="module")
def aws(server: ServerProcess) -> Aws:
    return Aws(server.url, dict(server.announcement["accounts"]))


@pytest.fixture(scope="module")
def plugin(server: ServerProcess) -> Iterator[Plugin]:
    serving = mock_provider(AWS.mock_provider_settings({**server.announcement, "url": server.url}))
    connection = Plugin(serving.port, {"region": REGION})
    yield connection
    connection.close()
    serving.stop()


def user(aws: Aws, name: str, policy: str) -> Keys:
    """A user with this policy and nothing else."""
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    for number, part in enumerate(managed_policies(policy)):
        made = iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=part)
        iam.attach_user_policy(UserName=name, PolicyArn=made["Policy"]["Arn"])
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Keys(key["AccessKeyId"], key["SecretAccessKey"])


def import_id(type: str, values: Mapping[str, Any]) -> str:
    """How a resource is named to an import, and in `drifts`; the one key has no name."""
    match type:
        case "aws_s3_object":
            return f"{values['bucket']}/{values['key']}"
        case "aws_iam_user_group_membership":
            return "/".join([values["user"], *values["groups"]])
    return str(values["id"])


def named(type: str, values: Mapping[str, Any]) -> str:
    """How a drift names a resource."""
    if type in ("aws_iam_access_key", "aws_iam_user_group_membership"):
        return str(values["user"])
    return "" if type == "aws_kms_key" else import_id(type, values)


class Beside:
    """The mock provider with the same resources: what it would do, and so what it has seen."""

    def __init__(self, plugin: Plugin, resources: Iterable[Declared], state: Mapping[str, Any]) -> None:
        self._plugin = plugin
        (key,) = [values["arn"] for address, values in state.items() if address.startswith("aws_kms_key.")]
        self._wanted = {each.address: self._inputs(each, key) for each in resources}
        self._made = {each.address: self._imported(each, state[each.address]) for each in resources}

    def seen(self) -> Seen:
        found: Seen = set()
        for address, made in self._made.items():
            now = self._plugin.read(made)
            if now is None:
                found.add((address, GONE))
            else:
                difference = self._plugin.diff(now, self._wanted[address])
                assert not list(difference.replaces), address
                found |= {(address, name) for name in difference.diffs}
        return found

    def _inputs(self, each: Declared, key: str) -> dict[str, Any]:
        text = json.dumps(each.inputs).replace(f"arn:aws:kms:{REGION}:123456789012:key/1", key)
        inputs: dict[str, Any] = json.loads(text)
        return inputs

    def _imported(self, each: Declared, values: Mapping[str, Any]) -> Made:
        made = self._plugin.imported(each.token, each.name, import_id(each.type, values))
        assert made is not None, each.address
        return replace(made, inputs=self._plugin.checked(each.token, each.name, self._wanted[each.address]))


def seen_by_terraform(resources: Iterable[Declared], plan: Mapping[str, Any]) -> Seen:
    found: Seen = set()
    for each in resources:
        change = plan[each.address]
        assert change["actions"] in (["no-op"], ["create"], ["update"]), (each.address, change["actions"])
        if change["actions"] == ["create"]:
            found.add((each.address, GONE))
        elif change["actions"] == ["update"]:
            before, after = change["before"], change["after"]
            names = {name for name in before if before[name] != after.get(name) and name not in change["after_unknown"]}
            found |= {(each.address, prop.name) for prop in TYPES[each.token].inputs if snake(prop.name) in names}
    return found


def expected(drifts: Iterable[Drift], state: Mapping[str, Mapping[str, Any]]) -> Seen:
    """What has to be seen, by address; the drifts happen."""
    found: Seen = set()
    for drift in drifts:
        (address,) = [
            address
            for address, values in state.items()
            if address.split(".")[0] == drift.type and named(drift.type, values) == drift.named
        ]
        found.add((address, drift.property))
        drift.happen()
    return found


def test_hashicorps_provider_and_ours_agree_about_the_local_aws(
    mirror: Path, server: ServerProcess, aws: Aws, plugin: Plugin, tmp_path: Path
) -> None:
    manifest = Manifest.parse(MANIFEST)
    resources = declared(manifest)
    everything = configuration(resources)
    deployment = aws_deployment(manifest, project="acme", stack="test", account="123456789012")
    policy = aws_deployer(deployment)
    aws.client("iam").create_policy(PolicyName="bounds", PolicyDocument=allow(["s3:*", "kms:*"]))
    somewhere = Terraform(tmp_path, mirror, server.url, user(aws, "deployer", policy))

    mine = somewhere.write("mine", resource=everything)
    mine.apply()
    state = mine.ids()
    assert state.keys() == {each.address for each in resources}
    beside = Beside(plugin, resources, state)
    assert seen_by_terraform(resources, mine.plan()) == beside.seen() == set()

    reads = aws_deployer(deployment, read_only=True)
    theirs = replace(somewhere, keys=user(aws, "reader", reads)).write("reads", resource=everything)
    shutil.copy(mine.folder / "terraform.tfstate", theirs.folder)
    assert seen_by_terraform(resources, theirs.plan()) == set()
    too_much = needless(reads, _asked(server, "reader"))
    assert {sid for sid, _ in too_much if not sid.startswith("Verify")} == set()
    assert ungranted(reads, _asked(server, "reader")) == set()

    wanted = expected(changed(aws), state)
    assert seen_by_terraform(resources, mine.plan()) == wanted
    assert beside.seen() == wanted
    mine.apply()
    assert beside.seen() == set()
    _imported(somewhere, resources, everything, state)

    others = expected(removed(aws), state)
    assert len(wanted) + len(others) > 30
    assert seen_by_terraform(resources, mine.plan()) == others
    assert beside.seen() == others
    _others_give_more(aws)
    # A setting is deleted with its bucket, as in the program.
    mine.run("state rm", *(each.address for each in resources if each.type.startswith("aws_s3_bucket_")))
    mine.run("destroy", "-auto-approve")
    _nothing_left(aws)
    assert needless(policy, _asked(server)) == set()
    assert ungranted(policy, _asked(server)) == set()


def _asked(server: ServerProcess, name: str = "deployer") -> dict[str, list[str]]:
    """What a user needed: action -> resources."""
    asked = Request(f"{server.url}/_sandbox/asked", headers={"X-Sandbox-Nonce": server.nonce})
    with urlopen(asked) as answered:
        found: dict[str, list[str]] = json.load(answered)[f"arn:aws:iam::123456789012:user/{name}"]
    return found


def _imported(
    somewhere: Terraform, resources: list[Declared], everything: dict[str, Any], state: dict[str, Any]
) -> None:
    """All is found by its id, and nothing is to be made anew."""
    ids = {
        each.address: import_id(each.type, state[each.address]) for each in resources if each.type not in NOT_IMPORTED
    }
    imports = [{"to": address, "id": its} for address, its in ids.items()]
    theirs = somewhere.write("theirs", resource=everything, **{"import": imports})
    plan = theirs.plan()
    actions = {address: change["actions"] for address, change in plan.items() if address in ids}
    assert all("importing" in plan[address] for address in ids)
    changing = {address.split(".")[0] for address, action in actions.items() if action != ["no-op"]}
    assert changing <= WISHES
    assert {tuple(action) for action in actions.values()} <= {("no-op",), ("update",)}


def _others_give_more(aws: Aws) -> None:
    """Policies in a role and a user of ours, which end with them."""
    iam, arn = aws.client("iam"), "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    iam.put_role_policy(RoleName=INPUT, PolicyName="others", PolicyDocument=allow("s3:*"))
    iam.attach_role_policy(RoleName=INPUT, PolicyArn=arn)
    iam.put_user_policy(UserName=HENS, PolicyName="others", PolicyDocument=allow("s3:*"))
    iam.attach_user_policy(UserName=HENS, PolicyArn=arn)


def _nothing_left(aws: Aws) -> None:
    iam, kms = aws.client("iam"), aws.client("kms")
    assert aws.client("s3").list_buckets()["Buckets"] == []
    assert iam.list_users(PathPrefix="/lightly/")["Users"] == []
    assert iam.list_roles(PathPrefix="/lightly/")["Roles"] == []
    assert iam.list_groups(PathPrefix="/lightly/")["Groups"] == []
    states = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] for key in kms.list_keys()["Keys"]]
    assert states == ["PendingDeletion"]
