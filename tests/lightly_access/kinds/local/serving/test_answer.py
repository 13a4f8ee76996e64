"""Status and headers, without a socket: validators, conditions, origins, host names."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.local.serving.answer import PLATFORM, Answer, Question, Rules, answer, host_name
from lightly_access.kinds.local.serving.mounts import File, Refusal

FILE = File("/mount/a.png", 1000, 1_700_000_000_123_456_789)
TAG = f'"{FILE.modified_ns:x}-3e8"'
CHANGED = formatdate(1_700_000_000, usegmt=True)
LATER, EARLIER = formatdate(1_700_000_001, usegmt=True), formatdate(1_699_999_999, usegmt=True)
RULES = Rules(frozenset({"localhost", "::1"}), frozenset({PLATFORM}))


def ask(method: str = "GET", found: File | Refusal = FILE, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(Question(method, "/a.png", ("localhost:3456",), named), RULES, lambda path: found)


def head(found: Answer) -> dict[str, str]:
    return dict(found.headers)


def test_a_whole_file_has_type_length_and_validators() -> None:
    found = ask()
    assert (found.status, found.file, found.part) == (200, FILE, None)
    shown = head(found)
    assert shown["content-length"] == "1000"
    assert shown["content-type"] == "image/png"
    assert shown["etag"] == TAG
    assert shown["last-modified"] == CHANGED
    assert shown["accept-ranges"] == "bytes"


def test_a_part_says_which_and_another_part_than_the_file_has_is_416() -> None:
    found = ask(range="bytes=10-19")
    assert (found.status, found.part) == (206, (10, 20))
    assert head(found)["content-range"] == "bytes 10-19/1000"
    assert head(found)["content-length"] == "10"
    outside = ask(range="bytes=1000-")
    assert (outside.status, outside.file) == (416, None)
    assert head(outside)["content-range"] == "bytes */1000"


def test_a_range_counts_for_a_get_only() -> None:
    found = ask("HEAD", range="bytes=10-19")
    assert (found.status, head(found)["content-length"]) == (200, "1000")


@pytest.mark.parametrize(
    ("condition", "status"),
    [(TAG, 206), (CHANGED, 206), ('"another"', 200), (LATER, 200), (EARLIER, 200), (f"W/{TAG}", 200), ("x", 200)],
)
def test_if_range_gives_a_part_only_of_the_very_same_file(condition: str, status: int) -> None:
    assert ask(range="bytes=0-1", if_range=condition).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_none_match": TAG}, 304),
        ({"if_none_match": f'"x", W/{TAG}'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"x"'}, 200),
        ({"if_none_match": '"x"', "if_modified_since": LATER}, 200),  # the tag decides alone
        ({"if_modified_since": CHANGED}, 304),
        ({"if_modified_since": LATER}, 304),
        ({"if_modified_since": EARLIER}, 200),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_match": TAG}, 200),
        ({"if_match": "*"}, 200),
        ({"if_match": '"x"'}, 412),
        ({"if_match": f"W/{TAG}"}, 412),
        ({"if_unmodified_since": CHANGED}, 200),
        ({"if_unmodified_since": EARLIER}, 412),
        ({"if_match": TAG, "if_none_match": TAG, "range": "bytes=0-1"}, 304),
    ],
)
def test_conditions(headers: dict[str, str], status: int) -> None:
    for method in ("GET", "HEAD"):
        assert ask(method, FILE, **headers).status == status


def test_304_repeats_the_validators_and_sends_nothing() -> None:
    found = ask(if_none_match=TAG, origin=PLATFORM)
    assert (found.file, found.text) == (None, "")
    assert {"etag", "last-modified", "access-control-allow-origin", "vary"} <= head(found).keys()


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(Refusal.MALFORMED, 400), (Refusal.MISSING, 404), (Refusal.OUTSIDE, 404), (Refusal.UNREADABLE, 403)],
)
def test_a_refusal_says_why_and_the_platform_may_read_it(refusal: Refusal, status: int) -> None:
    found = ask(found=refusal, origin=PLATFORM)
    assert (found.status, found.file, found.text) == (status, None, f"{refusal.value}\n")
    assert head(found)["access-control-allow-origin"] == PLATFORM


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://app.lightly.ai.evil.example", ""])
def test_pages_of_other_origins_get_no_leave_to_read(method: str, origin: str) -> None:
    shown = head(ask(method, origin=origin))
    assert not [name for name in shown if name.startswith("access-control-allow")]
    assert shown["vary"] == "Origin"


def test_the_platform_may_read_parts_and_their_headers() -> None:
    shown = head(ask(origin=PLATFORM))
    assert shown["access-control-allow-origin"] == PLATFORM
    assert "Content-Range" in shown["access-control-expose-headers"]


def test_a_preflight_allows_what_is_answered_and_the_private_network_where_it_is_asked_for() -> None:
    found = ask("OPTIONS", origin=PLATFORM, access_control_request_private_network="true")
    shown = head(found)
    assert found.status == 204
    assert shown["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "Range" in shown["access-control-allow-headers"]
    assert shown["access-control-allow-private-network"] == "true"
    assert "access-control-allow-private-network" not in head(ask("OPTIONS", origin=PLATFORM))
    assert ask("OPTIONS", origin="https://evil.example").status == 403


def test_every_origin_is_a_choice_that_can_be_made() -> None:
    rules = Rules(RULES.hosts, frozenset({"*"}))
    found = answer(Question("GET", "/a", ("localhost",), {"origin": "https://x.example"}), rules, lambda path: FILE)
    assert head(found)["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "get"])
def test_nothing_but_reading(method: str) -> None:
    found = ask(method)
    assert found.status == 405
    assert head(found)["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "hosts", [("evil.example",), ("localhost.evil.example",), ("localhost", "evil.example"), ("",)]
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_another_host_name_is_refused_before_anything_is_looked_at(hosts: tuple[str, ...], method: str) -> None:
    def never(path: str) -> File:
        raise AssertionError(path)

    found = answer(Question(method, "/a.png", hosts, {"origin": PLATFORM}), RULES, never)
    assert found.status == 421
    assert "--allow-host" in found.text
    assert "access-control-allow-origin" not in head(found)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost", "localhost"),
        ("LocalHost:3456", "localhost"),
        ("localhost.:1", "localhost"),
        ("[::1]:3456", "::1"),
        ("::1", "::1"),
        ("10.0.0.7:80", "10.0.0.7"),
    ],
)
def test_the_name_in_a_host_header(host: str, name: str) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize(("name", "kind"), [("a.mp4", "video/mp4"), ("a.json", "application/json"), ("a", None)])
def test_the_type_is_that_of_the_name(name: str, kind: str | None) -> None:
    shown = head(ask(found=File(f"/mount/{name}", 1, 1)))
    assert shown["content-type"] == (kind or "application/octet-stream")
    assert shown["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xhtml", "a.xml"])
def test_what_a_browser_would_run_as_a_page_may_do_nothing(name: str) -> None:
    assert head(ask(found=File(f"/mount/{name}", 1, 1)))["content-security-policy"].startswith("sandbox;")


@given(
    headers=st.dictionaries(
        st.sampled_from(["range", "if-range", "if-match", "if-none-match", "if-modified-since", "origin"]), st.text()
    )
)
def test_no_header_breaks_it(headers: dict[str, str]) -> None:
    found = answer(Question("GET", "/a.png", ("localhost",), headers), RULES, lambda path: FILE)
    assert found.status in (200, 206, 304, 412, 416)
