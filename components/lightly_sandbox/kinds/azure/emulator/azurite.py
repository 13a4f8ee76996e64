"""Azurite as a child process: started with the accounts of the moment, told of changes, gone when we are gone.

Azurite 3.35.0 knows the accounts of its environment only and has no clock to move; `node/preload.js` takes both from
its standard input, which also ends it when this process dies in any way. Data is in memory.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from lightly_sandbox.kinds.azure.emulator.install import NODE_FILES, node

_LISTENS = re.compile(r"listens on http://127\.0\.0\.1:(\d+)")
_ARGUMENTS = (
    "--blobHost=127.0.0.1",
    "--blobPort=0",
    "--inMemoryPersistence",
    "--extentMemoryLimit=512",
    "--disableProductStyleUrl",
    "--disableTelemetry",
    "--silent",
    "--skipApiVersionCheck",  # the SDK speaks of newer versions than Azurite knows, for the same operations
)


class AzuriteError(RuntimeError):
    """Azurite ended, or never said its port; the text has its last words."""


class Azurite:
    """A running Azurite; `port` is its own, for the gateway only. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """`folder`: where it is installed."""
        main = folder / "node_modules/azurite/dist/src/blob/main.js"
        self._last_words: deque[str] = deque(maxlen=10)
        self._lock = threading.Lock()
        self._told = 0
        self._child = subprocess.Popen(  # noqa: S603 - the wheel's own Node
            [node(), "--no-deprecation", "--require", NODE_FILES / "preload.js", main, *_ARGUMENTS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=sys.stderr.fileno(),
            text=True,
            env={"PATH": os.defpath, "AZURITE_ROOT": str(folder)},
        )
        self.port = self._port()

    def tell(self, accounts: Mapping[str, Sequence[str]], offset: float) -> None:
        """These accounts (name to two keys in base64) and this offset of the clock hold from now on."""
        with self._lock:
            self._told += 1
            line = json.dumps({"number": self._told, "accounts": accounts, "offset": offset})
            assert self._child.stdin is not None
            try:
                self._child.stdin.write(line + "\n")
                self._child.stdin.flush()
            except OSError as error:
                raise self._gone() from error
            while self._line() != json.dumps({"done": self._told}, separators=(",", ":")):
                pass

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            if self._child.stdin:
                self._child.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(3)
            return
        self._child.kill()

    def _port(self) -> int:
        while not (match := _LISTENS.search(self._line())):
            pass
        return int(match[1])

    def _line(self) -> str:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise self._gone()
        self._last_words.append(line)
        return line.strip()

    def _gone(self) -> AzuriteError:
        return AzuriteError("Azurite ended; its last words: " + " | ".join(line.strip() for line in self._last_words))
