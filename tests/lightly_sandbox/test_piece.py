"""What of a stack is played: its manifest and its own settings, and none of its logins and secrets."""

from pathlib import Path

import pytest
from lightly_core.secret import Secret
from lightly_sandbox.piece import Piece
from lightly_sandbox.rehearse import Options

PROJECT = """
name: acme
runtime: {name: RUNTIME}
config: {greeting: {default: hello}, "aws:region": eu-west-1}
"""
STACK = """
environment: [acme/tokens]
secretsprovider: awskms://alias/acme
config:
  lightly:token: {secure: v1:abc}
  lightly:serverLocation: https://api.eu.lightly.ai
  aws:profile: production
  aws:secretKey: {secure: v1:def}
  gcp:project: acme-ml
  acme:database: {password: {secure: v1:ghi}}
  acme:size: 3
  lightly-keys:theirs: {secure: v1:jkl}
  lightly-access:manifest: manifest/
  lightly-access:verify: {deadline: 300, confirmations: 1}
  lightly-access:accounts:
    ml: {cloud: gcp, project: acme-ml, impersonate: deployer@acme-ml.iam.gserviceaccount.com}
"""
MANIFEST = """
stores:
  photos: {kind: obs, bucket: acme-photos, endpoint: "https://obs.example.com"}
  frames: {kind: gcs, bucket: acme-frames, project: acme-ml, owner: ml}
datasets:
  cows:
    type: images
    input: {store: photos, path: cows/, access: key, access_key_id: AKIAEXAMPLEEXAMPLE, secret: theirs}
    lightly: {store: frames, path: cows/, access: service_account}
"""


def piece(folder: Path, *, runtime: str = "python", stores: tuple[str, ...] = ()) -> Piece:
    (folder / "manifest").mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT.replace("RUNTIME", runtime))
    (folder / "Pulumi.prod.yaml").write_text(STACK)
    (folder / "manifest" / "all.yaml").write_text(MANIFEST)
    return Options(folder, stack="prod", stores=stores).piece()


def test_the_stack_is_played_without_its_logins_and_with_secrets_that_open_nothing(tmp_path: Path) -> None:
    found = piece(tmp_path)
    assert {key: found.config[key] for key in ("acme:greeting", "aws:region", "gcp:project", "acme:size")} == {
        "acme:greeting": "hello", "aws:region": "eu-west-1", "gcp:project": "acme-ml", "acme:size": 3
    }  # fmt: skip
    assert isinstance(found.config["acme:database"], Secret)
    namespaces = {key.partition(":")[0] for key in found.config}
    assert namespaces == {"acme", "aws", "gcp", "lightly-access"}
    assert "v1:" not in str({key: getattr(value, "reveal", lambda v=value: v)() for key, value in found.config.items()})
    assert found.replaced == ["acme:database", "aws:profile", "aws:secretKey"]


def test_the_manifest_is_that_of_its_folder_with_a_deadline_for_clouds_that_are_quick(tmp_path: Path) -> None:
    found = piece(tmp_path)
    assert "lightly-access:manifest" not in found.config
    assert found.config["lightly-access:stores"].keys() == {"photos", "frames"}
    assert found.config["lightly-access:verify"] == {"deadline": 20, "confirmations": 1}
    assert found.manifest.datasets.keys() == {"cows"}


def test_the_line_names_what_cannot_be_played(tmp_path: Path) -> None:
    line = piece(tmp_path).words()
    assert line.startswith("playing acme/prod by its own program: 1 dataset, 2 stores; local here: ")
    assert "; not played: that whoever deploys to ml becomes deployer@acme-ml.iam.gserviceaccount.com; " in line
    assert "acme/tokens" in line
    assert "\n" not in line


def test_a_shard_plays_the_whole_manifest(tmp_path: Path) -> None:
    piece(tmp_path)
    (tmp_path / "Pulumi.prod-shard-2.yaml").write_text(f"{STACK}  lightly-access:shard: 2/2\n")
    found = Options(tmp_path, stack="prod-shard-2").piece()
    assert "lightly-access:shard" not in found.config
    assert "this stack is 2/2" in found.words()


def test_a_program_in_another_language_is_not_run_here_and_that_is_said(tmp_path: Path) -> None:
    found = piece(tmp_path, runtime="nodejs")
    assert found.project.program is None
    assert " by deploy_stack: " in found.words()
    assert "nodejs" in found.words()


@pytest.mark.parametrize("stores", [(), ("obs", "gcs")])
def test_the_kinds_are_those_of_the_stores_that_are_played(tmp_path: Path, stores: tuple[str, ...]) -> None:
    assert piece(tmp_path, stores=stores).kinds == {"obs", "gcs"}
