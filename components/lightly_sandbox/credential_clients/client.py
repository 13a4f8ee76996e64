"""What using a credential brings: tried for real, by whoever holds it. Beside this file is one for each cloud."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

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


class CredentialClient(Protocol):
    """How to get in with the credentials of one kind of cloud."""

    SERVICE: str
    """The side of the sandbox that knows them."""

    def use(self, sandbox: Sandbox, credential: Credential) -> str | None:
        """List the credential's own directory with it: None when it works, else the code of the refusal."""
        ...

    def attacks(self, sandbox: Sandbox, credential: Credential) -> Iterator[Attack]:
        """Everything that the credential must not permit, tried one after the other."""
        ...

    def sessions(self, sandbox: Sandbox, credential: Credential) -> list[Credential]:
        """Credentials that come out of using it and outlive the use."""
        ...


def attempt(action: Callable[[], object], refusal: Callable[[Exception], str | None]) -> str | None:
    """None when it was allowed, else the code that `refusal` finds in its error. Another answer is raised."""
    try:
        action()
    except Exception as error:
        if code := refusal(error):
            return code
        raise
    return None
