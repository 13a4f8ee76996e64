"""Who calls: the identity behind a verified signature."""

from dataclasses import dataclass, field

from lightly_policies.evaluator.aws import Principal

from lightly_sandbox.kinds.s3.emulator.sessions import Session


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of one request.

    `user_name` is set for users (and GetSessionToken's credentials of users), `session` for temporary credentials.
    """

    principal: Principal
    access_key_id: str = ""
    user_name: str = ""
    session: Session | None = None
    secret: str = field(default="", repr=False)

    @property
    def account(self) -> str:
        """Twelve digits; empty for anonymous callers."""
        return self.principal.account

    @property
    def label(self) -> str:
        """How the call counts name it."""
        return self.principal.arn or "anonymous"


ANONYMOUS = Caller(Principal("", "", "anonymous"))
