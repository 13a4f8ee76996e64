"""up --refresh: what changed behind our back is seen and mended in one run."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Credential, Thing

STEPS = (
    Step("up", "first"),
    Step("up", refresh=True),
    Step("up", drift={"drifting": {"value": "drifted"}, "replaced": {"key": "other"}}, refresh=True),
    Step("up", drift={"base": None}, refresh=True),
    Step("up", "second", refresh=True),
)


def program(phase: str) -> None:
    base = Thing("base", value="b")
    Thing("drifting", value="v", links=[base.handle])
    Thing("replaced", key="k", opts=pulumi.ResourceOptions(depends_on=[base]))
    Credential("credential", user="u", generation=phase)
