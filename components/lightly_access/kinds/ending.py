"""How a credential that a deployment issued is ended, tried and looked for: the kind's side of `rotate --leaked` and
`revoke`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.secret import Secret

if TYPE_CHECKING:
    from lightly_access.doctor.stack import Stack

Resource = Mapping[str, Any]
"""A resource of a state whose secrets are each a Secret."""
Beside = Mapping[tuple[str, str], Resource]
"""The resources among which the holder of a credential is, as the state has them, by type and id."""


class CannotEndError(Exception):
    """The cloud refused or did not answer: what it said, and the way out."""

    def __init__(self, said: str, hint: str) -> None:
        self.said, self.hint = said, hint
        super().__init__(f"{said}\nhint: {hint}")


@dataclass(frozen=True, slots=True)
class Issued:
    """A credential that Lightly was given.

    Attributes:
        access: the manifest's word for how Lightly gets in, such as `user`.
        word, identity: what it is and which: `access key AKIA...`; never a secret.
        created: when, as the state says it.
        facts: what its cloud needs to find it.
        secret: None where nobody but its holder has it.
        key: what ends it, where that is a secret of its own.
        ours: whether a deployment made it.
        pending: whether it is an old one that waits for its end in the state.
        known: whether a state knows it; one that only the cloud knows has no secret here.
        returns: whether a run would keep the one that its cloud has ended, as long as the manifest names the same one.
        endless: why it cannot be switched off alone; None where it can.
    """

    kind: str
    access: str
    purpose: Purpose
    word: str
    identity: str
    path: str = ""
    created: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    secret: Secret | None = None
    key: Secret | None = None
    ours: bool = True
    pending: bool = False
    known: bool = True
    returns: bool = False
    endless: str | None = None

    def __str__(self) -> str:
        return f"{self.word} {self.identity}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a credential after somebody looked: `works` is None where nobody could tell; `how` is `tried`
    (it was used) or `cloud` (its cloud was asked); `said` is the answer."""

    works: bool | None
    how: str
    said: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question to a log: where it is asked, and its text."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Login:
    """Whoever ends it: the stack, whose configuration and environment have the logins, and the store's account."""

    stack: "Stack"
    owner: str | None = None


class Ending:
    """One class a kind of store. Methods with a body here fit a kind whose credentials are all somebody else's."""

    types: frozenset[str] = frozenset()
    """The resources that are a credential, or what Lightly gets in by."""

    def issued(self, resource: Resource, registered: Resource, purpose: Purpose, beside: Beside) -> Issued:
        """The credential of a resource of `types`; `registered` are the properties of its Datasource, as far as it is
        in the state, and `beside` what its holder may be among."""
        raise NotImplementedError(f"{resource.get('type')}: no such credential")

    def external(self, registered: Resource, purpose: Purpose) -> Issued | None:
        """The credential of a Datasource that somebody else made; None where it has none."""
        return None

    def completed(self, issued: Issued, among: Iterable[Issued]) -> Issued:
        """The same, with what ends it where it is known of another one only."""
        return issued

    def switch_off(self, issued: Issued, login: Login) -> str:
        """Make it useless now, whatever Pulumi and Lightly do; in words. Done twice is done. Raises CannotEndError."""
        raise CannotEndError(f"{issued} is not ours", "end it where it was made")

    def remove(self, issued: Issued, login: Login) -> str:
        """Remove one for good that a deployment does not need any more. Raises CannotEndError."""
        return self.switch_off(issued, login)

    def others(self, issued: Issued, login: Login) -> tuple[Issued, ...]:
        """Credentials of the same holder that exist, whoever made them. Raises CannotEndError."""
        return ()

    def tried(self, issued: Issued) -> Seen | None:
        """It is used, once; None where nobody but its holder can."""
        return None

    def asked(self, issued: Issued, login: Login) -> Seen | None:
        """Whether its cloud still has it; None where there is nobody to ask."""
        return None

    def queries(self, issued: Issued) -> tuple[Query, ...]:
        """What to ask of the logs to see whether it was used, since it was made."""
        return ()
