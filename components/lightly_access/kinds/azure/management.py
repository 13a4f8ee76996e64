"""Azure's Resource Manager, asked with the login that a deployment has; every call reads.

The login is that of Pulumi's provider: ARM_CLIENT_ID with its secret and tenant, else what azure-identity finds, the
command line's among it (https://www.pulumi.com/registry/packages/azure-native/installation-configuration/).
ARM_RESOURCE_MANAGER_ENDPOINT names another Resource Manager, as the azapi provider takes it
(https://registry.terraform.io/providers/Azure/azapi/latest/docs); over http it is one of this machine.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from lightly_core.lightly_rules import LOOPBACK_HOSTS
from lightly_core.secret import Secret

from lightly_access.doctor import http
from lightly_access.doctor.finding import ClockReading, NotReachedError
from lightly_access.doctor.stack import Stack
from lightly_access.kinds.azure.account import AzureSubscription
from lightly_access.kinds.azure.storage_api.client import login

MANAGEMENT = "https://management.azure.com"
ENDPOINT = "ARM_RESOURCE_MANAGER_ENDPOINT"
_LOGIN = "login.microsoftonline.com"
_UNREACHED = re.compile(
    r"Failed to (establish|resolve)|Name or service not known|Temporary failure in name|Max retries"
)


def endpoint(environ: Mapping[str, str]) -> str:
    """The URL of Resource Manager; a variable that would send the login in the clear is not followed."""
    given = environ.get(ENDPOINT, "").rstrip("/")
    parts = urlsplit(given)
    return given if parts.scheme == "https" or parts.hostname in LOOPBACK_HOSTS else MANAGEMENT


def get(
    environ: Mapping[str, str], token: Secret, clocks: list[ClockReading], path: str, version: str, method: str = "GET"
) -> tuple[int, dict[str, Any]]:
    """Status and JSON of a call that reads. Raises NotReachedError or CertificateError."""
    mark = "&" if "?" in path else "?"
    return http.ask(method, f"{endpoint(environ)}{path}{mark}api-version={version}", token, clocks)


def account_of(stack: Stack, owner: str | None) -> AzureSubscription | None:
    """The subscription that is declared for an owner."""
    account = stack.manifest.accounts.get(owner) if owner else None
    return account if isinstance(account, AzureSubscription) else None


def subscription_of(stack: Stack, owner: str | None) -> str | None:
    """Its id; None where nobody says one."""
    if account := account_of(stack, owner):
        return account.subscription
    return stack.text("azure-native:subscriptionId") or stack.environ.get("ARM_SUBSCRIPTION_ID") or None


def token_of(stack: Stack, tenant: str | None) -> Secret | None:
    """Of the login that a deployment has; None without one. Raises ClosedSecretError, or NotReachedError."""
    from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

    name = stack.text("azure-native:clientId") or stack.environ.get("ARM_CLIENT_ID")
    given = stack.secret("azure-native:clientSecret")
    secret = given.reveal() if given else stack.environ.get("ARM_CLIENT_SECRET")
    home = tenant or stack.text("azure-native:tenantId") or stack.environ.get("ARM_TENANT_ID")
    application = {"tenant_id": home, "client_id": name, "client_secret": secret} if name and secret and home else {}
    credential = login(**application)
    # What each login of the chain lacks is logged as a warning, ten lines of it, and said here in one.
    logging.getLogger("azure.identity").setLevel(logging.ERROR)
    terms = {"tenant_id": tenant} if tenant and not application else {}
    try:
        return Secret(credential.get_token(f"{MANAGEMENT}/.default", **terms).token)
    except ClientAuthenticationError as error:  # of a chain of logins, which hides why each of them failed
        if _UNREACHED.search(str(error)):
            raise NotReachedError(_LOGIN, "no connection") from None
        return None
    except ServiceRequestError:
        raise NotReachedError(_LOGIN, "no connection") from None
