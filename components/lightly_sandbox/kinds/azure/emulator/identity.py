"""Tokens, as managed identities get them: azure-identity finds this place by two variables.

`IDENTITY_ENDPOINT` and `IDENTITY_HEADER` are what App Service sets for its programs, and what DefaultAzureCredential
looks for, so that the product needs no code for the rehearsal. Without a `client_id` it is the deployer who asks; with
one, which DefaultAzureCredential takes from AZURE_CLIENT_ID, a managed identity.
Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity (REST endpoint reference).
"""

import hmac
import secrets

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.emulators.messages import Answer, json_answer
from lightly_sandbox.kinds.azure.emulator.messages import Request
from lightly_sandbox.kinds.azure.emulator.principals import Principals

PATH = "/_identity/token"
_LIFE_SECONDS = 24 * 3600


class Identity:
    """Gives tokens to who knows the header's value."""

    def __init__(self, principals: Principals, clock: Clock) -> None:
        self._principals, self._clock = principals, clock
        self.header = secrets.token_urlsafe(24)

    def answer(self, request: Request) -> Answer:
        """A token for any resource; 401 without the header, 400 for an identity that is not there."""
        given = request.headers.get("x-identity-header", "")
        if request.raw_path != PATH or not hmac.compare_digest(given.encode(), self.header.encode()):
            return json_answer(401, {"statusCode": 401, "message": "expected the header X-IDENTITY-HEADER"})
        client = request.query.get("client_id")
        who = self._principals.of_client(client) if client else self._principals.deployer
        if who is None:
            return json_answer(400, {"statusCode": 400, "message": f"no managed identity has the client id {client}"})
        token = {
            "access_token": who.token,
            "client_id": who.client,
            "expires_on": str(int(self._clock.now()) + _LIFE_SECONDS),
            "resource": request.query.get("resource", ""),
            "token_type": "Bearer",
        }
        return json_answer(200, token)
