"""Independent work runs side by side (each waits until all have begun), dependents wait for theirs."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Group, Thing

_NAMES = [f"worker-{number}" for number in range(6)]
STEPS = (
    Step("up", "first", switches={"meet": [*_NAMES, "inside"]}),
    Step("up", "second", switches={"meet": [*_NAMES, "inside"]}),
    Step("destroy", switches={"meet": _NAMES, "slow": {"collector": 0.1}}),
)


def program(phase: str) -> None:
    group = Group("group")
    inside = Thing("inside", value=phase, opts=pulumi.ResourceOptions(parent=group))
    workers = [Thing(name, value=phase) for name in _NAMES]
    Thing("collector", links=[*(worker.handle for worker in workers), inside.handle])
    Thing("half", links=[workers[0].handle, workers[2].handle], value=phase)
