"""Objects: three ways to upload, ranges, generations, preconditions, versions, pages."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError
from lightly_sandbox.kinds.gcs.emulator.objects import span

from tests.lightly_sandbox.kinds.gcs.emulator.project import READ, WRITE, Project


@pytest.fixture(scope="module")
def bucket(google: Project) -> str:
    return google.bucket()


def media(google: Project, bucket: str, name: str, **more: Any) -> Any:
    return google.ask("GET", google.object(bucket, name), query={"alt": "media", **more.pop("query", {})}, **more)


def test_a_simple_upload_is_described_and_read_back(google: Project, bucket: str) -> None:
    made = google.put(bucket, "a/ü %2F+b", b"123456789", headers={"Content-Type": "text/plain"}).json
    assert (made["name"], made["size"], made["contentType"]) == ("a/ü %2F+b", "9", "text/plain")
    assert made["crc32c"] == base64.b64encode((0xE3069283).to_bytes(4)).decode()  # the check value of CRC-32C
    assert base64.b64decode(made["md5Hash"]).hex() == "25f9e794323b453885f5181f1b624d0b"
    assert google.done("GET", google.object(bucket, "a/ü %2F+b")) == made
    found = media(google, bucket, "a/ü %2F+b")
    assert (found.body, found.headers["X-Goog-Generation"]) == (b"123456789", made["generation"])
    assert found.headers["X-Goog-Hash"] == f"crc32c={made['crc32c']},md5={made['md5Hash']}"


def test_a_multipart_upload_carries_metadata(google: Project, bucket: str) -> None:
    about = {"name": "parts", "contentType": "image/jpeg", "metadata": {"tag": "x"}, "cacheControl": "no-store"}
    data = b"\x00\r\n--other\r\n\xff"
    body = b"\r\n".join(
        (
            b"--it\r\nContent-Type: application/json\r\n",
            json.dumps(about).encode(),
            b"--it\r\nContent-Type: application/octet-stream\r\n",
            data,
            b"--it--",
        )
    )
    headers = {"Content-Type": 'multipart/related; boundary="it"'}
    path = f"/upload/storage/v1/b/{bucket}/o?uploadType=multipart"
    made = google.done("POST", path, body, headers=headers)
    assert {name: made[name] for name in about} == about
    assert media(google, bucket, "parts").body == data
    assert google.ask("POST", path, body[:-4], headers=headers).status == 400


def test_a_resumable_upload_goes_on_where_it_stopped_and_needs_no_token_for_its_bytes(
    google: Project, bucket: str
) -> None:
    writer = google.granted(bucket, *WRITE)
    start = google.ask(
        "POST",
        f"/upload/storage/v1/b/{bucket}/o?uploadType=resumable&name=long",
        {"metadata": {"tag": "x"}},
        bearer=writer.signed(),
        headers={"X-Upload-Content-Type": "text/plain"},
    )
    where = start.headers["Location"].removeprefix(google.endpoint)
    first = google.ask("PUT", where, b"01234", bearer=None, headers={"Content-Range": "bytes 0-4/*"})
    assert (first.status, first.headers["Range"]) == (308, "bytes=0-4")
    asked = google.ask("PUT", where, b"", bearer=None, headers={"Content-Range": "bytes */*"})
    assert (asked.status, asked.headers["Range"]) == (308, "bytes=0-4")
    last = google.ask("PUT", where, b"56789", bearer=None, headers={"Content-Range": "bytes 5-9/10"})
    assert (last.status, last.json["size"], last.json["metadata"]) == (200, "10", {"tag": "x"})
    assert media(google, bucket, "long").body == b"0123456789"
    assert google.ask("PUT", where, b"x", bearer=None).status == 404
    refused = google.ask(
        "POST",
        f"/upload/storage/v1/b/{bucket}/o?uploadType=resumable&name=long",
        bearer=google.outsider(bucket).signed(),
    )
    assert refused.status == 403


def test_a_resumable_upload_overwrites_only_for_whom_may(google: Project, bucket: str) -> None:
    creator = google.granted(bucket, "storage.objects.create")
    path = f"/upload/storage/v1/b/{bucket}/o?uploadType=resumable&name=raced"
    start = google.ask("POST", path, bearer=creator.signed())
    google.put(bucket, "raced", b"first")
    answer = google.ask("PUT", start.headers["Location"].removeprefix(google.endpoint), b"second", bearer=None)
    assert (answer.status, "storage.objects.delete" in answer.message) == (403, True)
    assert media(google, bucket, "raced").body == b"first"


def test_a_resumable_upload_can_be_given_up(google: Project, bucket: str) -> None:
    start = google.ask("POST", f"/upload/storage/v1/b/{bucket}/o?uploadType=resumable&name=never")
    where = start.headers["Location"].removeprefix(google.endpoint)
    assert google.ask("DELETE", where).status == 499
    assert google.ask("PUT", where, b"x").status == 404
    assert media(google, bucket, "never").status == 404


@pytest.mark.parametrize("api", ["json", "xml"])
@pytest.mark.parametrize(
    ("asked", "status", "body", "told"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=8-100", 206, b"89", "bytes 8-9/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=10-", 416, None, None),
        ("bytes=-0", 416, None, None),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=a-b", 200, b"0123456789", None),
    ],
)
def test_ranges(
    google: Project, bucket: str, api: str, asked: str, status: int, body: bytes | None, told: str | None
) -> None:
    google.put(bucket, "ten", b"0123456789")
    path = f"/{bucket}/ten" if api == "xml" else f"{google.object(bucket, 'ten')}?alt=media"
    answer = google.ask("GET", path, headers={"Range": asked})
    assert answer.status == status
    if body is not None:
        assert (answer.body, answer.headers.get("Content-Range")) == (body, told)


@given(size=st.integers(0, 50), first=st.integers(0, 60), last=st.integers(0, 60))
def test_a_span_is_what_slicing_gives(size: int, first: int, last: int) -> None:
    data, header = bytes(range(size)), f"bytes={first}-{last}"
    wanted = data[first : last + 1]
    if not wanted:
        with pytest.raises(RefusedError, match="416"):
            span(header, size)
        return
    found = span(header, size)
    assert found is not None
    assert data[found[0] : found[1] + 1] == wanted


def test_preconditions_hold_or_are_refused(google: Project, bucket: str) -> None:
    absent = {"ifGenerationMatch": 0}
    made = google.put(bucket, "once", b"one", query=absent)
    assert made.status == 200
    generation = made.json["generation"]
    again = google.put(bucket, "once", b"two", query=absent)
    assert (again.status, again.reason) == (412, "conditionNotMet")
    assert google.put(bucket, "once", b"two", query={"ifGenerationMatch": generation}).status == 200
    assert google.put(bucket, "once", b"three", query={"ifGenerationMatch": generation}).status == 412
    assert media(google, bucket, "once").body == b"two"
    path = google.object(bucket, "once")
    assert google.ask("DELETE", path, query={"ifGenerationMatch": generation}).status == 412
    assert google.ask("GET", path, query={"ifGenerationMatch": generation}).status == 412
    assert google.ask("GET", path, query={"ifGenerationMatch": "x"}).status == 400
    assert google.ask("PUT", f"/{bucket}/once", b"x", headers={"x-goog-if-generation-match": "0"}).status == 412
    assert media(google, bucket, "once").body == b"two"


def test_old_versions_stay_where_they_are_kept(google: Project) -> None:
    name = google.bucket(versioning={"enabled": True})
    one, two = (google.put(name, "a", known).json["generation"] for known in (b"one", b"two"))
    assert int(one) < int(two)
    assert media(google, name, "a", query={"generation": one}).body == b"one"
    google.done("DELETE", google.object(name, "a"))
    assert media(google, name, "a").status == 404
    assert media(google, name, "a", query={"generation": two}).body == b"two"
    shown = google.done("GET", f"/storage/v1/b/{name}/o", query={"versions": "true"})["items"]
    assert [(entry["generation"], "timeDeleted" in entry) for entry in shown] == [(one, True), (two, True)]
    assert "items" not in google.done("GET", f"/storage/v1/b/{name}/o")


def test_an_object_is_gone_when_it_is_deleted(google: Project, bucket: str) -> None:
    google.put(bucket, "gone")
    google.done("DELETE", google.object(bucket, "gone"))
    answer = google.ask("GET", google.object(bucket, "gone"))
    assert (answer.status, answer.message) == (404, f"No such object: {bucket}/gone")
    assert google.ask("DELETE", google.object(bucket, "gone")).status == 404
    xml = google.ask("DELETE", f"/{bucket}/gone")
    assert (xml.status, b"<Code>NoSuchKey</Code>" in xml.body) == (404, True)


def test_a_copy_needs_the_source_and_the_target(google: Project, bucket: str) -> None:
    target = google.bucket()
    google.put(bucket, "from", b"data", headers={"Content-Type": "image/png"})
    path = f"{google.object(bucket, 'from')}/rewriteTo/b/{target}/o/to"
    writer = google.granted(target, *WRITE)
    assert google.ask("POST", path, bearer=writer.signed()).status == 403
    assert google.bind(bucket, "roles/storage.objectViewer", writer.member).status == 200
    done = google.done("POST", path, bearer=writer.signed())
    assert (done["done"], done["resource"]["contentType"]) == (True, "image/png")
    assert google.done("POST", path.replace("rewriteTo", "copyTo"))["bucket"] == target
    assert media(google, target, "to").body == b"data"
    reader = google.granted(bucket, *READ, fresh=True)
    assert google.ask("POST", path, bearer=reader.signed()).status == 403


def test_metadata_changes_with_a_permission_of_its_own(google: Project, bucket: str) -> None:
    google.put(bucket, "described")
    path, body = google.object(bucket, "described"), {"metadata": {"a": "1"}, "contentType": "text/plain"}
    writer = google.granted(bucket, *READ, *WRITE)
    assert "storage.objects.update" in google.ask("PATCH", path, body, bearer=writer.signed()).message
    changed = google.done("PATCH", path, body)
    assert (changed["metadata"], changed["contentType"], changed["metageneration"]) == ({"a": "1"}, "text/plain", "2")
    assert "metadata" not in google.done("PATCH", path, {"metadata": {"a": None}})


@pytest.mark.parametrize("name", ["", ".", "..", "a\nb", "x" * 1025])
def test_a_bad_object_name_is_refused(google: Project, bucket: str, name: str) -> None:
    assert google.put(bucket, name).status == 400


@pytest.fixture(scope="module")
def shelf(google: Project) -> str:
    """A bucket for listings."""
    name = google.bucket()
    for entry in ("a", "a/1", "a/2", "a/b/1", "b/1", "b/2", "c", "é"):
        google.put(name, entry)
    return name


_NAMES = ("a", "a/1", "a/2", "a/b/1", "b/1", "b/2", "c", "é")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    prefix=st.sampled_from(["", "a", "a/", "a/b", "b/", "é", "x"]),
    delimiter=st.sampled_from(["", "/"]),
    limit=st.integers(1, 9),
    start=st.sampled_from(["", "a/2", "b"]),
)
def test_all_pages_together_are_the_listing(
    google: Project, shelf: str, prefix: str, delimiter: str, limit: int, start: str
) -> None:
    wanted = [name for name in _NAMES if name.startswith(prefix) and name >= start]
    rests = {one: one[len(prefix) :].partition("/") for one in wanted} if delimiter else {}
    folders = sorted({prefix + rest[0] + "/" for rest in rests.values() if rest[1]})
    files = [known for known in wanted if not rests or not rests[known][1]]
    found: tuple[list[str], list[str]] = ([], [])
    query: dict[str, Any] = {"prefix": prefix, "delimiter": delimiter, "maxResults": limit, "startOffset": start}
    while True:
        page = google.done("GET", f"/storage/v1/b/{shelf}/o", query=query)
        items, prefixes = [entry["name"] for entry in page.get("items", ())], page.get("prefixes", [])
        assert len(items) + len(prefixes) <= limit
        found[0].extend(items)
        found[1].extend(prefixes)
        if "nextPageToken" not in page:
            break
        query["pageToken"] = page["nextPageToken"]
    assert found == (files, folders)


def test_a_listing_is_not_deeper_than_it_is_asked_in_xml_too(google: Project, shelf: str) -> None:
    answer = google.ask("GET", f"/{shelf}?list-type=2&prefix=a%2F&delimiter=%2F&max-keys=2")
    assert answer.body.count(b"<Contents>") == 2
    assert b"<IsTruncated>true</IsTruncated>" in answer.body
    assert google.ask("GET", f"/{shelf}?list-type=2&nonsense=1").status == 501
    assert google.ask("GET", f"/{shelf}?list-type=2&max-keys=x").status == 400


def test_head_shows_the_size_and_no_body(google: Project, bucket: str) -> None:
    google.put(bucket, "head", b"12345")
    answer = google.ask("HEAD", f"/{bucket}/head")
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "5", b"")
    assert google.ask("HEAD", f"/{bucket}/none").status == 404
    assert google.ask("HEAD", f"/{bucket}").status == 200
