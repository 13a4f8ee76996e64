"""Who can log in: whoever deploys by default, and managed identities that Resource Manager was told to make.

Source: https://learn.microsoft.com/rest/api/managedidentity/user-assigned-identities.
"""

import hmac
import secrets
import uuid
from dataclasses import dataclass, field

DEPLOYER = "deployer"


def _id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Principal:
    """`name` is how the call counts call it, `id` what roles are given to, `client` what it logs in by.

    `token` is its bearer token for Resource Manager and for data.
    """

    name: str
    id: str = field(default_factory=_id)
    client: str = field(default_factory=_id)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


class Principals:
    """All of them; `deployer` is there from the start."""

    def __init__(self) -> None:
        self.deployer = Principal(DEPLOYER)
        self._identities: dict[str, Principal] = {}

    def identity(self, path: str) -> Principal | None:
        """The managed identity of this resource id."""
        return self._identities.get(path.lower())

    def make(self, path: str, name: str) -> Principal:
        """A managed identity of this resource id; the one that is there stays."""
        return self._identities.setdefault(path.lower(), Principal(name))

    def remove(self, path: str) -> bool:
        """It is gone, and its token with it; False when there was none."""
        return self._identities.pop(path.lower(), None) is not None

    def _all(self) -> list[Principal]:
        return [self.deployer, *self._identities.values()]

    def of_token(self, token: str) -> Principal | None:
        """Whose bearer token it is."""
        return next((each for each in self._all() if hmac.compare_digest(each.token.encode(), token.encode())), None)

    def of_client(self, client: str) -> Principal | None:
        """Who logs in by this id."""
        return next((each for each in self._all() if each.client == client), None)

    def of_id(self, id: str) -> Principal | None:
        """Who has this object id."""
        return next((each for each in self._all() if each.id == id), None)
