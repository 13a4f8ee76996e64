"""Invokes: with plain and computed arguments, a secret answer, options, and one that fails."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Provider, Thing, lookup

STEPS = (
    Step("preview", "first"),
    Step("up"),
    Step("preview"),
    Step("up"),
    Step("up", "failing"),
)


def program(phase: str) -> None:
    base = Thing("base", value="one")
    found = lookup(base.handle.apply(lambda handle: handle.removeprefix("handle-of-").removesuffix("-1")))
    above = Thing("above", value=found["value"], password=found["password"])
    later = lookup("base", pulumi.InvokeOutputOptions(depends_on=[base]))
    beside = Thing("beside", value=later["value"])
    explicit = Provider("away", "far")
    own = lookup("base", pulumi.InvokeOutputOptions(provider=explicit, depends_on=[base]))
    pulumi.export("value", own["value"])
    pulumi.export("password", own["password"])
    if phase == "failing":
        last = pulumi.Output.all(above.handle, beside.handle, own)
        pulumi.export("missing", lookup(last.apply(lambda _: "nobody"))["value"])
