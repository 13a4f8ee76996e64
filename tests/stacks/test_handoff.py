"""Where access is somebody else's: a bundle is handed off, its commands are run, what they made is adopted."""

from pathlib import Path
from typing import Any

from lightly_access.handoff.bundle import bundle
from lightly_access.manifest import Manifest
from lightly_core.capability import Purpose
from lightly_sandbox.kinds.s3.client import account, make_bucket
from lightly_sandbox.lights import datasets, red_lights
from lightly_sandbox.sandbox import REGION
from lightly_sandbox.start import start_sandbox

from tests.deploying import deployer, must
from tests.lightly_access.handoff.owner import Login, run

BUCKET = "herd-lake"
STORES: dict[str, Any] = {"lake": {"kind": "s3", "bucket": BUCKET, "region": REGION}}
SERVICES: dict[str, dict[str, Any]] = {
    "input": {"store": "lake", "path": "cows/", "access": "delegated"},
    "lightly": {"store": "lake", "path": "lightly/cows/", "access": "user"},
}


def test_what_the_commands_of_a_bundle_made_is_adopted_and_verified(tmp_path: Path) -> None:
    files = bundle(manifest(SERVICES), "cows", project="p", stack="s").files
    with start_sandbox(tmp_path / "log.txt", kinds=("s3",)) as sandbox:
        s3 = account(sandbox, "customer").s3
        make_bucket(s3, BUCKET)
        for path in ("cows/1.png", "lightly/cows/"):
            s3.put_object(Bucket=BUCKET, Key=path, Body=b"x" if path.endswith("g") else b"")
        owner = sandbox.accounts["customer"]
        login = Login(sandbox.environment()["AWS_ENDPOINT_URL"], owner.access_key_id, owner.secret_access_key.reveal())
        printed = run(files, tmp_path, login)

        role = next(word for word in printed.split() if word.startswith("arn:aws:iam::"))
        key_id, secret = (tmp_path / "secrets/lightly-access-key.txt").read_text().split()
        given = {
            "input": {"role_arn": role, "external_id": "env:COWS_EXTERNAL_ID"},
            "lightly": {"access_key_id": key_id, "secret": "env:COWS_SECRET"},
        }
        services = {service: {**SERVICES[service], **given[service]} for service in SERVICES}
        given_by_environment = {
            "COWS_EXTERNAL_ID": (tmp_path / "secrets/input-external-id.txt").read_text(),
            "COWS_SECRET": secret,
        }
        config = {**tables(services), "lightly-access:verify": {"deadline": 20, "confirmations": 1}}
        stack = deployer(sandbox, tmp_path / "stack", config, env=given_by_environment)
        must(stack.up())
        state = stack.state()
        assert datasets(state)["cows"].verified
        # What a role that only Lightly may assume can do beyond Lightly's own questions, nobody here can tell.
        assert {(red_light.purpose, red_light.light.actual) for red_light in red_lights(state)} == {
            (Purpose.INPUT, None)
        }
        assert not [resource for resource in state["deployment"]["resources"] if resource["type"].startswith("aws:")]


def tables(services: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"lightly-access:stores": STORES, "lightly-access:datasets": {"cows": {"type": "images", **services}}}


def manifest(services: dict[str, dict[str, Any]]) -> Manifest:
    return Manifest.parse(tables(services))
