"""Credentials into callers: access tokens of the token endpoint, and tokens that a client signs for itself.

Sources: https://developers.google.com/identity/protocols/oauth2/service-account (assertions, answers, errors),
https://google.aip.dev/auth/4111 (self-signed tokens with an audience or with scopes). A key that is deleted or disabled
stops new tokens, an account that is deleted or disabled stops the old ones too
(https://cloud.google.com/iam/docs/keys-disable-enable).
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.gcs.emulator.accounts import Account, Accounts
from lightly_sandbox.kinds.gcs.emulator.caller import ANONYMOUS, CLOUD_PLATFORM, SCOPES, Caller
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError, wrong_credentials
from lightly_sandbox.kinds.gcs.emulator.faults import Faults
from lightly_sandbox.kinds.gcs.emulator.keys import Key

TOKEN_AUDIENCE = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address; google-auth signs it whatever token_uri says
_TOKEN_AUDIENCES = (
    TOKEN_AUDIENCE,
    "https://accounts.google.com/o/oauth2/token",
    "https://www.googleapis.com/oauth2/v4/token",
)
_AUDIENCES = {"https://storage.googleapis.com/": "storage", "https://iam.googleapis.com/": "iam"}
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFE, _SKEW = 3600.0, 300.0  # seconds: how long a token lives, how far two clocks may differ
_TIMES = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)


@dataclass(frozen=True, slots=True)
class _Granted:
    caller: Caller
    expires: float


class Tokens:
    """All access tokens that are out, and the exchange for signed ones."""

    def __init__(self, accounts: Accounts, faults: Faults, clock: Clock) -> None:
        self._accounts, self._faults, self._clock = accounts, faults, clock
        self._granted: dict[str, _Granted] = {}
        self._lasting: list[tuple[str, Caller]] = []

    def administrator(self, email: str) -> str:
        """A token of a person, with the scope of the whole platform; it lasts as long as this cloud."""
        token = "ya29." + secrets.token_urlsafe(48)
        self._lasting.append((token, Caller("user", email, scopes=frozenset({CLOUD_PLATFORM}))))
        return token

    def authenticate(self, authorization: str) -> Caller:
        """Who sends this header. Raises RefusedError."""
        if not authorization:
            return ANONYMOUS
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise wrong_credentials()
        for known, caller in self._lasting:
            if hmac.compare_digest(known.encode(), token.encode()):
                return caller
        granted = self._granted.get(token)
        if granted is None:
            return self._signed(token)
        if self._clock.now() >= granted.expires or self._alive(granted.caller) is None:
            raise wrong_credentials()
        return granted.caller

    def exchange(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The token endpoint: an assertion into an access token of one hour. Raises RefusedError."""
        if form.get("grant_type") != _GRANT:
            raise RefusedError(400, "unsupported_grant_type", "Invalid grant_type: " + form.get("grant_type", ""))
        claims, account = self._verified(form.get("assertion", ""), _refuse_grant)
        if claims.get("aud") not in _TOKEN_AUDIENCES:
            right = f"The right audience is {TOKEN_AUDIENCE}"
            raise _refuse_grant(f"Invalid JWT: Failed audience check. {right}")
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise RefusedError(400, "invalid_scope", "Empty or missing scope not allowed.")
        if unknown := scopes - SCOPES:
            raise RefusedError(
                400, "invalid_scope", f"Invalid OAuth scope or ID token audience provided: {min(unknown)}"
            )
        if claims.get("sub") not in (None, account.email):
            refusal = "Client is unauthorized to retrieve access tokens using this method"
            raise RefusedError(401, "unauthorized_client", refusal)
        token = "ya29.c." + secrets.token_urlsafe(48)
        caller = Caller("serviceAccount", account.email, account.uid, scopes)
        self._granted[token] = _Granted(caller, self._clock.now() + _LIFE)
        return {"access_token": token, "expires_in": int(_LIFE) - 1, "token_type": "Bearer"}

    def key_of(self, email: str, id: str | None) -> tuple[Account, list[Key]] | None:
        """A living account and its usable keys, or the one with this id; None when there is no such account."""
        account, now = self._accounts.of(email), self._clock.now()
        if account is None or account.disabled:
            return None
        keys = [known for known in account.keys.values() if id in (None, known.id) and known.usable(now)]
        return account, [key for key in keys if now - key.created >= self._faults.invalid]

    def _signed(self, token: str) -> Caller:
        claims, account = self._verified(token, lambda _: wrong_credentials())
        if claims.get("sub") not in (None, account.email):
            raise wrong_credentials()
        if "scope" in claims:
            scopes = frozenset(str(claims["scope"]).split())
            return Caller("serviceAccount", account.email, account.uid, scopes & SCOPES)
        service = _AUDIENCES.get(str(claims.get("aud", "")))
        if service is None:
            raise wrong_credentials()
        return Caller("serviceAccount", account.email, account.uid, service=service)

    def _verified(self, token: str, refuse: Any) -> tuple[dict[str, Any], Account]:
        """Claims whose signature is one of the issuer's usable keys, within an hour of now."""
        try:
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(token, options={"verify_signature": False})
        except (jwt.InvalidTokenError, UnicodeError) as error:
            raise refuse("Bad Request") from error
        found = self.key_of(str(claims.get("iss", "")), header.get("kid"))
        if found is None:
            raise refuse("Invalid grant: account not found")
        account, keys = found
        if not any(_signs(key, token) for key in keys):
            raise refuse("Invalid JWT Signature.")
        issued, expires, now = claims.get("iat"), claims.get("exp"), self._clock.now()
        if not isinstance(issued, int | float) or not isinstance(expires, int | float):
            raise refuse(_TIMES)
        if not (issued - _SKEW <= now < expires + _SKEW and 0 < expires - issued <= _LIFE):
            raise refuse(_TIMES)
        return claims, account

    def _alive(self, caller: Caller) -> Account | None:
        account = self._accounts.of(caller.email)
        return account if account and account.uid == caller.uid and not account.disabled else None


def _signs(key: Key, token: str) -> bool:
    unchecked = {
        f"verify_{signature_info}": False for signature_info in ("exp", "iat", "nbf", "aud", "iss", "sub", "jti")
    }
    try:
        jwt.decode(token, key.public, algorithms=["RS256"], options=unchecked)  # type: ignore[arg-type] # names made above
    except jwt.InvalidTokenError:
        return False
    return True


def _refuse_grant(why: str) -> RefusedError:
    return RefusedError(400, "invalid_grant", why)
