"""Values that a manifest names and does not hold: an environment variable, or a secret of the stack's configuration.

An external key (`access: key`) is made by its owner, so nothing of it needs to stand in a file: `env:NAME` is read from
the environment of whoever deploys, any other `secret` is the name of a secret in the stack's configuration,
`lightly-keys:<name>`, set with `pulumi config set --secret lightly-keys:<name>`.
"""

import re
from collections.abc import Mapping

SECRETS_NAMESPACE = "lightly-keys"
"""The namespace of the stack's configuration that holds the secrets of external keys."""

ENVIRONMENT_PATTERN = "env:[A-Za-z_][A-Za-z0-9_]*"
SECRET_PATTERN = "[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}"  # noqa: S105 - the form of a name, no secret
_ENVIRONMENT = re.compile(ENVIRONMENT_PATTERN)
_SECRET = re.compile(SECRET_PATTERN)


class SecretReferenceError(LookupError):
    """A value that the manifest names is not there when it is needed."""

    def __init__(self, where: str, name: str, expected: str, hint: str) -> None:
        super().__init__(f"{where}: got {name!r}, expected {expected}\nhint: {hint}")


def variable(text: str) -> str | None:
    """`NAME` of `env:NAME`; None when the text is no such reference."""
    return text.removeprefix("env:") if _ENVIRONMENT.fullmatch(text) else None


def secret_name(text: str) -> bool:
    """Whether the text may be the name of a secret in the stack's configuration."""
    return bool(_SECRET.fullmatch(text))


def resolved(text: str, where: str, environ: Mapping[str, str]) -> str:
    """The text itself, or what the variable it names holds.

    Raises SecretReferenceError; no value is part of the message.
    """
    name = variable(text)
    if name is None:
        return text
    if not environ.get(name):
        raise SecretReferenceError(
            where, text, f"the environment variable {name} to be set and not empty", f"export {name}=..."
        )
    return environ[name]
