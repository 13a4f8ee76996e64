"""How often each call was made, for `GET /_sandbox/calls`. Calls to the control plane are not counted."""

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any


class Counts:
    """Counters by call and by who called. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._actions: Counter[str] = Counter()
        self._principals: Counter[str] = Counter()
        self._asked: dict[str, Counter[str]] = {}

    def add(self, action: str, principal: str) -> None:
        """One more, whatever becomes of it."""
        with self._lock:
            self._actions[action] += 1
            self._principals[principal] += 1

    def ask(self, permissions: Iterable[str], principal: str) -> None:
        """What the call needed, where there are permissions."""
        with self._lock:
            self._asked.setdefault(principal, Counter()).update(permissions)

    def asked(self) -> dict[str, dict[str, int]]:
        """The permissions that each principal needed, whether it had them or not."""
        with self._lock:
            return {who: dict(permissions) for who, permissions in self._asked.items() if permissions}

    def json_value(self) -> dict[str, Any]:
        """`{"total", "by_principal", "by_action"}`."""
        with self._lock:
            return {
                "total": self._actions.total(),
                "by_principal": dict(self._principals),
                "by_action": dict(self._actions),
            }
