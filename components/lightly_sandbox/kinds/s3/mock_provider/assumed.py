"""Roles that a provider resource becomes before it does anything, one after the other (`assumeRoles`).

Source: https://www.pulumi.com/registry/packages/aws/api-docs/provider/. As with AWS's own provider the first session is
asked for when the provider is configured, so that a role that cannot be had is told by its name.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import botocore.session
from botocore.credentials import AssumeRoleCredentialFetcher, Credentials, DeferredRefreshableCredentials

from lightly_sandbox.kinds.s3.mock_provider.errors import explain
from lightly_sandbox.mock_providers.check import Failure
from lightly_sandbox.mock_providers.resource import RefusedError

SETTING = "assumeRoles"
_TAKEN = frozenset({"roleArn", "externalId", "sessionName"})
_SESSION = "lightly-access-rehearsal"


@dataclass(frozen=True, slots=True)
class Role:
    """A role, and what is said when it is assumed."""

    arn: str
    session: str = _SESSION
    external_id: str | None = field(default=None, repr=False)


def roles(setting: object) -> tuple[Role, ...]:
    """The roles of a setting that `check` found good: JSON text, as the SDK sends it, or the list itself."""
    return tuple(
        Role(entry["roleArn"], entry.get("sessionName") or _SESSION, entry.get("externalId") or None)
        for entry in _listed(setting)
    )


def check(setting: object) -> list[Failure]:
    """What is wrong with the setting; a value is never part of the reason, since an external ID may be in it."""
    try:
        listed = _listed(setting)
    except ValueError:
        return [Failure(SETTING, f"got something else than a list of roles for `aws:{SETTING}`")]
    failures = []
    for number, entry in enumerate(listed):
        where = f"aws:{SETTING}[{number}]"
        given = {name: value for name, value in entry.items() if value is not None}
        for name, value in given.items():
            if name not in _TAKEN:
                failures.append(
                    Failure(SETTING, f"the mock provider does not implement the provider setting `{where}.{name}`")
                )
            elif not isinstance(value, str):
                failures.append(Failure(SETTING, f"got something else than a text for `{where}.{name}`"))
        if not given.get("roleArn"):
            failures.append(Failure(SETTING, f"missing `{where}.roleArn`"))
    return failures


def _listed(setting: object) -> list[dict[str, Any]]:
    listed = json.loads(setting) if isinstance(setting, str) else setting
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise ValueError
    return listed


def become(login: Credentials, chain: tuple[Role, ...], client: Callable[..., Any]) -> Any:
    """Credentials of the last role, renewed when they end. `client` makes one of STS. Raises RefusedError."""
    credentials: Any = login
    for role in chain:
        said = {"RoleSessionName": role.session}
        if role.external_id is not None:
            said["ExternalId"] = role.external_id
        fetcher = AssumeRoleCredentialFetcher(client, credentials, role.arn, extra_args=said)
        credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        try:
            credentials.get_frozen_credentials()
        except Exception as error:
            reason = explain(error) or f"unexpected {type(error).__name__}"
            raise RefusedError(f"the role {role.arn} cannot be assumed: {reason}") from error
    return credentials


def session_of(credentials: Any, region: str) -> botocore.session.Session:
    """A session of botocore that signs with these credentials, for boto3."""
    found = botocore.session.Session()
    found.set_config_variable("region", region)
    found._credentials = credentials  # type: ignore[attr-defined] # `set_credentials` takes none that are renewed
    return found
