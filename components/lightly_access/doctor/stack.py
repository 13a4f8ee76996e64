"""The stack that is examined: what its files say of it, and the secrets that a question may need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lightly_core.secret import Secret

from lightly_access.secret_refs import SECRETS_NAMESPACE, variable
from lightly_access.tables.declared import Declared


class ClosedSecretError(Exception):
    """A secret of the stack's configuration could not be opened; the text says why, without it."""


@dataclass(frozen=True)
class Stack:
    """`name` is empty and `manifest` empty where no stack was found; `config` has full keys, secrets unopened.

    `opened` opens a secret of the configuration and raises ClosedSecretError.
    """

    name: str
    project: str
    root: Path
    manifest: Declared
    config: Mapping[str, object]
    environ: Mapping[str, str] = field(repr=False)
    opened: Callable[[str], Secret]

    def text(self, key: str) -> str:
        """A value of the configuration that is text; empty for anything else."""
        value = self.config.get(key)
        return value if isinstance(value, str) else ""

    def secret(self, key: str) -> Secret | None:
        """A value of the configuration that may be encrypted; None where there is none. Raises ClosedSecretError."""
        value = self.config.get(key)
        if isinstance(value, str):
            return Secret(value) if value else None
        return self.opened(key) if isinstance(value, Mapping) and "secure" in value else None

    def referenced(self, name: str) -> Secret:
        """What a manifest names: `env:NAME`, or a secret `lightly-keys:<name>`. Raises ClosedSecretError."""
        if (taken := variable(name)) is not None:
            if not self.environ.get(taken):
                raise ClosedSecretError(f"the environment variable {taken} is not set")
            return Secret(self.environ[taken])
        key = f"{SECRETS_NAMESPACE}:{name.removeprefix(f'{SECRETS_NAMESPACE}:')}"
        if (found := self.secret(key)) is None:
            raise ClosedSecretError(f"{key} is not in the stack's configuration")
        return found
