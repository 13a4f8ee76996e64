"""Default, versioned and explicit providers; one handed down through a component; a setting that updates in place."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Group, Provider, Thing

CONFIG = {"rig:region": "home"}
STEPS = (Step("preview", "one"), Step("up"), Step("up", "two"), Step("up"), Step("destroy"))


def program(phase: str) -> None:
    Thing("by-default")
    Thing("versioned", opts=pulumi.ResourceOptions(version="1.0.0"))
    away = Provider("away", "far", token=pulumi.Output.secret(f"token-{phase}"))
    Thing("explicit", opts=pulumi.ResourceOptions(provider=away))
    group = Group("group", pulumi.ResourceOptions(providers=[away]))
    Thing("handed-down", opts=pulumi.ResourceOptions(parent=group))
