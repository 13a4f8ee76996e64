"""The control plane under /_sandbox: identity, call counts, faults. Nobody without the nonce gets an answer."""

import hmac
import json
import threading
from collections import Counter
from collections.abc import Mapping

from lightly_sandbox.kinds.s3.emulator.errors import Answer
from lightly_sandbox.kinds.s3.emulator.faults import Faults, UnknownFaultError

PREFIX = "/_sandbox"
NAME = "clouds.aws"


class Counts:
    """How many calls there were, by principal and by action, and what permissions each principal needed for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.by_principal: Counter[str] = Counter()
        self.by_action: Counter[str] = Counter()
        self._asked: dict[str, Counter[str]] = {}

    def ask(self, principal: str, action: str) -> None:
        """One more permission that a principal needed, whether it had it or not. A call may need several."""
        with self._lock:
            self._asked.setdefault(principal, Counter())[action] += 1

    def add(self, principal: str, action: str) -> None:
        """One more call."""
        with self._lock:
            self.by_principal[principal] += 1
            self.by_action[action] += 1

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

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one control call; 403 without the nonce."""
        if not hmac.compare_digest(headers.get("x-sandbox-nonce", "").encode(), self._nonce.encode()):
            return _json(403, {"error": "expected the header X-Sandbox-Nonce with this server's nonce"})
        match (method, path.removeprefix(PREFIX)):
            case ("GET", ""):
                return _json(200, {"name": NAME, "nonce": self._nonce})
            case ("GET", "/calls"):
                return _json(200, self.counts.show())
            case ("POST", "/faults"):
                return self._faults(body)
        return _json(
            404, {"error": f"{method} {path}: expected GET /_sandbox, GET /_sandbox/calls or POST /_sandbox/faults"}
        )

    def _faults(self, body: bytes) -> Answer:
        try:
            faults = json.loads(body)
            if not isinstance(faults, list):
                raise UnknownFaultError("expected a list of faults")
            self.faults.replace(faults)
        except (ValueError, TypeError, AttributeError) as error:
            return _json(400, {"error": str(error)})
        return _json(200, {"active": len(faults)})


def _json(status: int, value: object) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
