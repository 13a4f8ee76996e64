"""Lines in the output of a Pulumi run: the engine's Log service. Telling is never a reason to fail."""

import contextlib
import threading
from typing import Any

import grpc
from lightly_core.scrub import Scrubber
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_SECONDS = 5.0


class EngineLog:
    """Sends lines to the engine at an address; before there is one, nowhere."""

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        self._channel: grpc.Channel | None = None
        self._lock = threading.Lock()

    def connect(self, address: str) -> None:
        """The engine is (now) there."""
        with self._lock:
            if self._channel:
                self._channel.close()
            self._channel = grpc.insecure_channel(address) if address else None

    def tell(self, urn: str, text: str) -> None:
        """A line that stays in the output, at the resource."""
        self._log(urn, text, ephemeral=False)

    def warn(self, text: str, urn: str = "") -> None:
        """A warning, at a resource or of none."""
        self._log(urn, text, ephemeral=False, severity=engine_pb2.WARNING)

    def status(self, urn: str, text: str) -> None:
        """A line that the display shows at the resource until the next one."""
        self._log(urn, text, ephemeral=True)

    def _log(self, urn: str, text: str, *, ephemeral: bool, severity: Any = engine_pb2.INFO) -> None:
        channel = self._channel
        if not channel:
            return
        request = engine_pb2.LogRequest(
            severity=severity, message=self._scrubber.scrub(text), urn=urn, streamId=0, ephemeral=ephemeral
        )
        with contextlib.suppress(grpc.RpcError, ValueError):  # ValueError: closed by a newer connect
            engine_pb2_grpc.EngineStub(channel).Log(request, timeout=_SECONDS)
