"""The control plane of every server: who may ask, what is answered, and faults."""

import json
import time
from typing import Any

import pytest
from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.emulators.control import Control
from lightly_sandbox.emulators.counts import Counts
from lightly_sandbox.emulators.faults import Faults
from lightly_sandbox.emulators.messages import Answer, Request

NONCE = "nonce-of-the-test"


class Server:
    """A server that has a control plane and nothing else."""

    def __init__(self) -> None:
        self.counts, self.faults = Counts(), Faults(Clock())
        self._control = Control("a server", NONCE, self.counts, self.faults)

    def ask(self, method: str, path: str, body: object = None, nonce: str = NONCE) -> Answer:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self._control.answer(Request(method, path, (("X-Sandbox-Nonce", nonce),), text, "127.0.0.1"))
        assert answer is not None
        return answer

    def set(self, *faults: dict[str, Any]) -> None:
        assert self.ask("POST", "/_sandbox/faults", faults).status == 200


@pytest.fixture
def server() -> Server:
    return Server()


def test_a_server_says_who_it_is_to_who_knows_its_nonce(server: Server) -> None:
    assert json.loads(server.ask("GET", "/_sandbox").body) == {"name": "a server", "nonce": NONCE}
    for path in ("", "/calls", "/faults", "/nonsense"):
        for nonce in ("", "guess", f"{NONCE}0"):
            assert server.ask("GET", f"/_sandbox{path}", nonce=nonce).status == 403
    assert server.ask("GET", "/_sandbox/nonsense").status == 404
    assert server.ask("DELETE", "/_sandbox").status == 404


@pytest.mark.parametrize("path", ["/", "/_sandboxes", "/bucket/_sandbox", "/_sandbox.txt"])
def test_any_other_call_is_the_servers_own(path: str) -> None:
    control = Control("a server", NONCE, Counts(), Faults(Clock()))
    assert control.answer(Request("GET", path, (), b"", "127.0.0.1")) is None


@pytest.mark.parametrize(
    "body", [b'[{"gravity": 0}]', b"{}", b"nonsense", b"[1]", b'["latency"]', b'[{"latency_ms": ""}]']
)
def test_what_is_no_fault_is_refused(server: Server, body: bytes) -> None:
    assert server.ask("POST", "/_sandbox/faults", body).status == 400


def test_calls_are_counted_by_principal_and_action_and_permission(server: Server) -> None:
    server.counts.add("ann", "list", "list", "get")
    server.counts.add("ann", "get", "get")
    server.counts.add("bob", "get")
    assert json.loads(server.ask("GET", "/_sandbox/calls").body) == {
        "total": 3,
        "by_principal": {"ann": 2, "bob": 1},
        "by_action": {"list": 1, "get": 2},
        "asked": {"ann": {"list": 1, "get": 2}},
    }


def test_a_fault_strikes_its_action_as_often_as_it_says(server: Server) -> None:
    server.set({"action": "get", "times": 2, "code": "Busy"}, {"action": "list"})
    struck = [server.faults.striking("get") for _ in range(3)]
    assert [fault and fault["code"] for fault in struck] == ["Busy", "Busy", None]
    assert server.faults.striking("put") is None
    assert server.faults.striking("list")
    server.set()
    assert server.faults.striking("list") is None


def test_faults_replace_each_other(server: Server) -> None:
    server.set({"clock_offset_seconds": 3600}, {"latency_ms": 50}, {"propagation": {"invalid_seconds": 1}})
    assert server.faults.clock.now() > time.time() + 3500
    assert (server.faults.invalid, server.faults.denied) == (1, 1)
    began = time.monotonic()
    server.faults.delay()
    assert time.monotonic() - began >= 0.05
    server.set({"propagation": {"denied_seconds": 2}})
    assert server.faults.clock.offset == 0
    assert (server.faults.invalid, server.faults.denied) == (0, 2)


def test_what_was_asked_for_is_told_by_resource_where_a_cloud_says_so(server: Server) -> None:
    server.counts.ask_of("ann", "get", "cow")
    server.counts.ask_of("ann", "get", "barn")
    server.counts.ask_of("ann", "get", "cow")
    server.counts.add("bob", "get", "get")
    assert json.loads(server.ask("GET", "/_sandbox/asked").body) == {"ann": {"get": ["barn", "cow"]}}
    assert json.loads(server.ask("GET", "/_sandbox/calls").body)["asked"] == {"ann": {"get": 3}, "bob": {"get": 1}}
