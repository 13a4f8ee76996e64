"""What a page of Lightly's web application gets from the mounts, over HTTP; there is no credential to use."""

from collections.abc import Iterator
from pathlib import Path

import urllib3

from lightly_sandbox.process import ServerProcess

ORIGIN = "https://app.lightly.ai"
PATH = "stables/"
THUMBNAIL = f"{PATH}.lightly/thumbnails/animal_thumb.png"


def _ask(server: ServerProcess, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
    """One request on a connection of its own; `path` is sent as it is written."""
    with urllib3.HTTPConnectionPool("127.0.0.1", server.port, retries=False, timeout=5) as pool:
        return pool.request("GET", path, headers={"Origin": ORIGIN, **headers}, redirect=False)


def served(server: ServerProcess, input_mount: Path, lightly_mount: Path) -> Iterator[tuple[str, bool]]:
    """Each thing that a browser needs or must not get, and whether it is so."""
    image = next(file for file in sorted((input_mount / PATH).rglob("*")) if file.is_file())
    url, content = f"/{image.relative_to(input_mount)}", image.read_bytes()
    whole, part = _ask(server, url), _ask(server, url, Range="bytes=1-4")
    yield "an image of the input is served", (whole.status, whole.data) == (200, content)
    yield "Lightly's pages may read it", whole.headers.get("Access-Control-Allow-Origin") == ORIGIN
    yield "a part of it is served as such", (part.status, part.data) == (206, content[1:5])
    small = _ask(server, f"/{THUMBNAIL}")
    thumbnail = (lightly_mount / THUMBNAIL).read_bytes()
    yield "a thumbnail of LIGHTLY is served", (small.status, small.data) == (200, thumbnail)
    beside = input_mount.parent / "not-yours.txt"
    beside.write_text("nobody may read this")
    try:
        for climb in ("/../not-yours.txt", "/%2e%2e/not-yours.txt", f"/{PATH}..%2f..%2fnot-yours.txt"):
            yield f"{climb} is refused", _ask(server, climb).status in (400, 404)
    finally:
        beside.unlink()
    yield "a folder is not listed", _ask(server, f"/{PATH}").status in (400, 404)
    yield "another name of this server is refused", _ask(server, url, Host="evil.example").status == 421


def answers(server: ServerProcess) -> bool:
    """Whether the files are still served."""
    try:
        return _ask(server, f"/{THUMBNAIL}").status == 200
    except urllib3.exceptions.HTTPError:
        return False
