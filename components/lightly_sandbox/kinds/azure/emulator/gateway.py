"""The gateway: one request from a listener to its answer. Nothing reaches Azurite but what was looked at here."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path

from lightly_sandbox.emulators import messages
from lightly_sandbox.emulators.control import Control
from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.azure.emulator.arm import ResourceManager
from lightly_sandbox.kinds.azure.emulator.data import DataPlane
from lightly_sandbox.kinds.azure.emulator.local_azure import LocalAzure
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError, Request, read, storage_error

LARGEST_BODY = 64 * 1024 * 1024
_ARM = ("subscriptions", "providers")


class Gateway(LocalAzure):
    """The ways into it: data, Resource Manager, tokens, the control plane."""

    def __init__(self, nonce: str, azurite: Path, subscription: str | None = None, others: Iterable[str] = ()) -> None:
        super().__init__(azurite, subscription)
        self._control = Control("azure", nonce, self.counts, self.faults)
        self._data, self._arm = DataPlane(self), ResourceManager(self, others)

    def secure(self, raw: messages.Request) -> Answer:
        """What the TLS port answers: data."""
        self.faults.delay()
        return self._dated(raw, self._data.answer)

    def plain(self, raw: messages.Request) -> Answer:
        """What the plain port answers: the control plane, tokens, Resource Manager, and data over http."""
        if controlled := self._control.answer(raw):
            return controlled
        self.faults.delay()
        first = raw.path.split("/")[1].lower() if "/" in raw.path else ""
        if first == "_identity":
            return self._dated(raw, self.identity.answer)
        return self._dated(raw, self._arm.answer if first in _ARM else self._data.answer)

    def _dated(self, raw: messages.Request, answer: Callable[[Request], Answer]) -> Answer:
        try:
            answered = answer(read(raw))
        except RefusedError as refused:
            answered = storage_error(refused, head=raw.method == "HEAD")
        date = {"Date": format_datetime(self.clock.date(), usegmt=True)}  # the moved one: Node's own does not move
        return replace(answered, headers={**answered.headers, **date})
