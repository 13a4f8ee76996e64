"""Which shard a dataset is in: the same everywhere, whatever else there is; doubled, half of each goes to a new one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.manifest import Manifest
from lightly_access.manifest.stack_file import check_path
from lightly_access.tables.shard import MOST, Shard, named_after, shard_of

from tests.lightly_access.manifest.example import check

KEYS = [f"camera {number}" for number in range(4000)]
COUNTS = st.integers(1, MOST)


def test_the_hash_is_written_down_so_that_no_release_moves_a_dataset() -> None:
    assert [shard_of(key, 8) for key in ("farm-animals", "dashcam", "Kühe", "")] == [5, 3, 2, 6]


def test_it_is_the_same_in_every_process() -> None:
    program = "from lightly_access.tables.shard import shard_of; print([shard_of(str(n), 20) for n in range(50)])"
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


@given(st.text(), COUNTS)
def test_of_twice_as_many_shards_the_kth_has_what_goes_to_the_kth_and_the_n_plus_kth(key: str, count: int) -> None:
    assert 1 <= shard_of(key, count) <= count
    assert shard_of(key, 2 * count) in (shard_of(key, count), shard_of(key, count) + count)


@given(st.text(), COUNTS)
def test_each_dataset_is_in_exactly_one_shard(key: str, count: int) -> None:
    assert [number for number in range(1, count + 1) if Shard(number, count).holds(key)] == [shard_of(key, count)]


def test_shards_are_of_one_size_or_nearly() -> None:
    sizes = [sum(Shard(number, 20).holds(key) for key in KEYS) for number in range(1, 21)]
    assert sum(sizes) == len(KEYS)
    assert 150 < min(sizes) <= max(sizes) < 250


@given(st.sampled_from(["prod", "prod-eu", "prod-shard-3", "a-shard-1-shard-2"]), st.data())
def test_the_stacks_of_a_fleet_are_named_after_it_however_many_there_are(fleet: str, data: st.DataObject) -> None:
    count = data.draw(COUNTS)
    shard = Shard(data.draw(st.integers(1, count)), count)
    assert shard.fleet(shard.stack(fleet)) == fleet == named_after(shard.stack(fleet), shard)
    assert shard.fleet(fleet) != fleet
    assert named_after(fleet, None) == fleet


@pytest.mark.parametrize(
    "written", ["3/2", "0/4", "x", "", "3", "1/0", "-1/4", "01/8", "1/1001", "1/4/", "1 / 4", 3, True, [1]]
)
def test_what_is_no_part_is_a_problem(written: object) -> None:
    (found,) = check({"shard": written}).problems
    assert found.where == "shard"
    assert "expected k/n, the k-th of n parts" in found.what


def test_a_part_is_taken_and_written_as_it_was() -> None:
    manifest = check({"shard": "3/8"}).manifest
    assert manifest
    assert manifest.shard == Shard(3, 8)
    assert Manifest.parse(manifest.to_config()) == manifest


def test_a_shard_in_a_stack_of_another_name_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    for stack, problems in (("prod", 1), ("prod-shard-2", 1), ("-shard-3", 1), ("prod-shard-3", 0)):
        file = tmp_path / f"Pulumi.{stack}.yaml"
        file.write_text("config: {'lightly-access:empty': true, 'lightly-access:shard': 3/8}\n")
        found = check_path(file).problems
        assert [problem.where for problem in found] == ["shard"] * problems
        assert all("whose name ends in -shard-3, such as prod-shard-3" in problem.what for problem in found)
