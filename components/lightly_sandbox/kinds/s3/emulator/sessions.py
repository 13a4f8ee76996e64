"""Temporary credentials that the local STS gave out. Kept in memory only, as everything here is."""

import secrets
from dataclasses import dataclass, field

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class Session:
    """One set of temporary credentials.

    Either of a role (`role_name`, `role_id`, `name` of the session, `policies` that narrow it) or of a user
    (`user_name`, from GetSessionToken). `expires` is in seconds since the epoch.
    """

    access_key_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    account: str
    expires: float
    role_name: str = ""
    role_id: str = ""
    name: str = ""
    user_name: str = ""
    policy: str | None = None
    tags: tuple[tuple[str, str], ...] = ()


class Sessions:
    """All sessions ever made; expired ones stay known, so that they are told apart from unknown ones."""

    def __init__(self) -> None:
        self._by_key: dict[str, Session] = {}

    def find(self, access_key_id: str) -> Session | None:
        """The session of an access key."""
        return self._by_key.get(access_key_id)

    def make(self, account: str, expires: float, **more: object) -> Session:
        session = Session(
            access_key_id="ASIA" + "".join(secrets.choice(_ALPHABET) for _ in range(16)),
            secret=secrets.token_urlsafe(30),
            token="IQoJb3JpZ2lu" + secrets.token_urlsafe(96),
            account=account,
            expires=expires,
            **more,  # type: ignore[arg-type]  # the fields of Session, named by the callers in this package
        )
        self._by_key[session.access_key_id] = session
        return session
