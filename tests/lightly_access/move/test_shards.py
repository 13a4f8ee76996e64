"""A dataset goes from one shard to another: the states alone change, and what is the first shard's stays."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_access.manifest import Manifest
from lightly_access.move.shards import known_as, of_one_manifest, shard_places
from lightly_access.move.state import Places, deployed_datasets
from lightly_access.tables.shard import shard_of
from lightly_cli import deployed
from lightly_cli.main import main

from tests.lightly_access.move.test_state import names, prod, state

OURS = {"kind": "s3", "bucket": "acme-out", "region": "eu-central-1", "create": True}
COWS: dict[str, Any] = {
    "type": "images",
    "input": {"store": "lake", "path": "in/", "access": "delegated"},
    "lightly": {"store": "lake", "path": "out/", "access": "delegated"},
}
OF = next(count for count in range(3, 20) if shard_of("cows", count) != 1)


def config(shard: str, **changes: Any) -> dict[str, Any]:
    return {"stores": {"lake": OURS}, "datasets": {"cows": {**COWS, **changes}}, "shard": shard}


def test_only_what_lightly_writes_to_goes_with_it() -> None:
    given = {"role_arn": "arn:aws:iam::123456789012:role/theirs", "external_id": "env:ID"}
    lake = {"kind": "gcs", "bucket": "acme-out", "project": "acme-ml"}
    google = {"access": "service_account"}
    cases: Mapping[str, tuple[dict[str, Any], set[str]]] = {
        "of S3": (config("1/2"), {"lake/out/"}),
        "of somebody else": (config("1/2", lightly={**COWS["lightly"], **given}), set()),
        "of Google, whose roles stay": (
            {
                **config("1/2", **{each: {**COWS[each], **google} for each in ("input", "lightly")}),
                "stores": {"lake": lake},
            },
            {"lake/out/"},
        ),
    }
    for table, taken in cases.values():
        assert shard_places(Manifest.parse(table), "cows") == Places(frozenset(taken))


def test_two_stacks_are_of_one_manifest_only_as_shards_of_a_fleet() -> None:
    one, two = (Manifest.parse(config(f"{number}/2")) for number in (1, 2))
    assert of_one_manifest(("prod-shard-1", one), ("prod-shard-2", two))
    assert not of_one_manifest(("prod-shard-1", one), ("test-shard-2", two))
    assert not of_one_manifest(("prod-shard-1", one), ("prod-shard-2", Manifest.parse(config("2/2", adopt=True))))
    whole = Manifest.parse({**config("1/1"), "shard": None})
    assert not of_one_manifest(("prod", whole), ("prod-shard-2", two))


def test_what_was_renamed_goes_under_the_key_that_it_is_deployed_under() -> None:
    manifest = Manifest.parse(config("1/1", aliases=["calves", "heifers"]))
    assert known_as(manifest, "cows", ["pigs", "heifers"]) == "heifers"
    assert known_as(manifest, "cows", ["cows", "heifers"]) == "cows"
    assert deployed_datasets(prod()) == ["cows", "cows-lightly-access-too"]


def test_the_entry_stays_where_it_is_and_another_shard_than_its_own_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: farm\nruntime: python\n")
    stacks = [f"prod-shard-{number}" for number in range(1, OF + 1)]
    for number, stack in enumerate(stacks, 1):
        table = {f"lightly-access:{key}": value for key, value in config(f"{number}/{OF}").items()}
        (tmp_path / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": table}))
    monkeypatch.chdir(tmp_path)
    renamed = yaml.safe_load(yaml.safe_dump(prod()).replace("urn:pulumi:prod:", "urn:pulumi:prod-shard-1:"))
    states = {stacks[0]: renamed, **{stack: state() for stack in stacks[1:]}}
    monkeypatch.setattr(deployed, "document", lambda stack, _, **__: states[stack])
    monkeypatch.setattr(deployed, "bring", lambda stack, document: states.update({stack: document}))
    before = {file.name: file.read_text() for file in tmp_path.glob("Pulumi.*")}

    def run(target: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["move", "cows", "--from", stacks[0], "--to", target, "--yes"])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    theirs = f"prod-shard-{shard_of('cows', OF)}"
    wrong = next(stack for stack in stacks[1:] if stack != theirs)
    code, said = run(wrong)
    assert code == 2
    assert f"hint: --to {theirs}" in said
    code, said = run(theirs)
    assert code == 0, said
    assert "lake/out/" in names(states[theirs])
    assert "lake/in/" in names(states[stacks[0]])
    assert {file.name: file.read_text() for file in tmp_path.glob("Pulumi.*")} == before
