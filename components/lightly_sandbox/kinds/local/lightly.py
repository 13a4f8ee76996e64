"""What a LOCAL datasource gives: asked as its worker and as a browser, which in reality are the only ones who can.

Lightly's servers reach neither a folder of the customer's machine nor its `localhost`, so what the real verification
answers for a LOCAL datasource is not known; its worker looks when a run starts
(https://docs.lightly.ai/docs/local-storage). Here one process plays all three: told which folders the worker has
mounted, it lists and writes there, and fetches a file from the registered web server with the Origin of Lightly's web
application. Not told, it has no worker, and every answer is no: nothing is taken on trust.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import urllib3

from lightly_sandbox.kinds.storage import Storage
from lightly_sandbox.lightly.findings import READING, WRITING, Findings
from lightly_sandbox.lightly.models import Local, Purpose
from lightly_sandbox.lightly.paths import invalid_path

ORIGIN = "https://app.lightly.ai"
WEB_SERVER = "http://localhost:3456"  # datasource_config_local.py: the default
_MOUNTS = {Purpose.INPUT: "input_mount", Purpose.LIGHTLY: "lightly_mount", Purpose.INPUT_OUTPUT: "lightly_mount"}
_ENOUGH = 1000  # entries to look through for a file
_PROBE = ".lightly-verify-"
_TIMEOUT = urllib3.Timeout(connect=5, read=20)


@dataclass(frozen=True, slots=True)
class _Place:
    """A directory as it is called, where it is on disk, and below which URL it is served."""

    name: str
    folder: Path
    url: str


@dataclass(frozen=True, slots=True)
class LocalStorage(Storage):
    """`mounts`: name of the mount -> folder on disk, as far as a worker has mounted it."""

    mounts: Mapping[str, str]
    types = (Local,)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """From the table `mounts`; without it there is no worker."""
        return cls(settings.get("mounts") or {})

    @classmethod
    def check(cls, source: Local) -> None:
        """Relative, and without a way up: lightly 1.5.26, `datasource_config_local.py`."""
        path = source.full_path
        if path.startswith("/") or "://" in path or {".", ".."} & set(path.split("/")):
            raise invalid_path(path, "a path relative to the mount, without '.' and '..'")

    def look(self, source: Local, *, writing: bool) -> Findings:
        findings, mount = Findings({}), _MOUNTS[source.purpose]
        path = source.full_path.strip("/")
        name = f"local://{mount}/{path}{'/' if path else ''}"
        if mount not in self.mounts:
            asked = READING + WRITING if writing else READING
            findings.say(asked, f"NoWorker: no worker has mounted /{mount}, and nobody else can look into {name}")
            return findings
        server = (source.web_server_location or WEB_SERVER).rstrip("/")
        place = _Place(name, Path(self.mounts[mount], path), f"{server}/{quote(path)}{'/' if path else ''}")
        if not place.folder.is_dir():
            findings.say(READING + WRITING, f"NoSuchDirectory: {name} does not exist in what the worker has mounted")
            return findings
        _read(place, findings)
        if writing and source.purpose is Purpose.INPUT:
            findings.say(WRITING, f"{name}: the worker has mounted /{mount} read only")
        elif writing:
            _write(place, findings)
        return findings


def _read(place: _Place, findings: Findings) -> None:
    try:
        file = next(islice(_files(place.folder), 1), None)
    except OSError as error:
        findings.say(("list",), f"{place.name}: {error.strerror}")
        file = None
    if fault := _fetch(place, file):
        findings.say(("read",), f"{fault} ({place.name} at {place.url})")


def _files(folder: Path) -> Iterator[Path]:
    """Regular files below the folder. Raises OSError when it may not be listed."""
    os.listdir(folder)
    every = (Path(at, name) for at, _, names in os.walk(folder) for name in sorted(names))
    return (file for file in islice(every, _ENOUGH) if not file.is_symlink() and not file.name.startswith(_PROBE))


def _fetch(place: _Place, file: Path | None) -> str | None:
    """What is wrong when a page of the application fetches the file; without one, whether a server answers at all."""
    below = quote(file.relative_to(place.folder).as_posix()) if file else f".lightly/absent-{secrets.token_hex(8)}"
    try:
        with urllib3.PoolManager(retries=False, timeout=_TIMEOUT) as pool:
            got = pool.request("GET", f"{place.url}{below}", headers={"Origin": ORIGIN}, redirect=False)
    except urllib3.exceptions.HTTPError as error:
        return f"WebServerUnreachable: {type(error).__name__}: does `lightly-access serve` run?"
    if got.headers.get("Access-Control-Allow-Origin") not in (ORIGIN, "*"):
        return f"OriginRefused: pages of {ORIGIN} may not read from this web server"
    if file is None:
        return None if got.status == 404 else f"WebServerStatus: {got.status} for a file that is not there"
    if got.status != 200:
        return f"WebServerStatus: {got.status} for a file that the worker has"
    return None if got.data == file.read_bytes() else "WebServerContent: another file than the worker has"


def _write(place: _Place, findings: Findings) -> None:
    """Write a probe, write it again, fetch it as the application fetches a thumbnail, and leave nothing behind."""
    probe = place.folder / f"{_PROBE}{secrets.token_hex(8)}"
    try:
        probe.write_bytes(b"lightly verifies that it may write\n")
    except OSError as error:
        findings.say(WRITING, f"{place.name}: {error.strerror}")
        return
    try:
        probe.write_bytes(b"lightly verifies that it may overwrite\n")
        if fault := _fetch(place, probe):
            findings.say(("read",), f"{fault} ({place.name} at {place.url})")
    except OSError as error:
        findings.say(("overwrite",), f"{place.name}: {error.strerror}")
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
