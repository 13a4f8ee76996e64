"""Whose login the default provider of AWS has, as far as the stack's configuration says it; else the environment's.

https://www.pulumi.com/registry/packages/aws/installation-configuration/
"""

import pulumi

_KEYS = {"profile": "profile", "accessKey": "accessKeyId"}
_SECRETS = {"secretKey": "secretAccessKey", "token": "sessionToken"}


def configured_login() -> dict[str, pulumi.Input[str]] | None:
    """None where the configuration says nothing."""
    config = pulumi.Config("aws")
    found: dict[str, pulumi.Input[str]] = {
        ours: value for theirs, ours in _KEYS.items() if (value := config.get(theirs))
    }
    for theirs, ours in _SECRETS.items():
        if config.get(theirs):
            found[ours] = config.require_secret(theirs)
    roles = config.get_object("assumeRoles") or []
    first = roles[0] if isinstance(roles, list) and roles and isinstance(roles[0], dict) else {}
    for name in ("roleArn", "externalId"):
        if isinstance(first.get(name), str):
            found[name] = first[name]
    return found or None
