"""Programs that nobody thought of: both engines do the same with them. Needs Pulumi: nothing is recorded."""

import os
import shutil
from pathlib import Path

import pytest

from tests.lightly_sandbox.engine.fidelity.harness.chance import scenario
from tests.lightly_sandbox.engine.fidelity.harness.compare import differences
from tests.lightly_sandbox.engine.fidelity.harness.local import Local
from tests.lightly_sandbox.engine.fidelity.harness.pulumi_cli import Pulumi
from tests.lightly_sandbox.engine.fidelity.harness.run import run

SEEDS = range(*(int(end) for end in os.environ.get("FIDELITY_SEEDS", "0:6").split(":")))
"""Which programs: `FIDELITY_SEEDS=100:200` looks for differences among a hundred others."""


@pytest.mark.engine
@pytest.mark.skipif(not shutil.which("pulumi"), reason="`pulumi` is not on PATH")
@pytest.mark.parametrize("seed", SEEDS)
def test_both_engines_do_the_same_with_a_program_made_by_chance(seed: int, tmp_path: Path) -> None:
    pulumi = run(scenario(seed), tmp_path / "pulumi", Pulumi)
    assert all(step["ok"] for step in pulumi), [step["errors"] for step in pulumi]
    found = differences(pulumi, run(scenario(seed), tmp_path / "local", Local))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_is_one_program(seed: int) -> None:
    assert scenario(seed) == scenario(seed)
    assert len({step.phase for step in scenario(seed).steps}) == 4
