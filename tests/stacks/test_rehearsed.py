"""A project whose stores and credentials are all in somebody else's hands is rehearsed: its own program, unchanged."""

from pathlib import Path

import pytest
from lightly_sandbox.rehearse import Options, rehearse

from tests.lightly_sandbox.reporter import Silent

pytestmark = pytest.mark.engine

PROGRAM = "import parts\n"
PARTS = "from lightly_access import deploy_stack\n\ndeploy_stack()\n"
SKIPS = """
import json
import pulumi
from pulumi.runtime.config import CONFIG
from lightly_access import deploy_stack

datasets = json.loads(pulumi.Config("lightly-access").require("datasets"))
CONFIG.set({**CONFIG.get(), "lightly-access:datasets": json.dumps({"cows": datasets["cows"]})})
deploy_stack()
"""
STACK = """
config:
  aws:region: eu-central-1
  aws:profile: production
  lightly:token: {secure: v1:abc}
  lightly-keys:cows-id: {secure: v1:def}
  lightly-access:manifest: manifest/
  lightly-access:accounts:
    data: {cloud: aws, role_arn: "arn:aws:iam::222222222222:role/deployer", external_id: env:DEPLOYER_EXTERNAL_ID}
"""
MANIFEST = """
stores:
  lake:
    kind: s3
    bucket: acme-lake
    region: eu-west-1
    kms_key: arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
  theirs: {kind: s3, bucket: data-results, region: us-east-1, owner: data}
  made: {kind: s3, bucket: data-made, region: eu-west-1, owner: data, create: true, kms_key: create}
datasets:
  cows: # by a role and a key that somebody else made, the role in another account than the bucket
    type: images
    adopt: true
    input:
      store: lake
      path: cows/
      access: delegated
      role_arn: arn:aws:iam::333333333333:role/lightly/cows
      external_id: cows-id
    lightly: {store: theirs, path: cows/, access: user, access_key_id: AKIAIOSFODNN7EXAMPLE, secret: env:COWS_SECRET}
  hens:
    type: videos
    name: hens-2026
    input:
      store: lake
      path: hens/
      access: delegated
      permissions_boundary: arn:aws:iam::111122223333:policy/teams/bound
    lightly: {store: made, path: hens/, access: user}
"""


ON_SITE = """
stores:
  disk: {kind: local, input_mount: /srv/images, lightly_mount: /srv/lightly}
datasets:
  cows:
    type: images
    input: {store: disk, path: cows/, access: mount}
    lightly: {store: disk, path: cows/, access: mount}
  hens: {type: images, input: {store: disk, path: h/, access: mount}, lightly: {store: disk, path: h/, access: mount}}
"""


def project(folder: Path, program: str = PROGRAM, manifest: str = MANIFEST) -> Options:
    (folder / "manifest").mkdir(parents=True)
    for name, text in {
        "Pulumi.yaml": "name: acme\nruntime: python\n",
        "Pulumi.prod.yaml": STACK,
        "manifest/all.yaml": manifest,
        "__main__.py": program,
        "parts.py": PARTS,
    }.items():
        (folder / name).write_text(text)
    return Options(folder, stack="prod", only=("again", "destroy", "revoked"))


def test_everything_that_is_there_already_is_there_and_nothing_of_it_is_touched(tmp_path: Path) -> None:
    told = Silent()
    played = rehearse(project(tmp_path), told)
    assert [record.failures for record in played.records] == [[], [], [], []]
    said = "\n".join(told.told)
    for words in (
        "AKIAIOSFODNN7EXAMPLE" not in said and "datasets.cows.lightly.access_key_id" in said,
        "ok role arn:aws:iam::333333333333:role/lightly/cows (cows INPUT) is yours and works as before" in said,
        "ok only the adopted stores are left: acme-lake, data-results" in said,
        "ok 0 creates, 0 updates, 0 deletes" in said,
    ):
        assert words, said


def test_a_program_that_leaves_a_dataset_out_is_a_failed_rehearsal(tmp_path: Path) -> None:
    options = project(tmp_path, SKIPS, ON_SITE)
    (up,) = rehearse(Options(options.project, stack="prod", only=("up",)), Silent()).records
    assert [failure.partition("\n")[2].strip() for failure in up.failures] == ["hens"], up.failures
