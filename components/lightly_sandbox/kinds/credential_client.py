"""What using a credential brings: tried for real, by whoever holds it. Each kind of store has its own client."""

import abc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_sandbox.credential_log import Credential
from lightly_sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class Attack:
    """One attempt to do what nobody may do, and the code of its refusal, or None when it was let through."""

    what: str
    refused: str | None

    @classmethod
    def tried(cls, what: str, action: Callable[[], object], refusal: Callable[[Exception], str | None]) -> "Attack":
        """Try it. An answer of another kind, such as that there is nothing to read, is no refusal."""
        try:
            action()
        except Exception as error:
            return cls(what, code) if (code := refusal(error)) else cls(f"{what} ({error})", None)
        return cls(what, None)


class CredentialClient(abc.ABC):
    """Whoever holds a credential for one kind of store."""

    accesses: Mapping[str, str]
    """How Lightly gets in, as a Datasource has it -> the kind of the credential."""
    outlives: tuple[str, ...] = ()
    """Kinds of credential that come out of using one of those."""

    @abc.abstractmethod
    def shown(self, inputs: Mapping[str, Any]) -> tuple[str, str]:
        """Identity and secret of the credential that a Datasource has."""

    def issued(self, resource: Mapping[str, Any]) -> Credential | None:
        """The credential that a resource of the state is, whether a Datasource has it or not."""
        return None

    @abc.abstractmethod
    def use(self, sandbox: Sandbox, credential: Credential) -> str | None:
        """List the credential's own directory with it: None when it works, else the code of the refusal."""

    @abc.abstractmethod
    def attacks(self, sandbox: Sandbox, credential: Credential) -> Iterator[Attack]:
        """Everything that the credential must not permit, tried one after the other."""

    def outlasts(self, credential: Credential) -> str | None:
        """Why the end of a deployment does not end it, and what does; None where it does."""
        return None

    def sessions(self, sandbox: Sandbox, credential: Credential) -> list[Credential]:
        """Credentials that come out of using it and outlive the use."""
        return []


def attempt(action: Callable[[], object], refusal: Callable[[Exception], str | None]) -> str | None:
    """None when it was allowed, else the code that `refusal` finds in its error. Another answer is raised."""
    try:
        action()
    except Exception as error:
        if code := refusal(error):
            return code
        raise
    return None
