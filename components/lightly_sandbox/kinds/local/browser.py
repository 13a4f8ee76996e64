"""What a page of Lightly's web application gets from the mounts, over HTTP; there is no credential to use."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import urllib3

from lightly_sandbox.process import ServerProcess

ORIGIN = "https://app.lightly.ai"
THUMBNAIL = ".lightly/thumbnails/animal_thumb.png"
"""Below the directory of a LIGHTLY datasource."""


def _ask(server: ServerProcess, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
    """One request on a connection of its own; `path` is sent as it is written."""
    with urllib3.HTTPConnectionPool("127.0.0.1", server.port, retries=False, timeout=5) as pool:
        return pool.request("GET", path, headers={"Origin": ORIGIN, **headers}, redirect=False)


def images(server: ServerProcess, mount: Path, path: str) -> Iterator[tuple[str, bool]]:
    """Each thing that a browser needs or must not get of the input, and whether it is so."""
    image = next(file for file in sorted((mount / path).rglob("*")) if file.is_file())
    url, content = f"/{quote(image.relative_to(mount).as_posix())}", image.read_bytes()
    whole, part = _ask(server, url), _ask(server, url, Range="bytes=1-4")
    yield "an image of the input is served", (whole.status, whole.data) == (200, content)
    yield "Lightly's pages may read it", whole.headers.get("Access-Control-Allow-Origin") == ORIGIN
    yield "a part of it is served as such", (part.status, part.data) == (206, content[1:5])
    beside = mount.parent / "not-yours.txt"
    beside.write_text("nobody may read this")
    try:
        for climb in ("/../not-yours.txt", "/%2e%2e/not-yours.txt", f"/{path}..%2f..%2fnot-yours.txt"):
            yield f"{climb} is refused", _ask(server, climb).status in (400, 404)
    finally:
        beside.unlink()
    yield "a folder is not listed", _ask(server, f"/{path}").status in (400, 404)
    yield "another name of this server is refused", _ask(server, url, Host="evil.example").status == 421


def thumbnails(server: ServerProcess, mount: Path, path: str) -> Iterator[tuple[str, bool]]:
    """The same of what Lightly has written."""
    small = _ask(server, f"/{quote(path + THUMBNAIL)}")
    thumbnail = (mount / path / THUMBNAIL).read_bytes()
    yield "a thumbnail of LIGHTLY is served", (small.status, small.data) == (200, thumbnail)


def answers(server: ServerProcess) -> bool:
    """Whether anything is still served."""
    try:
        return _ask(server, "/").status > 0
    except urllib3.exceptions.HTTPError:
        return False
