"""What a page of Lightly's web application gets from the mounts, over HTTP; there is no credential to use."""

from collections.abc import Iterator
from pathlib import Path

import urllib3

from lightly_sandbox.kinds.local import fixtures as local_fixtures
from lightly_sandbox.sandbox import Sandbox

ORIGIN = "https://app.lightly.ai"


def _ask(sandbox: Sandbox, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
    """One request on a connection of its own; `path` is sent as it is written."""
    server = sandbox.services[local_fixtures.SERVICE].server
    with urllib3.HTTPConnectionPool("127.0.0.1", server.port, retries=False, timeout=5) as pool:
        return pool.request("GET", path, headers={"Origin": ORIGIN, **headers}, redirect=False)


def served(sandbox: Sandbox) -> Iterator[tuple[str, bool]]:
    """Each thing that a browser needs or must not get, and whether it is so."""
    image, thumbnail = (
        _file(sandbox, local_fixtures.INPUT),
        local_fixtures.folder(sandbox, local_fixtures.LIGHTLY) / local_fixtures.THUMBNAIL,
    )
    url = f"/{image.relative_to(local_fixtures.folder(sandbox, local_fixtures.INPUT))}"
    content = image.read_bytes()
    whole, part = _ask(sandbox, url), _ask(sandbox, url, Range="bytes=1-4")
    yield "an image of the input is served", (whole.status, whole.data) == (200, content)
    yield "Lightly's pages may read it", whole.headers.get("Access-Control-Allow-Origin") == ORIGIN
    yield "a part of it is served as such", (part.status, part.data) == (206, content[1:5])
    small = _ask(sandbox, f"/{local_fixtures.THUMBNAIL}")
    yield "a thumbnail of LIGHTLY is served", (small.status, small.data) == (200, thumbnail.read_bytes())
    beside = local_fixtures.folder(sandbox, local_fixtures.INPUT).parent / "not-yours.txt"
    beside.write_text("nobody may read this")
    try:
        for climb in ("/../not-yours.txt", "/%2e%2e/not-yours.txt", f"/{local_fixtures.PATH}..%2f..%2fnot-yours.txt"):
            yield f"{climb} is refused", _ask(sandbox, climb).status in (400, 404)
    finally:
        beside.unlink()
    yield "a folder is not listed", _ask(sandbox, f"/{local_fixtures.PATH}").status in (400, 404)
    yield "another name of this server is refused", _ask(sandbox, url, Host="evil.example").status == 421


def _file(sandbox: Sandbox, mount: str) -> Path:
    folder = local_fixtures.folder(sandbox, mount) / local_fixtures.PATH
    return next(file for file in sorted(folder.rglob("*")) if file.is_file())


def answers(sandbox: Sandbox) -> bool:
    """Whether the files are still served."""
    try:
        return _ask(sandbox, f"/{local_fixtures.THUMBNAIL}").status == 200
    except urllib3.exceptions.HTTPError:
        return False
