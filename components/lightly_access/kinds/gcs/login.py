"""Whose login the default provider of Google Cloud has, as far as the stack's configuration says it.

https://www.pulumi.com/registry/packages/gcp/installation-configuration/
"""

import pulumi


def configured_login() -> dict[str, pulumi.Input[str]] | None:
    """None where the configuration says nothing: then it is the environment's."""
    config = pulumi.Config("gcp")
    found: dict[str, pulumi.Input[str]] = {
        name: config.require_secret(name) for name in ("accessToken", "credentials") if config.get(name)
    }
    if actor := config.get("impersonateServiceAccount"):
        found["impersonate"] = actor
    return found or None
