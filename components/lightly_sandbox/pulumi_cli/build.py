"""Builds Pulumi's command line from its Go module, once for a user and a version.

Everything happens in a folder beside the result, which is moved into place in one step at the end; the folder, with
modules and caches of more than 3 GB, is removed then. One build at a time: who comes second waits, and finds the
result. What a killed build left is removed by the next.
"""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from lightly_sandbox.pulumi_cli import go, pin
from lightly_sandbox.pulumi_cli.version import Version

_ROOM: Final = 5 * 1024**3
_EVERY_SECONDS: Final = 5.0
_SCRATCH: Final = "building-"
_UNREACHABLE: Final = re.compile(
    r"dial tcp|no such host|i/o timeout|connection re(fused|set)|TLS handshake|proxyconnect|Temporary failure in name"
    r"|NewConnectionError|Max retries|No matching distribution|Could not find a version|network is unreachable",
    re.IGNORECASE,
)
_HINT: Final = f"hint: install Pulumi, {pin.MINIMUM} or newer, and put it on PATH; then nothing is built"
Tell = Callable[[str], None]


class BuildFailedError(RuntimeError):
    """Pulumi could not be built."""


def build(folder: Path, version: Version, tell: Tell) -> Path:
    """The executable of this version in `folder`, built when it is not there. Raises BuildFailedError."""
    made = folder / f"v{version}" / "pulumi"
    if made.exists():
        return made
    with _alone(folder, tell):
        if made.exists():  # somebody else was at it
            return made
        for left in folder.glob(f"{_SCRATCH}*"):  # by builds that were killed: nobody else is in here
            shutil.rmtree(left, ignore_errors=True)
        if shutil.disk_usage(folder).free < _ROOM:
            raise BuildFailedError(f"building Pulumi takes 5 GB for some minutes, and {folder} has less\n{_HINT}")
        tell(
            f"Pulumi {pin.MINIMUM} or newer is not on PATH: building {version} once, from its Go module. On two cores "
            "that takes 5 to 7 minutes, 400 MB to download, and 4 GB of disk meanwhile; 120 MB are kept"
        )
        scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=folder))
        try:
            built = _Build(scratch, version, tell, folder / "build.log").run()
            made.parent.mkdir(exist_ok=True)
            built.replace(made)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return made


@contextlib.contextmanager
def _alone(folder: Path, tell: Tell) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("another process builds Pulumi: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


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
        """Toolchain, modules, packages. Raises BuildFailedError."""
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
            raise BuildFailedError(f"the Pulumi that was built says that it is {said}, expected v{self._version}")
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
        return list(self._lines(command, subprocess.PIPE))

    def _lines(self, command: list[str], stdout: int = subprocess.STDOUT) -> Iterator[str]:
        """What a command says, line by line: its standard output, or all that it says. Raises BuildFailedError."""
        merged = stdout == subprocess.STDOUT
        with (
            self._log.open("ab") as log,
            subprocess.Popen(  # noqa: S603 - Go, pip, and what was built
                command,
                cwd=self._module,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if merged else log,
                start_new_session=True,
            ) as process,
        ):
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    if merged:
                        log.write(line)
                    yield line.decode(errors="replace").strip()
                code = process.wait()
            except BaseException:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                raise
        if code:
            raise BuildFailedError(self._failure())

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
