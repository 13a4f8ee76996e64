"""Every credential that was ever issued."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lightly_core.secret import Secret


@dataclass(frozen=True)
class Credential:
    """A credential that Lightly was given: a role with its external ID, a session of it, an access key, a SAS token or
    a service account's key that we made, or an external key that its owner made."""

    kind: str
    dataset: str
    purpose: str
    path: str
    """As the Datasource has it; empty for one that waits for its end, when its path is not known any more."""
    identity: str
    secret: Secret
    session_token: Secret | None = None
    registered: bool = True
    """Whether a Datasource has it. One that was only made is named after its resource: whose it is shows later."""

    region: str = ""
    """Of the bucket, where the Datasource says it."""
    given: bool = False
    """Whether somebody else made it."""

    @property
    def bucket(self) -> str:
        """The bucket it reaches; on Azure the account."""
        return urlsplit(self.path).netloc

    @property
    def prefix(self) -> str:
        """The directory it reaches; on Azure the container comes first."""
        return urlsplit(self.path).path.lstrip("/")

    @property
    def ours(self) -> bool:
        """Whether the deployment made it, and so ends it."""
        return not self.given

    def __str__(self) -> str:
        return f"{self.kind} {self.identity} ({self.dataset} {self.purpose})"


def revealed(value: Any) -> str:
    """A string of a state that shows its secrets: bare, or in an envelope whose `plaintext` is JSON."""
    return str(json.loads(value["plaintext"]) if isinstance(value, dict) else value)


@dataclass
class CredentialLog:
    """What was issued so far, oldest first, each once."""

    credentials: dict[str, Credential] = field(default_factory=dict)

    def note(self, *credentials: Credential) -> None:
        """Remember credentials; one that is known keeps its first entry, or its first as a registered one."""
        for credential in credentials:
            name = f"{credential.kind} {credential.identity} {credential.secret.reveal()}"
            known = self.credentials.get(name)
            if known is None or (credential.registered and not known.registered):
                self.credentials.pop(name, None)
                self.credentials[name] = credential

    def current(self, dataset: str, purpose: str) -> Credential:
        """The credential that was registered last for this datasource; never a session."""
        mine = [
            c for c in self.credentials.values() if (c.dataset, c.purpose) == (dataset, purpose) and c.kind != "session"
        ]
        return mine[-1]
