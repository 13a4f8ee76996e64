"""A probe against the local Google Cloud: what a key may do is found out, and nothing stays behind."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lightly_access.kinds.gcs import probe as gcs_probe
from lightly_access.kinds.gcs.probe import GCS, GOOGLE, GcsTarget
from lightly_access.kinds.probe import understood
from lightly_access.kinds.registry import verified_access
from lightly_core.capability import Capability, Purpose, expected
from lightly_core.secret import Secret
from lightly_provider.verification.probe import Findings, probe
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_provider.google import Google

NAME = "0123456789abcdef"
ROOM = verified_access("gcs", "service_account", "gs://acme-frames/cows/", "a@acme-ml.iam.gserviceaccount.com")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    log: Path = tmp_path_factory.mktemp("gcs") / "log.txt"
    with start("lightly_sandbox.kinds.gcs.emulator", {}, log).wait() as running:
        yield running


@pytest.fixture(scope="module")
def google(server: ServerProcess) -> Google:
    return Google(server.url, str(server.announcement["project"]), str(server.announcement["token"]))


def ask(google: Google, bucket: str, key: str, directory: str = "dir/", **more: Any) -> Findings:
    target = GcsTarget(bucket, directory, Secret(key), google.url, **more)
    return probe({Purpose.LIGHTLY: target}, NAME)[Purpose.LIGHTLY]


def can(found: Findings) -> dict[str, bool | None]:
    return {str(capability): answer.can for capability, answer in found.answers.items()}


def lights(purpose: Purpose) -> dict[str, bool]:
    return {str(capability): wanted for capability, wanted in expected(purpose).items()}


@pytest.mark.parametrize("directory", ["dir/", "a b/ü ñ/", "{x}^%41~#[1]'(c)!&=+,;:@/", 'q"\\/', ""])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_least_privilege_can_do_exactly_what_its_purpose_needs_and_leaves_nothing_behind(
    google: Google, purpose: Purpose, directory: str
) -> None:
    bucket = google.bucket(directory + "cow.png", "other/x")
    before = google.stored(bucket)
    found = ask(google, bucket, google.granted(purpose, bucket, directory), directory)
    assert (can(found), found.beyond, found.left) == (lights(purpose), (), ())
    assert all(answer.can or answer.refused for answer in found.answers.values())
    assert google.stored(bucket) == before


@pytest.mark.parametrize(
    ("missing", "lost", "litter"),
    [
        ("storage.objects.list", {"list"}, False),
        ("storage.objects.get", {"read"}, False),
        ("storage.objects.create", {"write", "overwrite"}, False),
        ("storage.objects.delete", {"overwrite", "delete"}, True),
    ],
)
def test_each_missing_permission_is_refused_in_googles_words(
    google: Google, missing: str, lost: set[str], litter: bool
) -> None:
    bucket = google.bucket("dir/cow.png")
    found = ask(google, bucket, google.granted("LIGHTLY", bucket, "dir/", without=missing))
    assert {name for name, yes in can(found).items() if yes is False} == lost
    assert all(missing in found.answers[Capability(name)].words for name in lost)
    key = f"dir/.lightly/probe-{NAME}"
    assert found.left == ((f"gs://{bucket}/{key}",) if litter else ())
    assert google.stored(bucket) == ([key] if litter else []) + ["dir/cow.png"], "what is said to be left is left"


def test_an_input_that_may_delete_is_found_out_though_there_is_nothing_to_delete(google: Google) -> None:
    bucket = google.bucket("dir/cow.png")
    found = ask(google, bucket, google.granted("INPUT", bucket, "dir/", more=("storage.objects.delete",)))
    assert can(found) == {**lights(Purpose.INPUT), "delete": True}


def test_what_goes_beyond_the_path_is_found(google: Google) -> None:
    bucket = google.bucket("dir/cow.png")
    everywhere = google.granted("LIGHTLY", bucket, "")
    assert ask(google, bucket, everywhere).beyond == ("list", "read", "write", "delete")
    assert ask(google, bucket, everywhere, whole_store=True).beyond == ()
    assert google.stored(bucket) == ["dir/cow.png"]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_an_empty_directory_says_nothing_of_reading_but_to_whom_may_write(google: Google, purpose: Purpose) -> None:
    bucket = google.bucket("dir/", "dir/deeper/")
    found = ask(google, bucket, google.granted(purpose, bucket, "dir/"))
    assert found.answers[Capability.READ].can is (True if purpose is Purpose.LIGHTLY else None)
    assert found.answers[Capability.LIST].can
    assert google.stored(bucket) == ["dir/", "dir/deeper/"]


def test_a_key_that_is_deleted_disabled_or_of_nobody_is_no_refusal_but_no_access(google: Google) -> None:
    bucket = google.bucket("dir/cow.png")
    deleted, disabled = (google.granted("LIGHTLY", bucket, "dir/") for _ in range(2))
    file = json.loads(deleted)
    google.ask("DELETE", f"/v1/projects/acme-ml/serviceAccounts/{file['client_email']}/keys/{file['private_key_id']}")
    off = json.loads(disabled)["client_email"]
    google.ask("POST", f"/v1/projects/acme-ml/serviceAccounts/{off}:disable", {})
    nobody = json.dumps({**file, "client_email": "nobody@acme-ml.iam.gserviceaccount.com"})
    for key in (deleted, disabled, nobody):
        found = ask(google, bucket, key)
        assert not any(answer.can or answer.refused for answer in found.answers.values())
        assert not found.unreachable
        assert {answer.code for answer in found.answers.values() if answer.code} == {"AuthenticationRequired"}
    assert google.stored(bucket) == ["dir/cow.png"]


def test_no_credential_or_endpoint_of_the_environment_is_used(
    google: Google, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bucket = google.bucket("dir/cow.png")
    strong, weak = (google.granted(purpose, bucket, "dir/") for purpose in ("LIGHTLY", "INPUT"))
    file = tmp_path / "strong.json"
    file.write_text(strong)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_KEY", strong)
    monkeypatch.setenv("GOOGLE_SKIP_SIGNATURE", "true")
    monkeypatch.setenv("GOOGLE_BASE_URL", "http://127.0.0.1:1")
    elsewhere = {"gcs_base_url": "http://127.0.0.1:1", "token_uri": "http://127.0.0.1:1/", "disable_oauth": True}
    assert can(ask(google, bucket, json.dumps({**json.loads(weak), **elsewhere}))) == lights(Purpose.INPUT)


@pytest.mark.parametrize("name", ["GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_PATH"])
def test_a_second_key_in_the_environment_that_cannot_be_put_aside_is_told(
    google: Google, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "/nowhere.json")
    found = ask(google, "acme-frames", "{}")
    assert name in found.unreachable
    assert not found.left
    assert set(can(found).values()) == {None}


def test_a_service_that_is_not_there_is_unreachable(google: Google) -> None:
    bucket = google.bucket("dir/cow.png")
    key = google.granted("INPUT", bucket, "dir/")
    target = GcsTarget(bucket, "dir/", Secret(key), "http://127.0.0.1:1")
    found = probe({Purpose.INPUT: target}, NAME)[Purpose.INPUT]
    assert found.unreachable
    assert not found.left


@pytest.mark.parametrize(
    ("value", "endpoint"),
    [(None, GOOGLE), ("", GOOGLE), ("localhost:9000", "http://localhost:9000"), ("http://h:1/", "http://h:1")],
)
def test_another_endpoint_comes_from_googles_own_variable_only(
    monkeypatch: pytest.MonkeyPatch, value: str | None, endpoint: str
) -> None:
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    if value is not None:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", value)
    assert gcs_probe.endpoint() == endpoint


def test_a_verification_is_given_the_key_file_and_shows_it_nowhere() -> None:
    file = json.dumps({"type": "service_account", "client_email": "a", "private_key": "the-private-key"})
    target = GCS.target(ROOM, {"credentials": file})
    assert (target.place, target.directory) == ("gs://acme-frames/", "cows/")
    assert "the-private-key" not in repr(target)
    assert GCS.needed == ("credentials",)
    assert GCS.rules["credentials"]("{}")


def test_googles_refusals_are_read_from_their_details() -> None:
    text = (
        "Server returned non-2xx status code: 403 Forbidden: <Error><Code>AccessDenied</Code><Message>Access denied."
        "</Message><Details>a@b does not have storage.objects.get access to the object.</Details></Error>"
    )
    assert understood(text).refused
    assert understood(text).words == "(AccessDenied) a@b does not have storage.objects.get access to the object."
