"""Who signed this request, and is the signature right, in time and made with credentials that still stand.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
"""

from lightly_policies.evaluator.aws import Principal

from lightly_sandbox.emulators.clock import Clock, rfc3339
from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.caller import ANONYMOUS, Caller
from lightly_sandbox.kinds.s3.emulator.errors import Protocol, RefusedError, unauthenticated
from lightly_sandbox.kinds.s3.emulator.payload import declared_hash
from lightly_sandbox.kinds.s3.emulator.sessions import Session, Sessions
from lightly_sandbox.kinds.s3.emulator.signature import SignatureInfo, expected, matches

SKEW_SECONDS = 15 * 60
_UNSIGNED_ALLOWED = {"x-amz-content-sha256"}


class Authenticator:
    """Finds the credentials behind a claim and verifies it."""

    def __init__(self, accounts: tuple[str, ...], sessions: Sessions, clock: Clock) -> None:
        self.accounts = accounts
        self.sessions = sessions
        self.clock = clock

    def authenticate(self, call: Call, claimed: SignatureInfo | None, protocol: Protocol) -> Caller:
        """The caller. Raises RefusedError, worded for the protocol, when anything is wrong with the credentials."""
        if claimed is None:
            if protocol is not Protocol.REST_XML:
                raise unauthenticated("no credentials", protocol)
            return ANONYMOUS
        caller = self._holder(claimed, protocol)
        self._verify(call, claimed, caller.secret, protocol)
        if caller.session and caller.session.expires <= self.clock.now():
            raise unauthenticated("expired token", protocol)
        return caller

    def _holder(self, claimed: SignatureInfo, protocol: Protocol) -> Caller:
        session = self.sessions.find(claimed.access_key_id)
        if session:
            if claimed.token is None:
                raise unauthenticated("unknown key", protocol)
            if not matches(claimed.token, session.token):
                raise unauthenticated("wrong token", protocol)
            return self._session_holder(session, protocol)
        found = facts.key_owner(self.accounts, claimed.access_key_id)
        if found is None or found[2].status != "Active":
            raise unauthenticated("unknown key", protocol)
        if claimed.token is not None:
            raise unauthenticated("wrong token", protocol)
        account, user, key = found
        principal = Principal(user.arn, account, "user", user_id=user.id)
        return Caller(principal, key.access_key_id, user.name, secret=key.secret_access_key)

    def _session_holder(self, session: Session, protocol: Protocol) -> Caller:
        if session.user_name:
            user = facts.user(session.account, session.user_name)
            if user is None:
                raise unauthenticated("unknown key", protocol)
            principal = Principal(user.arn, session.account, "user", user_id=user.id)
            return Caller(principal, session.access_key_id, user.name, session, session.secret)
        role = facts.role(session.account, session.role_name)
        if role is None or role.id != session.role_id:
            raise unauthenticated("unknown key", protocol)  # the role is gone, or another one has its name
        arn = f"arn:aws:sts::{session.account}:assumed-role/{session.role_name}/{session.name}"
        principal = Principal(arn, session.account, "session", role.arn, f"{role.id}:{session.name}")
        return Caller(principal, session.access_key_id, "", session, session.secret)

    def _verify(self, call: Call, claimed: SignatureInfo, secret: str, protocol: Protocol) -> None:
        now = self.clock.now()
        if claimed.expires is None and abs(now - claimed.signed_at) > SKEW_SECONDS:
            raise unauthenticated("wrong clock", protocol)
        if claimed.expires is not None:
            if claimed.signed_at - now > SKEW_SECONDS:
                raise RefusedError("AccessDenied", "Request is not yet valid")
            if now > claimed.signed_at + claimed.expires:
                server = rfc3339(now)
                raise RefusedError("AccessDenied", "Request has expired", 403, {"ServerTime": server})
        if protocol is Protocol.REST_XML:
            _all_signed(call, claimed)
        right = expected(call, claimed, secret, declared_hash(call, claimed))
        if not matches(right, claimed.signature):
            raise unauthenticated("wrong signature", protocol)


def _all_signed(call: Call, claimed: SignatureInfo) -> None:
    """S3 refuses x-amz-* headers that the signature does not cover: somebody on the way may have added them."""
    names = {name for name in call.headers if name.startswith("x-amz-")} - set(claimed.signed_headers)
    if left := sorted(names - _UNSIGNED_ALLOWED):
        message = "There were headers present in the request which were not signed"
        raise RefusedError("AccessDenied", message, 403, {"HeadersNotSigned": ", ".join(left)})
