"""The sides of the sandbox: per cloud its server, the stand-in for Pulumi's provider of it, and who needs to know what.

A side is started when a store of one of its kinds is rehearsed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

REGION = "eu-central-1"
Ready = Mapping[str, Any]
"""The ready line of a side's server, with `url` in it."""
LIGHTLY = "lightly_sandbox.lightly"


@dataclass(frozen=True)
class Plugin:
    """The stand-in for a Pulumi provider: the package's name, the module, and its settings."""

    package: str
    module: str
    settings: Callable[[Ready], Mapping[str, Any]]


@dataclass(frozen=True)
class CloudService:
    """One cloud of this machine."""

    name: str
    kinds: frozenset[str]
    """The kinds of store that need it."""
    module: str
    settings: Mapping[str, Any]
    lightly: Callable[[Ready], Mapping[str, Any]]
    """What the local Lightly is told of it."""
    environment: Callable[[Ready], Mapping[str, str]]
    """What tools need to find it, by the names that they read."""
    deployed: Callable[[Ready, str], bool]
    """Whether a call of this principal is the deployer's."""
    plugin: Plugin | None = None


def _where(ready: Ready) -> dict[str, str]:
    return {"endpoint": ready["url"], "region": REGION}


def _key(ready: Ready, account: str) -> dict[str, str]:
    return {name: ready["accounts"][account][name] for name in ("access_key_id", "secret_access_key")}


def _aws_environment(ready: Ready) -> dict[str, str]:
    customer, lightly, stranger = (_key(ready, name) for name in ("customer", "lightly", "stranger"))
    return {
        "AWS_ENDPOINT_URL": ready["url"],
        "AWS_ACCESS_KEY_ID": customer["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": customer["secret_access_key"],
        "AWS_SESSION_TOKEN": "",  # one of the user's own would go with these keys
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,  # the name that boto3 reads
        "SANDBOX_LIGHTLY_AWS_ACCESS_KEY_ID": lightly["access_key_id"],
        "SANDBOX_LIGHTLY_AWS_SECRET_ACCESS_KEY": lightly["secret_access_key"],
        "SANDBOX_STRANGER_AWS_ACCESS_KEY_ID": stranger["access_key_id"],
        "SANDBOX_STRANGER_AWS_SECRET_ACCESS_KEY": stranger["secret_access_key"],
    }


def _aws_deployed(ready: Ready, principal: str) -> bool:
    return f":{ready['accounts']['customer']['account']}:" in principal and ":assumed-role/" not in principal


AWS = CloudService(
    "aws",
    frozenset({"s3", "obs"}),
    "lightly_sandbox.kinds.s3.emulator",
    {"region": REGION},
    lambda ready: {"aws": {**_where(ready), **_key(ready, "lightly")}},
    _aws_environment,
    _aws_deployed,
    Plugin("aws", "lightly_sandbox.kinds.s3.mock_provider", lambda ready: {**_where(ready), **_key(ready, "customer")}),
)


def _local_environment(ready: Ready) -> dict[str, str]:
    return {
        "SANDBOX_WEB_SERVER": ready["url"],
        "SANDBOX_INPUT_MOUNT": ready["input_mount"],
        "SANDBOX_LIGHTLY_MOUNT": ready["lightly_mount"],
    }


LOCAL = CloudService(
    "local",
    frozenset({"local"}),
    "lightly_sandbox.kinds.local.emulator",
    {},
    lambda ready: {"mounts": {name: ready[name] for name in ("input_mount", "lightly_mount")}},
    _local_environment,
    lambda *_: False,
)


def _azure_data(ready: Ready) -> str:
    return f"https://127.0.0.1:{ready['tls_port']}"


def _azure_plugin(ready: Ready) -> dict[str, Any]:
    told = {name: ready[name] for name in ("ca_file", "subscription", "tenant", "token")}
    return {**told, "endpoint": ready["url"], "data_endpoint": _azure_data(ready)}


def _azure_environment(ready: Ready) -> dict[str, str]:
    """The CA replaces those of the system: for obstore, Python's ssl, and clients over requests."""
    return {
        "SSL_CERT_FILE": ready["ca_file"],
        "REQUESTS_CA_BUNDLE": ready["ca_file"],
        "ARM_SUBSCRIPTION_ID": ready["subscription"],
        "ARM_TENANT_ID": ready["tenant"],
        **ready["identity"],
    }


AZURE = CloudService(
    "azure",
    frozenset({"azure"}),
    "lightly_sandbox.kinds.azure.emulator",
    {},
    lambda ready: {"azure": {"endpoint": _azure_data(ready), "ca_file": ready["ca_file"]}},
    _azure_environment,
    lambda _, principal: principal == "deployer",
    Plugin("azure-native", "lightly_sandbox.kinds.azure.mock_provider", _azure_plugin),
)
GCS = CloudService(
    "gcs",
    frozenset({"gcs"}),
    "lightly_sandbox.kinds.gcs.emulator",
    {},
    lambda ready: {"gcs": {"endpoint": ready["url"]}},
    # The token is the deployer's, for tools that read what exists.
    lambda ready: {"STORAGE_EMULATOR_HOST": ready["url"], "GOOGLE_OAUTH_ACCESS_TOKEN": ready["token"]},
    lambda _, principal: principal.startswith("deployer@"),
    Plugin(
        "gcp",
        "lightly_sandbox.kinds.gcs.mock_provider",
        lambda ready: {"endpoint": ready["url"], "project": ready["project"], "token": ready["token"]},
    ),
)
SERVICES = (AWS, AZURE, GCS, LOCAL)
KINDS = tuple(kind for service in SERVICES for kind in sorted(service.kinds, reverse=True))
"""Every kind of store that can be rehearsed."""


def needed(kinds: frozenset[str]) -> tuple[CloudService, ...]:
    """The sides for these kinds of store."""
    return tuple(service for service in SERVICES if service.kinds & kinds)
