"""A credential is replaced while verification fails: the old one survives until the first run that succeeds."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Credential, Thing, Verification

_RED = {"unhealthy": ["verification"]}
STEPS = (
    Step("up", "1"),
    Step("up", "2", switches=_RED),
    Step("up", switches=_RED),
    Step("preview"),
    Step("up"),
    Step("up"),
    Step("up", "3"),
    Step("up", "4", switches=_RED),
    Step("up", "5", switches=_RED),
    Step("up"),
    Step("destroy"),
)


def program(phase: str) -> None:
    credential = Credential("credential", user="lightly", generation=phase)
    datasource = Thing("datasource", value=credential.key_id, password=credential.secret)
    Verification("verification", target=credential.key_id, opts=pulumi.ResourceOptions(depends_on=[datasource]))
    pulumi.export("key", credential.key_id)
