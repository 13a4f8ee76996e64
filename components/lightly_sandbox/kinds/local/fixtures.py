"""The owner of the machine with the mounts: folders with files, and the web server in front of them."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from lightly_sandbox.kinds.fixture import Files, Fixture, Listing
from lightly_sandbox.kinds.local import browser
from lightly_sandbox.kinds.local.browser import PATH, THUMBNAIL
from lightly_sandbox.process import ServerProcess
from lightly_sandbox.sandbox import Sandbox

INPUT, LIGHTLY = "input_mount", "lightly_mount"


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

    datasets = frozenset({"stables"})
    adopted = frozenset({INPUT, LIGHTLY})

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        """Images in the input, and in the other what a run of the worker has left there."""
        found = list(files)
        for name, content in found:
            _put(folder(sandbox, INPUT) / PATH / name, content)
        _put(folder(sandbox, LIGHTLY) / THUMBNAIL, found[0][1])

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

    def served(self, sandbox: Sandbox) -> Iterator[tuple[str, bool]]:
        """What a page of Lightly's web application gets of the mounts."""
        return browser.served(_server(sandbox), folder(sandbox, INPUT), folder(sandbox, LIGHTLY))

    def end(self, sandbox: Sandbox) -> Iterator[tuple[str, bool]]:
        """Mounts have no credential: their files are served until somebody stops that."""
        server = _server(sandbox)
        yield "mounts have no credential: their files are served until you stop it", browser.answers(server)
        server.stop()
        yield "`serve` is stopped, and nobody answers for them any more", not browser.answers(server)
