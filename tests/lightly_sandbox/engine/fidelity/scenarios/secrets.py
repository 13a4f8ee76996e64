"""Secrets: in inputs, nested, configured, from the provider, by additionalSecretOutputs, and in what needs them."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Credential, Thing

CONFIG = {
    "fidelity:word": {"secure": "v1:lFlYwQDTqqqz5i6L:nNilo09+gTCmOOwutixCnNI0sK5vk4wDpZfE"},
    "rig:token": {"secure": "v1:ddkTGhfc+WoijZCH:W22/AasdjPSA8BqQZq/Y0RfIojdqjxl+8+KpW8WEAGLqYOQ+fbJt5TfYrwOo"},
}
STEPS = (Step("preview", "one"), Step("up"), Step("up"), Step("up", "two"), Step("refresh"), Step("destroy"))


def program(phase: str) -> None:
    password = pulumi.Output.secret(f"password-{phase}")
    plain = Thing("plain", value=password, links=["open", password])
    credential = Credential("credential", user="somebody", generation="1")
    Thing("user", value=credential.secret, password=credential.secret.apply(lambda secret: f"<{secret}>"))
    hidden = Thing("hidden", value="v", opts=pulumi.ResourceOptions(additional_secret_outputs=["handle", "value"]))
    Thing("of-hidden", value=hidden.handle)
    Thing("from-config", value=pulumi.Config().require_secret("word"))
    pulumi.export("password", password)
    pulumi.export("value", plain.value)
    pulumi.export("nested", {"key": credential.key_id, "secret": credential.secret})
    pulumi.export("hidden", hidden.handle)
