"""A create fails in the middle: what runs beside it finishes, what waits for it is not begun, the next run goes on."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

_BROKEN = {
    "meet": ["broken", "steady"],
    "slow": {"broken": 0.2, "steady": 0.7},
    "fail": {"create": ["broken"]},
}
STEPS = (Step("up", "first", switches=_BROKEN), Step("preview"), Step("up"), Step("up"))


def program(phase: str) -> None:
    base = Thing("base")
    broken = Thing("broken", links=[base.handle])
    steady = Thing("steady", links=[base.handle])
    Thing("after-broken", links=[broken.handle])
    Thing("after-steady", links=[steady.handle])
    pulumi.export("handle", steady.handle)
