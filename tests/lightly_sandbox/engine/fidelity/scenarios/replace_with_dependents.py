"""A replaced resource: dependents are updated or replaced before any old one is deleted, old ones last to first."""

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (
    Step("up", "a"),
    Step("preview", "b"),
    Step("up", switches={"slow": {"updated": 0.1, "replaced": 0.1}}),
    Step("up"),
)


def program(phase: str) -> None:
    base = Thing("base", key=phase)
    middle = Thing("replaced", key=base.handle)
    Thing("updated", value=base.handle)
    Thing("far", key=middle.handle, links=[base.handle])
    Thing("unrelated", value=phase)
    if phase == "a":
        Thing("removed", links=[middle.handle])
