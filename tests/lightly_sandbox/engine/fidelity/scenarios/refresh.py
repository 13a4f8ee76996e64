"""Refresh: drift, a thing that is gone, one that is not healthy, one that cannot be read; then up mends."""

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (
    Step("up", "first"),
    Step("refresh"),
    Step("refresh", drift={"drifting": {"value": "drifted"}, "gone": None}),
    Step("preview"),
    Step("up"),
    Step("refresh", switches={"unhealthy": ["sick"]}),
    Step("up", switches={"unhealthy": ["sick"]}),
    Step("up"),
    Step("refresh", switches={"fail": {"read": ["drifting"]}}),
    Step("refresh", drift={"base": None}),
    Step("up"),
)


def program(phase: str) -> None:
    base = Thing("base", value="b")
    Thing("drifting", value="v", key="k")
    Thing("gone", links=[base.handle])
    Thing("sick", value="s", links=[base.handle])
