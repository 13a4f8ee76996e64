"""`lightly-access rotate`: what is written, what is said where nothing is, and what is refused."""

import json
from pathlib import Path

import pytest
from lightly_access.manifest.stack_file import check_path
from lightly_cli.main import main

MANIFEST = """config:
  aws:region: eu-central-1
  lightly-access:stores:
    lake: {kind: s3, bucket: acme-lake, region: eu-central-1}
    obs: {kind: obs, bucket: acme-obs, endpoint: 'https://obs.eu-de.otc.t-systems.com'}
  lightly-access:datasets:
    cows: # the first
      type: images
      input: {store: lake, path: in/, access: delegated} # a role
      lightly: # ours
        store: lake
        path: out/
        access: user # a key
    bees:
      type: images
      input: {store: obs, path: bees-in/, access: key, access_key_id: 'env:BEES', secret: bees}
      lightly: {store: obs, path: bees-out/, access: key, access_key_id: 'env:BEES', secret: 'env:BEES_SECRET'}
    pigs:
      revoked: true
      type: images
      input: {store: lake, path: p/, access: user}
      lightly: {store: lake, path: q/, access: user}
  lightly-keys:bees: {secure: v1:abc}
"""


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: farm\nruntime: python\n")
    (written := tmp_path / "Pulumi.prod.yaml").write_text(MANIFEST)
    monkeypatch.chdir(tmp_path)
    return written


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["rotate", *args])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_it_writes_one_line_says_which_run_does_it_and_why_the_role_stays(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "cows")
    assert code == 0, err
    said = out.splitlines()
    assert said[0] == "Pulumi.prod.yaml:14: datasets.cows.lightly.rotate_now is written"
    assert said[1].startswith("cows INPUT: nothing is replaced: a role has no key")
    assert "`pulumi up --stack prod` makes the new credential" in said[2]
    lines = stack.read_text().splitlines()
    assert [line for line in lines if line not in MANIFEST.splitlines()] == [lines[13]]
    manifest = check_path(stack).manifest
    assert manifest is not None
    first = manifest.datasets["cows"].lightly.rotate_now
    assert first is not None
    assert run(capsys, "cows", "--purpose", "lightly")[0] == 0
    again = check_path(stack).manifest
    assert again is not None
    assert again.datasets["cows"].lightly.rotate_now != first


def test_what_is_not_ours_is_told_how_its_owner_replaces_it(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "bees", "--json")
    found = json.loads(out)
    assert (code, found["ok"], found["written"], found["run"]) == (1, False, [], None)
    assert "`pulumi config set --secret lightly-keys:bees`" in found["unrotated"][0]["why"]
    assert "give it in BEES_SECRET" in found["unrotated"][1]["why"]
    assert stack.read_text() == MANIFEST


@pytest.mark.parametrize(
    ("name", "said"),
    [("cow", "did you mean 'cows'?"), ("pigs", "take `revoked: true` out")],
    ids=["unknown", "revoked"],
)
def test_wrong_usage_says_what_to_do(name: str, said: str, stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, name)
    assert code == 2
    assert said in err
    assert stack.read_text() == MANIFEST


def test_what_cannot_be_written_alone_is_refused_with_the_line(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared = MANIFEST.replace("      lightly: # ours\n        store", "      lightly: &own\n        store").replace(
        "lightly: {store: lake, path: q/, access: user}", "lightly: {<<: *own, path: q/}"
    )
    stack.write_text(shared)
    code, _, err = run(capsys, "cows")
    assert code == 2
    assert "write it by hand: `rotate_now: " in " ".join(err.split())
    assert stack.read_text() == shared
