"""Unknowns in preview: alone, in a list, inside text, inside a secret; and applies that must not run."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Credential, Thing

STEPS = (Step("preview", "a"), Step("up"), Step("preview"), Step("preview", "b"), Step("up"))


def program(phase: str) -> None:
    base = Thing("base", key=phase, value="fixed")
    steady = Thing("steady", value=phase)
    Thing("alone", value=base.handle)
    Thing("in-list", links=["known", base.handle, base.value])
    Thing("in-text", value=pulumi.Output.concat("before-", base.handle, "-after"))
    Thing("in-secret", password=pulumi.Output.secret(base.handle))
    Thing("of-steady", value=steady.handle, links=[steady.revision.apply(str)])
    Thing("replacing", key=base.handle)
    credential = Credential("credential", user="u", generation=phase)
    Thing("of-credential", password=credential.secret)
    pulumi.export("handle", base.handle)
    pulumi.export("steady", steady.handle)
