"""The owner of the machine with the mounts: folders with files, and the web server in front of them."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from lightly_core.capability import Purpose
from lightly_core.secret import Secret

from lightly_sandbox.kinds.fixture import Files, Fixture, Listing
from lightly_sandbox.kinds.local import browser
from lightly_sandbox.process import ServerProcess
from lightly_sandbox.sandbox import Sandbox

INPUT, LIGHTLY = "input_mount", "lightly_mount"
_MOUNTS = {Purpose.INPUT: INPUT, Purpose.LIGHTLY: LIGHTLY}


def folder(sandbox: Sandbox, mount: str) -> Path:
    return Path(sandbox.services["local"].announcement[mount])


def _server(sandbox: Sandbox) -> ServerProcess:
    return sandbox.services["local"].server


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


class LocalFixture(Fixture):
    """The owner of the machine with the mounts. Their rights are decided by the line that starts the worker, so there
    is no permission to break; a destroy removes no folder in any case, and `stores` shows it."""

    def names(self, stores: Iterable[Any]) -> frozenset[str]:
        """Every machine of the manifest is this one."""
        return frozenset({INPUT, LIGHTLY}) if list(stores) else frozenset()

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        """Images in the input, and in the other what a run of the worker has left there."""
        found = list(files)
        for source in self.estate.sources:
            at = folder(sandbox, _MOUNTS[source.purpose]) / source.table.path
            for name, content in found if source.purpose is Purpose.INPUT else [(browser.THUMBNAIL, found[0][1])]:
                _put(at / name, content)
        here = {INPUT: str(folder(sandbox, INPUT)), LIGHTLY: str(folder(sandbox, LIGHTLY))}
        here["web_server"] = _server(sandbox).url
        for name, store in self.estate.stores.items():
            for key, value in here.items():
                self.give(sandbox, ("stores", name, key), getattr(store, key), Secret(value))

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        return {
            name: frozenset(
                (str(file.relative_to(at)), sha256(file.read_bytes()).hexdigest())
                for at in [folder(sandbox, name)]
                for file in at.rglob("*")
                if file.is_file()
            )
            for name in (INPUT, LIGHTLY)
        }

    def _path(self, purpose: Purpose) -> str | None:
        """The directory of the first datasource of a purpose, which is looked at as a browser does."""
        return next((each.table.path for each in self.estate.sources if each.purpose is purpose), None)

    def served(self, sandbox: Sandbox) -> Iterator[tuple[str, bool]]:
        """What a page of Lightly's web application gets of the mounts."""
        server, path = _server(sandbox), self._path(Purpose.INPUT)
        if path is not None:
            yield from browser.images(server, folder(sandbox, INPUT), path)
        if (path := self._path(Purpose.LIGHTLY)) is not None:
            yield from browser.thumbnails(server, folder(sandbox, LIGHTLY), path)

    def end(self, sandbox: Sandbox) -> Iterator[tuple[str, bool]]:
        """Mounts have no credential: their files are served until somebody stops that."""
        server = _server(sandbox)
        yield "mounts have no credential: their files are served until you stop it", browser.answers(server)
        server.stop()
        yield "`serve` is stopped, and nobody answers for them any more", not browser.answers(server)
