"""A state with something of everything that one engine may leave to the other."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Credential, Group, Provider, Thing, Verification

CONFIG = {
    "fidelity:word": {"secure": "v1:lFlYwQDTqqqz5i6L:nNilo09+gTCmOOwutixCnNI0sK5vk4wDpZfE"},
    "fidelity:table": {"rows": [1, {"name": "x"}], "on": True},
    "rig:region": "home",
}
STEPS = (Step("up"), Step("up"))


def program(phase: str) -> None:
    Options = pulumi.ResourceOptions
    config = pulumi.Config()
    outer = Group("outer", Options(protect=True))
    base = Thing("base", value=config.require_secret("word"), opts=Options(parent=outer))
    away = Provider("away", "far", token=pulumi.Output.secret("token"))
    credential = Credential("credential", user="u", generation="1", opts=Options(provider=away))
    after = Options(depends_on=[outer, credential], ignore_changes=["slot"], retain_on_delete=True)
    Thing("above", links=[base.handle, credential.secret], password="plain", opts=after)
    hidden = Options(additional_secret_outputs=["handle"], delete_before_replace=True, deleted_with=base)
    Thing("hidden", value=str(config.require_object("table")["rows"]), opts=hidden)
    timeouts = pulumi.CustomTimeouts(create="5m", delete="90s")
    Thing("timed", opts=Options(custom_timeouts=timeouts, replace_on_changes=["value"], aliases=[pulumi.Alias("old")]))
    Verification("check", target=credential.key_id, opts=Options(provider=away))
    outer.register_outputs({"handle": base.handle, "secret": credential.secret})
    pulumi.export("secret", {"deep": [credential.secret]})
    pulumi.export("number", 1.5)
    pulumi.export("nothing", None)
