"""The shards of one manifest are checked as one, and every other stack by itself."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_access.fleet import checked
from lightly_access.fleet.checked import check_paths
from lightly_access.manifest import Checked
from lightly_access.manifest.stack_file import check_path

from tests.lightly_access.manifest.example import GOOD, spoiled


def files(folder: Path, **configs: dict[str, Any]) -> list[Path]:
    (folder / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    for stack, config in configs.items():
        (folder / f"Pulumi.{stack.replace('_', '-')}.yaml").write_text(yaml.safe_dump({"config": config}))
    return sorted(folder.glob("Pulumi.*.yaml"))


def shard(written: str, config: dict[str, Any] = GOOD, **more: Any) -> dict[str, Any]:
    return {**config, "lightly-access:shard": written, **more}


def test_a_manifest_is_read_once_for_all_its_shards_with_secrets_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = [{"lightly:token": {"secure": f"v1:{number}:x"}} for number in (1, 2)]
    paths = files(
        tmp_path,
        prod_shard_1=shard("1/2", **token[0]),
        prod_shard_2=shard("2/2", **token[1]),
        test_shard_1=shard("1/2"),
        whole=GOOD,
    )
    read: list[str] = []

    def reading(path: Path, environ: object) -> Checked:
        read.append(path.name)
        return check_path(path)

    monkeypatch.setattr(checked, "check_path", reading)
    found = check_paths(paths)
    assert read == ["Pulumi.prod-shard-1.yaml", "Pulumi.test-shard-1.yaml", "Pulumi.whole.yaml"]
    monkeypatch.undo()
    for path in paths:
        assert (alone := check_path(path).manifest) is not None
        assert (found[path].manifest, found[path].problems) == (alone, ())
    read.clear()
    assert check_paths(paths[1:2], checked=found) == {paths[1]: found[paths[1]]}
    assert read == []


def test_what_is_wrong_is_said_of_every_shard_that_has_it(tmp_path: Path) -> None:
    bad = spoiled({"stores.lake.bucket": "No Bucket"})
    paths = files(tmp_path, prod_shard_1=shard("1/3", bad), prod_shard_2=shard("2/3", bad), prod_shard_3=shard("9/3"))
    assert [bool(each.problems) for each in check_paths(paths).values()] == [True, True, True]
