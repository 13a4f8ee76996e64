"""Aliases: a new name, a new parent with its children, a former URN; and one whose inputs change as it moves."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Group, Thing

STEPS = (Step("up", "old"), Step("preview", "new"), Step("up"), Step("up"), Step("up", "settled"))


def program(phase: str) -> None:
    old = phase == "old"
    settled = phase == "settled"
    Alias, Options = pulumi.Alias, pulumi.ResourceOptions
    if old:
        Thing("name-a", value="x")
        moved = Thing("moved")
        Thing("by-urn")
        group = Group("group-a")
        renamed = Thing("changing", value="old", key="k")
    else:
        Thing("name-b", value="x", opts=Options(aliases=[] if settled else [Alias(name="name-a")]))
        home = Group("home")
        moved = Thing(
            "moved", opts=Options(parent=home, aliases=[] if settled else [Alias(parent=pulumi.ROOT_STACK_RESOURCE)])
        )
        former = "urn:pulumi:test::fidelity::rig:index:Thing::by-urn"
        Thing("by-other-urn", opts=Options(aliases=[] if settled else [former]))
        group = Group("group-b", Options(aliases=[] if settled else [Alias(name="group-a")]))
        renamed = Thing(
            "changed", value="new", key="k", opts=Options(aliases=[] if settled else [Alias(name="changing")])
        )
    Thing("child", opts=Options(parent=group))
    Thing("above", links=[moved.handle, renamed.handle])
