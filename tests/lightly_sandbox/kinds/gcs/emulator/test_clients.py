"""The clients that Lightly's users and we have: obstore by signed tokens and by google-auth, signed URLs."""

import datetime
from typing import Any

import obstore
import pytest
import urllib3
from google.oauth2 import service_account
from obstore.auth.google import GoogleCredentialProvider
from obstore.store import GCSStore

from tests.lightly_sandbox.kinds.gcs.emulator.project import READ, STORAGE, WRITE, Project, Who, below, names


@pytest.fixture(scope="module")
def bucket(google: Project) -> str:
    return google.bucket()


@pytest.fixture(scope="module")
def writer(google: Project, bucket: str) -> Who:
    """All that the documents of a LIGHTLY datasource give, below herd/."""
    return google.granted(
        bucket, *READ, *WRITE, "storage.objects.update", expression=below(bucket, "herd/"), fresh=True
    )


def test_obstore_does_all_that_lightly_needs(google: Project, bucket: str, writer: Who) -> None:
    store = google.store(bucket, writer)
    made = obstore.put(store, "herd/a b+c%/ü.txt", b"one", attributes={"Content-Type": "text/plain", "tag": "x"})
    assert made["e_tag"]
    again = obstore.put(store, "herd/a b+c%/ü.txt", b"two", attributes={"Content-Type": "text/plain", "tag": "y"})
    assert made["version"] != again["version"]
    found = obstore.get(store, "herd/a b+c%/ü.txt")
    assert bytes(found.bytes()) == b"two"
    assert found.attributes == {"Content-Type": "text/plain", "tag": "y"}
    assert bytes(obstore.get_range(store, "herd/a b+c%/ü.txt", start=1, length=1)) == b"w"
    assert obstore.head(store, "herd/a b+c%/ü.txt")["size"] == 3
    obstore.copy(store, "herd/a b+c%/ü.txt", "herd/copy.txt")
    assert names(store, "herd/") == ["herd/a b+c%/ü.txt", "herd/copy.txt"]
    shown = obstore.list_with_delimiter(store, "herd/")
    assert (list(shown["common_prefixes"]), [entry["path"] for entry in shown["objects"]]) == (
        ["herd/a b+c%"],
        ["herd/copy.txt"],
    )
    obstore.rename(store, "herd/copy.txt", "herd/moved.txt")
    obstore.delete(store, ["herd/a b+c%/ü.txt", "herd/moved.txt"])
    assert names(store, "herd/") == []


def test_obstore_creates_only_what_is_not_there(google: Project, bucket: str, writer: Who) -> None:
    store = google.store(bucket, writer)
    obstore.put(store, "herd/once", b"one", mode="create")
    with pytest.raises(obstore.exceptions.AlreadyExistsError):
        obstore.put(store, "herd/once", b"two", mode="create")
    version = obstore.head(store, "herd/once")
    obstore.put(store, "herd/once", b"two", mode={"e_tag": version["e_tag"], "version": version["version"]})
    with pytest.raises(obstore.exceptions.PreconditionError):
        obstore.put(store, "herd/once", b"three", mode={"e_tag": version["e_tag"], "version": version["version"]})


def test_obstore_pages_through_a_long_listing(google: Project) -> None:
    name = google.bucket()
    for n in range(1005):
        google.put(name, f"herd/{n:04}")
    store = google.store(name, google.granted(name, *READ))
    assert names(store, "herd/") == [f"herd/{n:04}" for n in range(1005)]
    after = [entry["path"] for page in obstore.list(store, "herd/", offset="herd/1000") for entry in page]
    assert after == [f"herd/{n}" for n in range(1001, 1005)]


def test_uploads_in_parts_need_a_permission_of_their_own(google: Project, bucket: str, writer: Who) -> None:
    data = bytes(range(256)) * 4096 * 11  # 11 MiB: three parts
    with pytest.raises(Exception, match=r"storage\.multipartUploads\.create"):
        obstore.put(google.store(bucket, writer), "herd/large", data, chunk_size=5 << 20, use_multipart=True)
    both = ("storage.multipartUploads.create", "storage.multipartUploads.abort")
    able = google.granted(bucket, *READ, *WRITE, *both, expression=below(bucket, "herd/"))
    store = google.store(bucket, able)
    obstore.put(store, "herd/large", data, chunk_size=5 << 20, use_multipart=True)
    assert bytes(obstore.get(store, "herd/large").bytes()) == data


def test_obstore_by_google_auth_asks_the_token_endpoint(google: Project, bucket: str, writer: Who) -> None:
    obstore.put(google.store(bucket, writer), "herd/auth.txt", b"one")
    info: dict[str, Any] = {**writer.file, "token_uri": f"{google.endpoint}/token"}
    made: Any = service_account.Credentials.from_service_account_info  # it has no types
    with_scope = made(info, scopes=[f"{STORAGE}read_only"])
    config: Any = {"base_url": google.endpoint}
    store = GCSStore(
        bucket,
        config=config,
        credential_provider=GoogleCredentialProvider(with_scope),
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    assert bytes(obstore.get(store, "herd/auth.txt").bytes()) == b"one"
    with pytest.raises(obstore.exceptions.PermissionDeniedError, match="insufficient authentication scopes"):
        obstore.put(store, "herd/auth.txt", b"two")


def test_a_refusal_names_what_is_missing_in_the_text_of_the_error(google: Project, bucket: str) -> None:
    store = google.store(bucket, google.granted(bucket, *READ, expression=below(bucket, "herd/")))
    for call, said in (
        (lambda: names(store, "barn/"), "storage.objects.list"),
        (lambda: obstore.get(store, "barn/x"), "storage.objects.get"),
        (lambda: obstore.put(store, "herd/x", b""), "storage.objects.create"),
        (lambda: obstore.delete(store, "herd/x"), "storage.objects.delete"),
    ):
        with pytest.raises(obstore.exceptions.BaseError, match=f"does not have {said} access"):
            call()


class TestSignedUrls:
    """What the Lightly Platform hands to browsers: an address that a key signed."""

    @pytest.fixture
    def signed(self, google: Project, bucket: str, writer: Who) -> str:
        store = google.store(bucket, writer)
        obstore.put(store, "herd/shown.txt", b"shown")
        return obstore.sign(store, "GET", "herd/shown.txt", datetime.timedelta(hours=1))

    def test_it_shows_what_was_signed(self, signed: str) -> None:
        answer = urllib3.request("GET", signed)
        assert (answer.status, answer.data) == (200, b"shown")

    @pytest.mark.parametrize(("old", "new"), [("shown.txt", "other.txt"), ("Expires=3600", "Expires=7200")])
    def test_it_is_good_for_nothing_else(self, signed: str, old: str, new: str) -> None:
        assert old in signed
        answer = urllib3.request("GET", signed.replace(old, new))
        assert (answer.status, b"SignatureDoesNotMatch" in answer.data) == (403, True)
        assert urllib3.request("DELETE", signed).status == 403

    def test_it_is_over_when_it_says_so(self, signed: str, control: Any) -> None:
        control("POST", "/faults", [{"clock_offset_seconds": 3700}])
        assert urllib3.request("GET", signed).status == 400

    def test_it_dies_with_the_rights_of_its_maker(self, google: Project, bucket: str) -> None:
        who = google.granted(bucket, *READ, fresh=True)
        google.put(bucket, "herd/mine.txt")
        signed = obstore.sign(google.store(bucket, who), "GET", "herd/mine.txt", datetime.timedelta(hours=1))
        assert urllib3.request("GET", signed).status == 200
        google.done("DELETE", f"{google.account_path(who.email)}/keys/{who.key_id}")
        assert urllib3.request("GET", signed).status == 403

    def test_it_gives_no_more_than_its_maker_has(self, google: Project, bucket: str) -> None:
        who = google.granted(bucket, *READ, expression=below(bucket, "herd/"))
        google.put(bucket, "barn/x")
        signed = obstore.sign(google.store(bucket, who), "GET", "barn/x", datetime.timedelta(hours=1))
        assert urllib3.request("GET", signed).status == 403
