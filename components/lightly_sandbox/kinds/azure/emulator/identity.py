"""Tokens for the deployer, as a managed identity gets them: azure-identity finds this place by two variables.

`IDENTITY_ENDPOINT` and `IDENTITY_HEADER` are what App Service sets for its programs, and what DefaultAzureCredential
looks for, so that the product needs no code for the rehearsal.
Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity (REST endpoint reference).
"""

import hmac
import secrets

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.emulators.messages import Answer, json_answer
from lightly_sandbox.kinds.azure.emulator.messages import Request

PATH = "/_identity/token"
_LIFE_SECONDS = 24 * 3600


class Identity:
    """Gives the deployer's token to who knows the header's value."""

    def __init__(self, token: str, clock: Clock) -> None:
        self._token, self._clock = token, clock
        self.header = secrets.token_urlsafe(24)

    def answer(self, request: Request) -> Answer:
        """A token for any resource; 401 without the header."""
        given = request.headers.get("x-identity-header", "")
        if request.raw_path != PATH or not hmac.compare_digest(given.encode(), self.header.encode()):
            return json_answer(401, {"statusCode": 401, "message": "expected the header X-IDENTITY-HEADER"})
        token = {
            "access_token": self._token,
            "expires_on": str(int(self._clock.now()) + _LIFE_SECONDS),
            "resource": request.query.get("resource", ""),
            "token_type": "Bearer",
        }
        return json_answer(200, token)
