"""Who gets in: tokens of the token endpoint, tokens that a key signed, and nobody else."""

import time
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.lightly_sandbox.kinds.conftest import Control
from tests.lightly_sandbox.kinds.gcs.emulator.project import (
    PLATFORM,
    READ,
    STORAGE,
    TOKEN_AUDIENCE,
    Answer,
    Project,
    Who,
)

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.fixture(scope="module")
def bucket(google: Project) -> str:
    return google.bucket()


@pytest.fixture(scope="module")
def reader(google: Project, bucket: str) -> Who:
    return google.granted(bucket, *READ, fresh=True)


@pytest.fixture
def mortal(google: Project, bucket: str) -> Who:
    """A reader whose key or account does not survive the test."""
    return google.granted(bucket, *READ, fresh=True)


def exchange(google: Project, assertion: str, grant: str = _GRANT) -> Answer:
    form = urlencode({"grant_type": grant, "assertion": assertion}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return google.ask("POST", "/token", form, bearer=None, headers=headers)


def status(google: Project, bucket: str, bearer: str | None) -> int:
    return google.ask("GET", f"/storage/v1/b/{bucket}/o", bearer=bearer).status


def token(google: Project, who: Who, **claims: Any) -> str:
    answer = exchange(google, who.signed(aud=TOKEN_AUDIENCE, scope=PLATFORM, **claims))
    assert answer.status == 200, answer.body
    return str(answer.json["access_token"])


def test_an_assertion_becomes_a_token_of_an_hour(google: Project, bucket: str, reader: Who) -> None:
    answer = exchange(google, reader.signed(aud=TOKEN_AUDIENCE, scope=PLATFORM))
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 3599)
    assert status(google, bucket, answer.json["access_token"]) == 200


@pytest.mark.parametrize(
    ("claims", "error", "said"),
    [
        ({"aud": "https://example.com"}, "invalid_grant", "Failed audience check"),
        ({"iss": "nobody@acme-ml.iam.gserviceaccount.com"}, "invalid_grant", "account not found"),
        ({"iat": 0, "exp": 3600}, "invalid_grant", "short-lived token"),
        ({"exp": int(time.time()) + 7200}, "invalid_grant", "short-lived token"),
        ({"iat": int(time.time()) + 1000, "exp": int(time.time()) + 2000}, "invalid_grant", "short-lived token"),
        ({"exp": "soon"}, "invalid_grant", "short-lived token"),
        ({"scope": ""}, "invalid_scope", "missing scope"),
        ({"scope": "https://www.googleapis.com/auth/nonsense"}, "invalid_scope", "Invalid OAuth scope"),
        ({"sub": "boss@acme.example"}, "unauthorized_client", "unauthorized"),
    ],
)
def test_an_assertion_that_says_something_wrong_is_refused(
    google: Project, reader: Who, claims: dict[str, Any], error: str, said: str
) -> None:
    answer = exchange(google, reader.signed(**{"aud": TOKEN_AUDIENCE, "scope": PLATFORM, **claims}))
    assert answer.status in (400, 401)
    assert answer.json["error"] == error
    assert said in answer.json["error_description"]


def test_an_assertion_of_an_unknown_key_is_refused(google: Project, reader: Who) -> None:
    answer = exchange(google, forged(reader).signed(aud=TOKEN_AUDIENCE, scope=PLATFORM))
    assert (answer.status, answer.json["error_description"]) == (400, "Invalid JWT Signature.")
    assert exchange(google, "nonsense").json["error"] == "invalid_grant"
    assert exchange(google, reader.signed(aud=TOKEN_AUDIENCE), "password").json["error"] == "unsupported_grant_type"


def forged(who: Who) -> Who:
    """The same claims, signed by a key that Google never saw."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return Who(who.email, {**who.file, "private_key": pem})


def test_a_token_signed_by_the_key_itself_is_a_bearer(google: Project, bucket: str, reader: Who) -> None:
    assert status(google, bucket, reader.signed()) == 200
    assert status(google, bucket, reader.signed(aud="https://storage.googleapis.com/")) == 200
    assert status(google, bucket, reader.signed(without=("sub",))) == 200
    answer = google.ask(
        "GET", google.account_path(reader.email), bearer=reader.signed(aud="https://storage.googleapis.com/")
    )
    assert (answer.status, answer.message) == (403, "Request had insufficient authentication scopes.")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://oauth2.googleapis.com/token"},
        {"aud": "https://bigquery.googleapis.com/"},
        {"exp": int(time.time()) + 90000},
        {"iat": 0, "exp": 3600},
        {"iss": "nobody@acme-ml.iam.gserviceaccount.com"},
        {"sub": "boss@acme.example"},
        {"kid": "0" * 40},
    ],
)
def test_a_signed_bearer_that_says_something_wrong_is_refused(
    google: Project, bucket: str, reader: Who, claims: dict[str, Any]
) -> None:
    assert status(google, bucket, reader.signed(**claims)) == 401


def test_a_bearer_without_a_signature_or_with_a_wrong_one_is_refused(google: Project, bucket: str, reader: Who) -> None:
    now = int(time.time())
    claims = {"iss": reader.email, "sub": reader.email, "iat": now, "exp": now + 60, "scope": PLATFORM}
    assert status(google, bucket, jwt.encode(claims, "", "none", {"kid": reader.key_id})) == 401
    assert status(google, bucket, forged(reader).signed()) == 401
    assert status(google, bucket, jwt.encode(claims, "x" * 64, "HS256", {"kid": reader.key_id})) == 401


@pytest.mark.parametrize("bearer", [None, "nonsense", "ya29.nonsense", "a.b.c"])
def test_nobody_and_nonsense_get_nowhere(google: Project, bucket: str, bearer: str | None) -> None:
    assert google.put(bucket, "it", bearer=bearer).status == 401
    assert status(google, bucket, bearer) == 401
    assert google.ask("GET", f"/storage/v1/b/{bucket}/iam", bearer=bearer).status == 401
    assert google.ask("GET", f"/v1/projects/{google.project}/roles", bearer=bearer).status == 401
    xml = google.ask("GET", f"/{bucket}/it", bearer=bearer)
    code = "AuthenticationRequired" if bearer else "AccessDenied"  # as the XML API has it, where the JSON API says 401
    assert (xml.status, f"<Code>{code}</Code>".encode() in xml.body) == (401 if bearer else 403, True)


def test_a_token_is_over_after_an_hour(google: Project, bucket: str, reader: Who, control: Control) -> None:
    bearer = token(google, reader)
    control("POST", "/faults", [{"clock_offset_seconds": 3500}])
    assert status(google, bucket, bearer) == 200
    control("POST", "/faults", [{"clock_offset_seconds": 3700}])
    assert status(google, bucket, bearer) == 401


def test_a_disabled_or_deleted_key_gives_no_new_tokens_and_the_old_ones_last(
    google: Project, bucket: str, mortal: Who
) -> None:
    bearer, signed = token(google, mortal), mortal.signed()
    path = f"{google.account_path(mortal.email)}/keys/{mortal.key_id}"
    google.done("POST", f"{path}:disable")
    assert exchange(google, mortal.signed(aud=TOKEN_AUDIENCE, scope=PLATFORM)).status == 400
    assert (status(google, bucket, signed), status(google, bucket, bearer)) == (401, 200)
    google.done("POST", f"{path}:enable")
    assert status(google, bucket, signed) == 200
    google.done("DELETE", path)
    assert exchange(google, mortal.signed(aud=TOKEN_AUDIENCE, scope=PLATFORM)).status == 400
    assert (status(google, bucket, signed), status(google, bucket, bearer)) == (401, 200)


def test_a_disabled_or_deleted_account_stops_its_tokens(google: Project, bucket: str, mortal: Who) -> None:
    bearer, path = token(google, mortal), google.account_path(mortal.email)
    google.done("POST", f"{path}:disable")
    assert (status(google, bucket, bearer), status(google, bucket, mortal.signed())) == (401, 401)
    google.done("POST", f"{path}:enable")
    assert status(google, bucket, bearer) == 200
    google.done("DELETE", path)
    assert (status(google, bucket, bearer), status(google, bucket, mortal.signed())) == (401, 401)


def test_a_key_that_the_organisation_lets_expire_is_over(
    google: Project, bucket: str, reader: Who, control: Control
) -> None:
    control("POST", "/faults", [{"org_policy": "constraints/iam.serviceAccountKeyExpiryHours", "hours": 1}])
    short = google.key(reader.email)
    assert status(google, bucket, short.signed()) == 200
    control("POST", "/faults", [{"clock_offset_seconds": 4000}])
    later = int(time.time()) + 4000
    assert status(google, bucket, short.signed(iat=later, exp=later + 60)) == 401
    assert status(google, bucket, reader.signed(iat=later, exp=later + 60)) == 200


@pytest.mark.parametrize(
    ("scope", "lists", "writes", "sees_policy"),
    [("read_only", 200, 403, 403), ("read_write", 200, 200, 403), ("full_control", 200, 200, 200)],
)
def test_scopes_limit_what_a_credential_may_do(
    google: Project, bucket: str, scope: str, lists: int, writes: int, sees_policy: int
) -> None:
    who = google.outsider(bucket)
    assert google.bind(bucket, "roles/storage.admin", who.member).status == 200
    bearer = who.signed(scope=STORAGE + scope)
    assert status(google, bucket, bearer) == lists
    assert google.put(bucket, google.name("it"), bearer=bearer).status == writes
    assert google.ask("GET", f"/storage/v1/b/{bucket}", bearer=bearer).status == 200
    assert (
        google.ask("GET", f"/storage/v1/b/{bucket}/iam?optionsRequestedPolicyVersion=3", bearer=bearer).status
        == sees_policy
    )


def test_a_stranger_may_nothing_in_our_project(google: Project, bucket: str) -> None:
    stranger = google.announcement["stranger"]["token"]
    answer = google.ask("GET", f"/storage/v1/b/{bucket}/o", bearer=stranger)
    assert answer.status == 403
    assert answer.message.startswith("admin@globex.example does not have storage.objects.list access")
    for method, path in (
        ("POST", f"/storage/v1/b?project={google.project}"),
        ("GET", f"/storage/v1/b?project={google.project}"),
        ("GET", f"/storage/v1/b/{bucket}"),
        ("PATCH", f"/storage/v1/b/{bucket}"),
        ("DELETE", f"/storage/v1/b/{bucket}"),
        ("PUT", f"/storage/v1/b/{bucket}/iam"),
        ("GET", f"/v1/projects/{google.project}/serviceAccounts"),
        ("POST", f"/v1/projects/{google.project}/serviceAccounts"),
        ("POST", f"/v1/projects/{google.project}/roles"),
        ("DELETE", f"/v1/projects/{google.project}/roles/any"),
    ):
        refused = google.ask(method, path, {}, bearer=stranger)
        assert (method, path, refused.status) == (method, path, 403)


def test_a_service_account_of_another_project_is_a_stranger_until_it_is_bound(google: Project, bucket: str) -> None:
    other = Project(google.endpoint, google.announcement["stranger"])
    who = other.key(other.account())
    assert status(google, bucket, who.signed()) == 403
    assert google.ask("DELETE", f"/v1/projects/-/serviceAccounts/{who.email}").status == 403
    assert google.ask("POST", f"/v1/projects/{google.project}/serviceAccounts/{who.email}/keys", {}).status == 404
    assert google.bind(bucket, "roles/storage.objectViewer", who.member).status == 200
    assert status(google, bucket, who.signed()) == 200
