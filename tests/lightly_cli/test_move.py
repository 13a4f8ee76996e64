"""`lightly-access move` as far as no engine is needed: what is refused, and that nothing was written then."""

import json
from pathlib import Path
from typing import Any

import pytest
from lightly_cli import deployed
from lightly_cli.main import main

from tests.lightly_access.move.test_state import prod, state

STORES = """\
  lightly-access:stores:
    lake: {kind: s3, bucket: acme-lake, region: eu-central-1}
"""
ENTRY = """\
    cows: # of the farm
      type: images
      input: {store: lake, path: in/, access: delegated}
      lightly: {store: lake, path: out/, access: user}
"""
GIVEN = """\
    cows:
      type: images
      input: {store: lake, path: in/, access: delegated}
      lightly: {store: lake, path: out/, access: user, access_key_id: AKIAIOSFODNN7EXAMPLE, secret: cows}
"""
HEAD = "config:\n  aws:region: eu-central-1\n"
KEY = "  lightly-keys:cows: {secure: v1:a:b}\n"


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stacks whose state was written; two stacks, of which `prod` has the dataset."""
    stacks: list[str] = []
    (tmp_path / "Pulumi.yaml").write_text("name: farm\nruntime: python\n")
    monkeypatch.chdir(tmp_path)
    write(tmp_path, ENTRY)
    states: dict[str | None, dict[str, Any]] = {"prod": prod(), "eu": state()}
    monkeypatch.setattr(deployed, "document", lambda stack, _, **__: states[stack])
    monkeypatch.setattr(deployed, "bring", lambda stack, document: stacks.append(stack))
    return stacks


def write(folder: Path, entry: str, eu: str = HEAD, more: str = "") -> None:
    (folder / "Pulumi.prod.yaml").write_text(f"{HEAD}{more}{STORES}  lightly-access:datasets:\n{entry}")
    (folder / "Pulumi.eu.yaml").write_text(eu)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(["move", "cows", "--from", "prod", "--to", "eu", "--yes", *words])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


def test_states_and_manifests_are_written_and_kept(
    brought: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys)
    assert code == 0, said
    assert brought == ["eu", "prod"]
    assert "cows: # of the farm" in (tmp_path / "Pulumi.eu.yaml").read_text()
    assert "cows" not in (tmp_path / "Pulumi.prod.yaml").read_text()
    kept = {file.name.partition("-before")[0]: json.loads(file.read_text()) for file in tmp_path.glob("*-move-*.json")}
    assert kept == {"prod": prod(), "eu": state()}


def test_into_a_manifest_folder_it_goes_as_a_file_of_its_own(
    brought: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "eu").mkdir()
    (tmp_path / "eu" / "stores.yaml").write_text(STORES.replace("  lightly-access:", "").replace("    ", "  "))
    write(tmp_path, ENTRY, f"{HEAD}  lightly-access:manifest: eu\n")
    code, said = run(capsys)
    assert code == 0, said
    assert (tmp_path / "eu" / "cows.yaml").read_text().startswith("datasets:\n  cows: # of the farm\n")


TAKEN = f"{HEAD}{STORES}  lightly-access:datasets:\n{ENTRY.replace('cows', 'hens').replace('in/', 'data/')}"


@pytest.mark.parametrize(
    ("entry", "eu", "more", "said"),
    [
        (ENTRY, TAKEN, "", "eu would have a problem: datasets.cows.lightly.path"),
        (GIVEN, HEAD, KEY, "eu would have a problem: datasets.cows.lightly.secret"),
        (ENTRY, f"{HEAD}{STORES.replace('acme-lake', 'other')}", "", "has another store 'lake'"),
        (ENTRY.replace("cows", "pigs"), HEAD, "", "neither prod nor eu declares 'cows'"),
        (
            "    cows: {type: images, input: {store: lake, path: a/, access: delegated}}\n",
            HEAD,
            "",
            "prod has problems",
        ),
    ],
    ids=["a path that is taken", "a secret that is not there", "another store", "not declared", "a bad manifest"],
)
def test_what_cannot_go_is_refused_and_nothing_was_written(
    entry: str, eu: str, more: str, said: str, brought: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, entry, eu, more)
    before = {file.name: file.read_text() for file in tmp_path.iterdir()}
    code, told = run(capsys)
    assert code == 2
    assert said in told
    assert brought == []
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == before


def test_a_stack_without_a_file_is_named(
    brought: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Pulumi.eu.yaml").rename(tmp_path / "Pulumi.europe.yaml")
    code, told = run(capsys)
    assert code == 2
    assert "Invalid value for --to: got 'eu', expected a stack that has a file here: europe, prod" in told
