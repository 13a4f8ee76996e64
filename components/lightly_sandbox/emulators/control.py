"""The control plane below `/_sandbox`: who this is, what it was asked, and how it shall misbehave.

Only whoever knows the nonce of the settings line may use it.

    GET  /_sandbox         {"name", "nonce"}
    GET  /_sandbox/calls   {"total", "by_principal", "by_action", "asked"}
    GET  /_sandbox/asked   principal -> permission -> the resources that it was asked for, where the cloud says so
    POST /_sandbox/faults  a list of faults, in place of the active ones

A server may know more: `handle` of a subclass.
"""

import hmac
import json
from collections.abc import Sequence
from typing import Any, Protocol

from lightly_sandbox.emulators.counts import Counts
from lightly_sandbox.emulators.messages import Answer, Request, json_answer

PREFIX = "/_sandbox"


class Replaceable(Protocol):
    """Faults, whatever they are."""

    def replace(self, faults: Sequence[Any]) -> None:
        """Take these for the active ones. Raises ValueError, TypeError or AttributeError for what means nothing."""


class Control:
    """The control plane of one server."""

    def __init__(self, name: str, nonce: str, counts: Counts, faults: Replaceable) -> None:
        self._name, self._nonce, self._counts, self._faults = name, nonce, counts, faults

    def answer(self, request: Request) -> Answer | None:
        """The answer to a call of the control plane, 403 without the nonce; None for any other call."""
        path = request.path
        if path != PREFIX and not path.startswith(f"{PREFIX}/"):
            return None
        if not hmac.compare_digest(request.header("x-sandbox-nonce").encode(), self._nonce.encode()):
            return json_answer(
                403, {"error": "FORBIDDEN: expected the header X-Sandbox-Nonce with this server's nonce"}
            )
        try:
            value = self.handle(request.method, path.removeprefix(PREFIX).strip("/"), request.body)
        except (ValueError, TypeError, AttributeError) as error:
            return json_answer(400, {"error": str(error)})
        if value is None:
            return json_answer(404, {"error": f"the control plane has no {request.method} {path}"})
        return json_answer(200, value)

    def handle(self, method: str, path: str, body: bytes) -> object | None:
        """What a call answers, or None when there is no such call. Raises ValueError for a body that means nothing."""
        match method, path:
            case "GET", "":
                return {"name": self._name, "nonce": self._nonce}
            case "GET", "calls":
                return self._counts.json_value()
            case "GET", "asked":
                return self._counts.resources()
            case "POST", "faults":
                faults = json.loads(body)
                if not isinstance(faults, list):
                    raise ValueError("expected a list of faults")
                self._faults.replace(faults)
                return {"active": len(faults)}
        return None
