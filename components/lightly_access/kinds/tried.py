"""A credential used once, through obstore: does it still get in?"""

import asyncio

from lightly_access.kinds.ending import Seen
from lightly_access.kinds.probe import CannotAskError, Target, understood

_REFUSED = frozenset(
    {"AccessDenied", "Forbidden", "Unauthorized", "AllAccessDisabled"}
    | {"InvalidAccessKeyId", "SignatureDoesNotMatch"}  # S3 and what speaks like it
    | {"AuthenticationFailed", "AuthorizationPermissionMismatch", "InvalidAuthenticationInfo"}  # Azure
    | {"AuthenticationRequired", "UserProjectAccountProblem"}  # Google Cloud Storage
)
"""Codes by which a service says no to a credential. Any other may mean something else: a wrong region, no bucket; and a
status without a code, 403 too, may be a proxy's."""


def listed(target: Target) -> Seen:
    """List its directory with it. Only a clear refusal counts as one."""

    async def ask() -> Seen:
        try:
            await target.client().list(target.directory)
        except TimeoutError:
            return Seen(None, "tried", "no answer in time")
        except CannotAskError as error:
            return Seen(None, "tried", str(error))
        except Exception as error:  # obstore's classes do not tell a refusal from a broken line: its text does
            text = str(error)
            if "invalid_grant" in text:  # of Google's token endpoint, which knows the key no more
                return Seen(False, "tried", "listing with it: invalid_grant")
            answer = understood(text)
            if answer.can is False and answer.code in _REFUSED:
                return Seen(False, "tried", f"listing with it: {answer.code}")
            return Seen(None, "tried", f"listing with it: {answer.code}")
        return Seen(True, "tried", "listing with it works")

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(ask())
    except Exception as error:  # the SDKs', whose words may hold the credential: none is told
        return Seen(None, "tried", f"nothing can be asked with it ({type(error).__name__})")
    finally:
        loop.close()
