"""GitLab's API, of which nothing is there but what our pipeline uses; it refuses what GitLab refuses.

https://docs.gitlab.com/api/notes/ and https://docs.gitlab.com/api/issues/ have the rules.
"""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PROJECT, OURS = 42, 7
NOTES, ISSUES = f"/api/v4/projects/{PROJECT}/merge_requests/3/notes", f"/api/v4/projects/{PROJECT}/issues"


@dataclass
class FakeGitLab:
    """One project; `token` is that of user `OURS`."""

    url: str = ""
    token: str = "glpat-canary-91c2"
    notes: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, method: str, target: str, token: str | None, sent: dict[str, str]) -> tuple[int, Any]:
        path, asked = (
            urlsplit(target).path,
            {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()},
        )
        if token != self.token:
            return 401, {"message": "401 Unauthorized"}
        if (method, path) == ("GET", "/api/v4/user"):
            return 200, {"id": OURS}
        for place, things, number, text, new in (
            (NOTES, self.notes, "id", "body", {"author": {"id": OURS}}),
            (ISSUES, self.issues, "iid", "description", {"author": {"id": OURS}, "state": "opened"}),
        ):
            if path == place and method == "GET":
                return 200, self._page(things, asked)
            if path == place and method == "POST":
                if not sent.get(text) or sent.keys() - {text, "title"} or (place == ISSUES and not sent.get("title")):
                    return 400, {"message": "400 Bad request"}
                things.append({number: len(things) + 1, **new, **sent})
                return 201, things[-1]
            if path.startswith(f"{place}/") and method == "PUT":
                found = [each for each in things if str(each[number]) == path.rpartition("/")[2]]
                if not found or (place == NOTES and found[0]["author"]["id"] != OURS):
                    return 404, {"message": "404 Not found"}
                if not sent or sent.keys() - {text, "state_event"}:
                    return 400, {"message": "400 Bad request"}
                state = {"close": "closed"}.get(sent.pop("state_event", ""))
                found[0].update(sent if state is None else {"state": state})
                return 200, found[0]
        return 404, {"message": "404 Not found"}

    def _page(self, things: list[dict[str, Any]], asked: dict[str, str]) -> list[dict[str, Any]]:
        if "author_id" in asked:
            things = [each for each in things if str(each["author"]["id"]) == asked["author_id"]]
        if "state" in asked:
            things = [each for each in things if each["state"] == asked["state"]]
        if "search" in asked:
            things = [each for each in things if asked["search"].lower() in each[asked["in"]].lower()]
        size = min(int(asked.get("per_page", 20)), 100)
        at = (int(asked.get("page", 1)) - 1) * size
        return things[at : at + size]


@contextlib.contextmanager
def fake_gitlab() -> Iterator[FakeGitLab]:
    """It answers inside the block."""
    fake = FakeGitLab()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            code, said = fake.answer(
                self.command, self.path, self.headers.get("PRIVATE-TOKEN"), _form(self.headers, raw)
            )
            body = json.dumps(said).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _form(headers: Message, raw: bytes) -> dict[str, str]:
    """What was sent as multipart/form-data."""
    if not raw:
        return {}
    parsed = BytesParser().parsebytes(f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode() + raw)
    assert parsed.is_multipart()
    found = {}
    for part in parsed.get_payload():
        assert isinstance(part, Message)
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(name)] = content.decode()
    return found
