"""A provider whose region changes is replaced, and everything that it made with it."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Provider, Thing

STEPS = (Step("up", "near"), Step("preview", "far"), Step("up"), Step("up"))


def program(phase: str) -> None:
    provider = Provider("place", phase)
    base = Thing("base", opts=pulumi.ResourceOptions(provider=provider))
    Thing("above", links=[base.handle], opts=pulumi.ResourceOptions(provider=provider))
    Thing("elsewhere", links=[base.handle])
