"""The control plane under /_sandbox: identity, call counts, faults. Nobody without the nonce gets an answer."""

import hmac
import json
import threading
from collections import Counter

from lightly_sandbox.kinds.azure.emulator.faults import Faults, UnknownFaultError
from lightly_sandbox.kinds.azure.emulator.messages import Answer, Request, json_answer

PREFIX = "/_sandbox"
NAME = "clouds.azure"


class Counts:
    """How many calls there were, by principal and by action, and by both: in Azure a call needs one action."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.by_principal: Counter[str] = Counter()
        self.by_action: Counter[str] = Counter()
        self._asked: dict[str, Counter[str]] = {}

    def add(self, principal: str, action: str) -> None:
        """One more call."""
        with self._lock:
            self.by_principal[principal] += 1
            self.by_action[action] += 1
            self._asked.setdefault(principal, Counter())[action] += 1

    def show(self) -> dict[str, object]:
        """As the control plane answers it."""
        with self._lock:
            total = sum(self.by_principal.values())
            counted = {"total": total, "by_principal": dict(self.by_principal), "by_action": dict(self.by_action)}
            return {**counted, "asked": {who: dict(actions) for who, actions in self._asked.items()}}


class Control:
    """Answers requests under /_sandbox."""

    def __init__(self, nonce: str, counts: Counts, faults: Faults) -> None:
        self._nonce = nonce
        self.counts = counts
        self.faults = faults

    def answer(self, request: Request) -> Answer:
        """The answer to one control call; 403 without the nonce."""
        if not hmac.compare_digest(request.headers.get("x-sandbox-nonce", "").encode(), self._nonce.encode()):
            return json_answer(403, {"error": "expected the header X-Sandbox-Nonce with this server's nonce"})
        match (request.method, request.raw_path.removeprefix(PREFIX)):
            case ("GET", ""):
                return json_answer(200, {"name": NAME, "nonce": self._nonce})
            case ("GET", "/calls"):
                return json_answer(200, self.counts.show())
            case ("POST", "/faults"):
                return self._faults(request.body)
        expected = "expected GET /_sandbox, GET /_sandbox/calls or POST /_sandbox/faults"
        return json_answer(404, {"error": f"{request.method} {request.raw_path}: {expected}"})

    def _faults(self, body: bytes) -> Answer:
        try:
            faults = json.loads(body)
            if not isinstance(faults, list):
                raise UnknownFaultError("expected a list of faults")
            self.faults.replace(faults)
        except (ValueError, TypeError, AttributeError) as error:
            return json_answer(400, {"error": str(error)})
        return json_answer(200, {"active": len(faults)})
