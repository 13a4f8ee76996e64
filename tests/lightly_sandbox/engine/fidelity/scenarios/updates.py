"""Create, nothing to do, update in place, replace (create before delete), delete: the plain life of resources."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (
    Step("preview", "first"),
    Step("up"),
    Step("up"),
    Step("preview", "changed"),
    Step("up"),
    Step("destroy"),
)


def program(phase: str) -> None:
    changed = phase == "changed"
    base = Thing("base", value="two" if changed else "one")
    Thing("above", key="b" if changed else "a", links=[base.handle])
    if not changed:
        Thing("passing", value=base.revision.apply(str))
    pulumi.export("handle", base.handle)
    pulumi.export("revision", base.revision)
