"""Builds Pulumi's command line from its Go module, once for a user and a version.

Modules and caches of more than 3 GB are removed when it is built, or could not be.
"""

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lightly_core.pulumi_version import OLDEST, Version

from lightly_sandbox.pulumi_cli import go, pin
from lightly_sandbox.user_cache import CommandFailedError, Tell, ToolMissingError, lines, once

_ROOM: Final = 5 * 1024**3
_EVERY_SECONDS: Final = 5.0
_UNREACHABLE: Final = re.compile(
    r"dial tcp|no such host|i/o timeout|connection re(fused|set)|TLS handshake|proxyconnect|Temporary failure in name"
    r"|NewConnectionError|Max retries|No matching distribution|Could not find a version|network is unreachable",
    re.IGNORECASE,
)
_HINT: Final = f"hint: install Pulumi, {OLDEST} or newer, and put it on PATH; then nothing is built"


class PulumiMissingError(ToolMissingError):
    """There is no Pulumi, and none could be built."""


def build(folder: Path, version: Version, tell: Tell) -> Path:
    """The executable of this version in `folder`, built when it is not there. Raises PulumiMissingError."""

    def make(scratch: Path) -> Path:
        if shutil.disk_usage(folder).free < _ROOM:
            raise PulumiMissingError(f"building Pulumi takes 5 GB for some minutes, and {folder} has less\n{_HINT}")
        tell(
            f"Pulumi {OLDEST} or newer is not on PATH: building {version} once, from its Go module. On two cores "
            "that takes 5 to 7 minutes, 400 MB to download, and 4 GB of disk meanwhile; 120 MB are kept"
        )
        return _Build(scratch, version, tell, folder / "build.log").run()

    return once(folder, f"v{version}/pulumi", "another process builds Pulumi: waiting for it", tell, make)


class _Now:
    """Tells something now and then, not each time."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._last = tell, time.monotonic()

    def __call__(self, text: str) -> None:
        if time.monotonic() - self._last > _EVERY_SECONDS:
            self._tell(text)
            self._last = time.monotonic()


class _Build:
    """One build in a folder of its own."""

    def __init__(self, scratch: Path, version: Version, tell: Tell, log: Path) -> None:
        self._scratch, self._version, self._tell, self._log = scratch, version, tell, log
        self._module = scratch / "module"
        shutil.copytree(pin.MODULE, self._module)

    def run(self) -> Path:
        """Toolchain, modules, packages. Raises PulumiMissingError."""
        began = time.monotonic()
        self._log.write_bytes(b"")
        self._go = go.on_path()
        if not self._go:
            self._tell(f"Go {pin.go()} or newer is not on PATH: installing it for this build")
            self._go = go.install(self._scratch / "toolchain", self._do)
        self._compile(self._download())
        made = self._scratch / "pulumi"
        said = self._do([str(made), "version"])
        if said != [f"v{self._version}"]:
            raise PulumiMissingError(f"the Pulumi that was built says that it is {said}, expected v{self._version}")
        self._tell(f"built Pulumi {self._version} in {time.monotonic() - began:.0f} s")
        return made

    def _download(self) -> int:
        """The modules that are needed; how many packages they are."""
        loaded = packages = 0
        told = _Now(self._tell)
        for line in self._lines([str(self._go), "list", "-deps", pin.COMMAND]):
            if line.startswith("go: "):
                loaded += 1
                told(f"downloaded {loaded} modules")
            else:
                packages += 1
        return packages

    def _compile(self, packages: int) -> None:
        """`-v` names each package when it is compiled."""
        told = _Now(self._tell)
        link = f"-s -w -X {pin.VERSION_VARIABLE}=v{self._version}"
        flags = ["-v", "-gcflags=all=-dwarf=false", "-ldflags", link, "-o", str(self._scratch / "pulumi")]
        for done, _ in enumerate(self._lines([str(self._go), "build", *flags, pin.COMMAND])):
            told(f"compiled {done} of {packages} packages")

    def _do(self, command: list[str]) -> list[str]:
        return list(self._lines(command, merged=False))

    def _lines(self, command: list[str], *, merged: bool = True) -> Iterator[str]:
        """What a command says: all of it, or its standard output. Raises PulumiMissingError."""
        try:
            yield from lines(command, self._module, self._environment(), self._log, merged=merged)
        except CommandFailedError:
            raise PulumiMissingError(self._failure()) from None

    def _failure(self) -> str:
        if _UNREACHABLE.search(self._log.read_text(errors="replace")):
            return (
                "Pulumi could not be built: the Go module proxy or the Python package registry could not be reached\n"
                f"{_HINT}; or try again where both can be reached"
            )
        return f"Pulumi could not be built: {self._log} tells why\n{_HINT}"

    def _environment(self) -> dict[str, str]:
        """The user's, for proxies and mirrors; but for every folder of Go's, which is ours, and how to build."""
        work = self._scratch / "go"
        folders = {"GOPATH": work, "GOMODCACHE": work / "modules", "GOCACHE": work / "cache", "GOTMPDIR": self._scratch}
        return {
            **os.environ,
            **{name: str(path) for name, path in folders.items()},
            "GOTOOLCHAIN": "local",
            "GOTELEMETRY": "off",
            "GOWORK": "off",
            "GOFLAGS": "-mod=readonly -modcacherw -buildvcs=false -trimpath",
            "CGO_ENABLED": "0",
            "GOGC": "400",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_HOME": str(self._scratch / "home"),
        }
