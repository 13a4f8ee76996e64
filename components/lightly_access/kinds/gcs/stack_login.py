"""Whose login a deployment to a project of a manifest has, as `Rest` takes it."""

from lightly_access.doctor.stack import Stack
from lightly_access.kinds.gcs.account import GcpProject


def configured(stack: Stack) -> dict[str, str]:
    """What `gcp:...` says of the login; nothing leaves it to the environment. Raises ClosedSecretError."""
    found = {name: stack.secret(f"gcp:{name}") for name in ("accessToken", "credentials")}
    return {name: secret.reveal() for name, secret in found.items() if secret}


def actor_of(stack: Stack, owner: str | None) -> str | None:
    """The service account that the login acts as; None or empty where it is itself."""
    account = stack.manifest.accounts.get(owner) if owner else None
    return account.impersonate if isinstance(account, GcpProject) else stack.text("gcp:impersonateServiceAccount")


def login_of(stack: Stack, owner: str | None) -> dict[str, str]:
    """Both. Raises ClosedSecretError."""
    actor = actor_of(stack, owner)
    return {**configured(stack), **({"impersonate": actor} if actor else {})}
