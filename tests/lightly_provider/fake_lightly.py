"""A small Lightly that keeps datasets and datasources, records every request, and fails as it is told."""

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from lightly_access.kinds import registry

TOKEN = "tok+canary/4711=="
GREEN = {"canList": True, "canRead": True, "canWrite": True, "canOverwrite": True}


@dataclass
class Fault:
    """The next `times` requests that match: with `effect` the request is carried out first."""

    method: str
    path: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    drop: bool = False
    effect: bool = False
    times: int = 1


@dataclass
class Seen:
    """One request as it came, without its token."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


class FakeLightly:
    """State and record; `verdicts` are the next answers of verify, the last one stays."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.faults: list[Fault] = []
        self.datasets: dict[str, dict[str, Any]] = {}
        self.datasources: dict[tuple[str, str], dict[str, Any]] = {}
        self.verdicts: list[dict[str, Any]] = [GREEN]
        self.on_verify: Callable[[], None] = lambda: None
        self.lock = threading.RLock()
        self.url = ""

    def calls(self) -> list[str]:
        """What was asked, in order, as `METHOD path`."""
        return [f"{seen.method} {seen.path}" for seen in self.seen]

    def add(self, name: str, samples: int = 0, kind: str = "Images") -> str:
        """A dataset that is there already."""
        dataset_id = f"{len(self.datasets) + 1:024x}"
        self.datasets[dataset_id] = {"id": dataset_id, "name": name, "type": kind, "nSamples": samples, "new": 1}
        return dataset_id

    def register(self, dataset_id: str, datasources: Mapping[str, Any]) -> None:
        """What a verification says is registered."""
        for purpose, entry in datasources.items():
            registration = registry.accesses()[entry["access"]].registration
            body = registration.body(entry["path"], {registration.identity: entry["identity"]})
            self.datasources[dataset_id, purpose] = body

    def fault_for(self, seen: Seen) -> Fault | None:
        for fault in self.faults:
            if fault.times and fault.method == seen.method and re.fullmatch(fault.path, seen.path):
                fault.times -= 1
                return fault
        return None

    def answer(self, seen: Seen) -> tuple[int, Any]:
        """Carry a request out."""
        parts = seen.path.strip("/").split("/")[1:]
        match (seen.method, parts):
            case ("GET", ["datasets", "query", "name", name]):
                return 200, [found for found in self.datasets.values() if found["name"] == unquote(name)]
            case ("POST", ["datasets"]):
                if any(found["name"] == seen.body["name"] for found in self.datasets.values()):
                    return 409, {"code": "DATASET_NAME_EXISTS", "error": "exists"}
                return 201, {"id": self.add(seen.body["name"], kind=seen.body["type"])}
            case (_, ["datasets", dataset_id, *rest]) if dataset_id in self.datasets:
                return self._of_dataset(seen, dataset_id, rest)
        return 404, {"code": "NOT_FOUND", "error": "not found"}

    def _of_dataset(self, seen: Seen, dataset_id: str, rest: list[str]) -> tuple[int, Any]:
        match (seen.method, rest):
            case ("GET", []):
                return 200, self.datasets[dataset_id]
            case ("PUT", []):
                self.datasets[dataset_id]["name"] = seen.body["name"]
                return 200, None
            case ("DELETE", []):
                del self.datasets[dataset_id]
                return 200, None
            case ("PUT", ["datasource"]):
                self.datasources[dataset_id, seen.body["purpose"]] = {**seen.body, "id": "5577cdda19d7016d496d87a1"}
                return 200, None
            case ("GET", ["datasource"]):
                found = self.datasources.get((dataset_id, seen.query["purpose"]))
                return (200, found) if found else (404, {"code": "DATASET_DATASOURCE_UNKNOWN", "error": "none"})
            case ("GET", ["datasource", "all"]):
                ours = {key[1]: found for key, found in self.datasources.items() if key[0] == dataset_id}
                return 200, [{**found, "purpose": purpose} for purpose, found in ours.items()]
            case ("GET", ["datasource", "verify"]):
                self.on_verify()
                return 200, self.verdicts.pop(0) if len(self.verdicts) > 1 else self.verdicts[0]
        return 404, {"code": "NOT_FOUND", "error": "not found"}


@contextlib.contextmanager
def fake_lightly() -> Iterator[FakeLightly]:
    """It, listening on a free port."""
    fake = FakeLightly()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            url = urlsplit(self.path)
            query = dict(parse_qsl(url.query))
            token = query.pop("token", None)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            seen = Seen(self.command, url.path, query, body)
            with fake.lock:
                fake.seen.append(seen)
                fault = fake.fault_for(seen)
                if fault is None or fault.effect:
                    refused = (401, {"code": "UNAUTHORIZED", "error": f"invalid token {token}"})
                    status, found = fake.answer(seen) if token == TOKEN else refused
            if fault is None:
                self._send(status, json.dumps(found).encode() if found is not None else b"", {})
            elif fault.drop:
                self.close_connection = True
                self.connection.close()
            else:
                self._send(fault.status, fault.body, fault.headers)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

        def finish(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                super().finish()

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Dropped connections are what it is for."""

    server = Server(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
