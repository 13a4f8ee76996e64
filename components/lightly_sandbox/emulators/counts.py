"""How often each call was made, and by whom. Calls to the control plane are not counted."""

import threading
from collections import Counter
from typing import Any


class Counts:
    """Counters by principal and by action. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._principals: Counter[str] = Counter()
        self._actions: Counter[str] = Counter()
        self._asked: dict[str, Counter[str]] = {}
        self._resources: dict[str, dict[str, set[str]]] = {}

    def add(self, principal: str, action: str, *permissions: str) -> None:
        """One more call, whatever becomes of it, and the permissions that it needed."""
        with self._lock:
            self._principals[principal] += 1
            self._actions[action] += 1
        self.ask(principal, *permissions)

    def ask(self, principal: str, *permissions: str) -> None:
        """Permissions that a principal needed, whether it had them or not. A call may need several."""
        with self._lock:
            self._asked.setdefault(principal, Counter()).update(permissions)

    def ask_of(self, principal: str, permission: str, resource: str) -> None:
        """The same, of a cloud that says for which resource."""
        self.ask(principal, permission)
        with self._lock:
            self._resources.setdefault(principal, {}).setdefault(permission, set()).add(resource)

    def json_value(self) -> dict[str, Any]:
        """`{"total", "by_principal", "by_action", "asked"}`."""
        with self._lock:
            return {
                "total": self._principals.total(),
                "by_principal": dict(self._principals),
                "by_action": dict(self._actions),
                "asked": {who: dict(permissions) for who, permissions in self._asked.items() if permissions},
            }

    def resources(self) -> dict[str, dict[str, list[str]]]:
        """Principal -> permission -> the resources that it was asked for."""
        with self._lock:
            return {
                who: {permission: sorted(found) for permission, found in asked.items()}
                for who, asked in self._resources.items()
            }
