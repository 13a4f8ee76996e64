"""The control plane under /_sandbox: identity, call counts, faults. Nobody without the nonce gets an answer."""

import hmac
import json

from werkzeug.wrappers import Response

from lightly_sandbox.kinds.gcs.emulator.call import Call
from lightly_sandbox.kinds.gcs.emulator.errors import json_response
from lightly_sandbox.kinds.gcs.emulator.faults import Faults, UnknownFaultError
from lightly_sandbox.lightly.counts import Counts

PREFIX = "/_sandbox"
NAME = "clouds.gcs"


class Control:
    """Answers requests under /_sandbox."""

    def __init__(self, nonce: str, counts: Counts, faults: Faults) -> None:
        self._nonce, self._counts, self._faults = nonce, counts, faults

    def answer(self, call: Call) -> Response:
        """The answer to one control call; 403 without the nonce."""
        if not hmac.compare_digest(call.headers.get("x-sandbox-nonce", "").encode(), self._nonce.encode()):
            return json_response(403, {"error": "expected the header X-Sandbox-Nonce with this server's nonce"})
        match (call.method, call.path.removeprefix(PREFIX)):
            case ("GET", ""):
                return json_response(200, {"name": NAME, "nonce": self._nonce})
            case ("GET", "/calls"):
                return json_response(200, {**self._counts.json_value(), "asked": self._counts.asked()})
            case ("POST", "/faults"):
                return self._take(call.body)
        known = "expected GET /_sandbox, GET /_sandbox/calls or POST /_sandbox/faults"
        return json_response(404, {"error": f"{call.method} {call.path}: {known}"})

    def _take(self, body: bytes) -> Response:
        try:
            faults = json.loads(body)
            if not isinstance(faults, list):
                raise UnknownFaultError("expected a list of faults")
            self._faults.replace(faults)
        except (ValueError, TypeError, AttributeError) as error:
            return json_response(400, {"error": str(error)})
        return json_response(200, {"active": len(faults)})
