"""Storage accounts: what Resource Manager keeps of them, and the keys that Azurite is told."""

import base64
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

KEY_NAMES = ("key1", "key2")


def new_key() -> str:
    """512 random bits in base64, as Azure's account keys are."""
    return base64.b64encode(secrets.token_bytes(64)).decode()


@dataclass
class Account:
    """A storage account; `properties` and `blob_service` hold what Resource Manager was told, by its own names.

    `delegation` is what this account's user delegation keys are made from.
    """

    name: str
    subscription: str
    resource_group: str
    location: str
    kind: str
    sku: str
    made: str
    tags: Mapping[str, str] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    blob_service: dict[str, Any] = field(default_factory=dict)
    keys: list[str] = field(default_factory=lambda: [new_key(), new_key()], repr=False)
    delegation: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def hierarchical(self) -> bool:
        """Whether it has a hierarchical namespace."""
        return bool(self.properties.get("isHnsEnabled"))


class Accounts:
    """All storage accounts by name: a name exists once in all of Azure. `tell` passes every change on to Azurite."""

    def __init__(self, tell: Callable[[Mapping[str, list[str]]], None]) -> None:
        self._by_name: dict[str, Account] = {}
        self._tell = tell
        self._lock = threading.RLock()

    def __iter__(self) -> Iterator[Account]:
        return iter(list(self._by_name.values()))

    def get(self, name: str) -> Account | None:
        """The account of this name, if there is one."""
        return self._by_name.get(name)

    def add(self, account: Account) -> None:
        with self._lock:
            self._by_name[account.name] = account
            self.changed()

    def remove(self, account: Account) -> None:
        """It is gone, and its keys with it."""
        with self._lock:
            del self._by_name[account.name]
            self.changed()

    def changed(self) -> None:
        """Tell Azurite the names and keys."""
        with self._lock:
            self._tell({account.name: account.keys for account in self})
