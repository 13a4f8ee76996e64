"""Signatures, clocks, tokens and keys: what is signed right gets in, everything else is told why not."""

import base64
import hashlib
import hmac
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.kinds.s3.emulator.aws import ALLOWED, REGION, Aws, Keys, allow, attempt, trust
from tests.lightly_sandbox.kinds.s3.emulator.signed import Signed, presigned, signed

Control = Callable[[str, str, Any], Any]


@pytest.fixture
def url(aws: Aws, server: ServerProcess) -> str:
    """An object of a bucket."""
    return f"{server.url}/{aws.bucket('dir/a b+c')}/dir/a%20b%2Bc"


def test_a_right_signature_gets_in(aws: Aws, url: str) -> None:
    assert signed(aws.admin(), "GET", url).send()[::2] == (200, b"data")


def _other_path(signed: Signed) -> None:
    signed.url = signed.url.replace("dir", "DIR")


def _other_query(signed: Signed) -> None:
    signed.url += "?versionId=1"


def _other_host(signed: Signed) -> None:
    signed.url = signed.url.replace("127.0.0.1", "localhost")


def _other_method(signed: Signed) -> None:
    signed.method = "DELETE"


def _other_date(signed: Signed) -> None:
    date = signed.headers["X-Amz-Date"]
    signed.headers["X-Amz-Date"] = date[:-2] + ("1Z" if date.endswith("0Z") else "0Z")


@pytest.mark.parametrize("spoil", [_other_path, _other_query, _other_host, _other_method, _other_date])
def test_what_was_changed_after_signing_is_refused(aws: Aws, url: str, spoil: Callable[[Signed], None]) -> None:
    request = signed(aws.admin(), "GET", url)
    spoil(request)
    assert request.send()[:2] == (403, "SignatureDoesNotMatch")


def test_a_wrong_secret_is_refused_in_every_protocol(aws: Aws) -> None:
    wrong = Keys(aws.admin().id, "wrong")
    assert attempt(aws.client("s3", wrong).list_buckets) == "SignatureDoesNotMatch"
    assert attempt(aws.client("iam", wrong).list_users) == "SignatureDoesNotMatch"
    assert attempt(aws.client("sts", wrong).get_caller_identity) == "SignatureDoesNotMatch"
    assert attempt(aws.client("kms", wrong).list_keys) == "InvalidSignatureException"


def test_an_unknown_key_is_refused_in_every_protocol(aws: Aws) -> None:
    unknown = Keys("AKIAIOSFODNN7EXAMPLE", "wrong")
    assert attempt(aws.client("s3", unknown).list_buckets) == "InvalidAccessKeyId"
    assert attempt(aws.client("iam", unknown).list_users) == "InvalidClientTokenId"
    assert attempt(aws.client("sts", unknown).get_caller_identity) == "InvalidClientTokenId"
    assert attempt(aws.client("kms", unknown).list_keys) == "UnrecognizedClientException"


def test_another_body_than_the_one_signed_is_refused(aws: Aws, url: str) -> None:
    request = signed(aws.admin(), "PUT", url, body=b"right")
    request.body = b"wrong"
    assert request.send()[:2] == (400, "XAmzContentSHA256Mismatch")


def test_a_header_that_was_not_signed_is_refused(aws: Aws, url: str) -> None:
    request = signed(aws.admin(), "PUT", url, body=b"1")
    request.headers["x-amz-storage-class"] = "GLACIER"
    assert request.send()[:2] == (403, "AccessDenied")


@pytest.mark.parametrize(("shift", "code"), [(0, ""), (-880, ""), (880, ""), (-920, "RequestTimeTooSkewed")])
def test_a_clock_may_be_fifteen_minutes_off(aws: Aws, url: str, shift: int, code: str) -> None:
    assert signed(aws.admin(), "GET", url, shift=shift).send()[1] == code


def test_the_clock_of_the_server_can_be_moved(aws: Aws, url: str, control: Control) -> None:
    control("POST", "/faults", [{"clock_offset_seconds": 3600}])
    assert signed(aws.admin(), "GET", url).send()[1] == "RequestTimeTooSkewed"
    assert signed(aws.admin(), "GET", url, shift=3600).send()[0] == 200


def test_a_presigned_url_works_until_it_expires(aws: Aws, url: str) -> None:
    assert presigned(aws.admin(), "GET", url).send()[::2] == (200, b"data")
    status, code, body = presigned(aws.admin(), "GET", url, expires=60, shift=-61).send()
    assert (status, code) == (403, "AccessDenied")
    assert b"Request has expired" in body


def test_a_presigned_url_is_for_one_method_and_key(aws: Aws, url: str) -> None:
    request = presigned(aws.admin(), "GET", url)
    request.method = "PUT"
    assert request.send()[1] == "SignatureDoesNotMatch"
    request = presigned(aws.admin(), "GET", url)
    request.url = request.url.replace("dir/", "other/")
    assert request.send()[1] == "SignatureDoesNotMatch"


def test_a_presigned_url_does_what_its_signer_may_do(aws: Aws, url: str) -> None:
    assert presigned(aws.user(), "GET", url).send()[1] == "AccessDenied"


def test_a_presigned_put_writes(aws: Aws, url: str) -> None:
    request = presigned(aws.admin(), "PUT", url)
    request.body = b"new"
    assert request.send()[0] == 200
    assert signed(aws.admin(), "GET", url).send()[2] == b"new"


def test_signature_version_2_is_refused(aws: Aws, url: str) -> None:
    request = Signed("GET", f"{url}?AWSAccessKeyId={aws.admin().id}&Signature=x&Expires=9999999999")
    assert request.send()[:2] == (400, "InvalidRequest")
    assert Signed("GET", url, {"Authorization": "AWS AKIA:x"}).send()[:2] == (400, "InvalidRequest")


@pytest.mark.parametrize("header", ["AWS4-HMAC-SHA256 nonsense", "Bearer x", ""])
def test_a_malformed_authorization_is_refused(url: str, header: str) -> None:
    assert Signed("GET", url, {"Authorization": header}).send()[0] == 400


def test_nobody_gets_nothing(aws: Aws, url: str, server: ServerProcess) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert Signed(method, url).send()[:2] == (403, "AccessDenied")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    status, _, _ = Signed("POST", server.url, form, b"Action=CreateUser&UserName=x&Version=2010-05-08").send()
    assert status >= 400


def _session(aws: Aws, **more: Any) -> Keys:
    return aws.assume(aws.admin(), aws.role(trust({"AWS": "*"}), allow("s3:*")), **more)


def test_a_session_needs_its_own_token(aws: Aws, url: str) -> None:
    session = _session(aws)
    assert signed(session, "GET", url).send()[0] == 200
    assert signed(Keys(session.id, session.secret, "other"), "GET", url).send()[:2] == (400, "InvalidToken")
    assert signed(Keys(session.id, session.secret), "GET", url).send()[:2] == (403, "InvalidAccessKeyId")
    assert signed(Keys(aws.admin().id, aws.admin().secret, session.token), "GET", url).send()[1] == "InvalidToken"


def test_an_expired_session_is_refused(aws: Aws, url: str, control: Control) -> None:
    session = _session(aws, DurationSeconds=900)
    control("POST", "/faults", [{"clock_offset_seconds": 895}])
    assert signed(session, "GET", url, shift=895).send()[0] == 200
    control("POST", "/faults", [{"clock_offset_seconds": 905}])
    assert signed(session, "GET", url, shift=905).send()[:2] == (400, "ExpiredToken")


def test_sessions_end_with_their_role(aws: Aws, url: str) -> None:
    session = _session(aws)
    iam, name = aws.client("iam"), aws.name("role")
    iam.delete_role_policy(RoleName=name, PolicyName="p0")
    iam.delete_role(RoleName=name)
    assert signed(session, "GET", url).send()[1] == "InvalidAccessKeyId"
    aws.role(trust({"AWS": "*"}), allow("s3:*"))
    assert signed(session, "GET", url).send()[1] == "InvalidAccessKeyId"


def test_a_deleted_key_is_refused_at_once(aws: Aws, url: str) -> None:
    user = aws.user(allow("s3:*"))
    assert signed(user, "GET", url).send()[0] == 200
    aws.client("iam").delete_access_key(UserName=aws.name("user"), AccessKeyId=user.id)
    assert signed(user, "GET", url).send()[:2] == (403, "InvalidAccessKeyId")


def test_get_session_token_stands_for_the_user(aws: Aws) -> None:
    user = aws.user(allow("s3:ListAllMyBuckets"))
    found = aws.client("sts", user).get_session_token()["Credentials"]
    keys = Keys(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
    assert aws.client("sts", keys).get_caller_identity()["Arn"] == aws.user_arn()
    assert attempt(aws.client("s3", keys).list_buckets) == ALLOWED


def _chunked(keys: Keys, url: str, data: bytes, trailer: str, *, sign: bool) -> Signed:
    """An aws-chunked upload with a trailing checksum, its chunks signed or not."""
    mode = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" if sign else "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    sent = {
        "content-encoding": "aws-chunked",
        "x-amz-decoded-content-length": str(len(data)),
        "x-amz-trailer": "x-amz-checksum-crc32",
    }
    request = signed(keys, "PUT", url, headers=sent, payload=mode)
    date = request.headers["X-Amz-Date"]
    scope = f"{date[:8]}/{REGION}/s3/aws4_request"
    previous = request.headers["Authorization"].rpartition("=")[2]
    key = f"AWS4{keys.secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()

    def chunk_signature(kind: str, rest: str) -> str:
        text = f"AWS4-HMAC-SHA256-{kind}\n{date}\n{scope}\n{previous}\n{rest}"
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    body = b""
    empty = hashlib.sha256(b"").hexdigest()
    for piece in (data[:3], data[3:], b""):
        extension = ""
        if sign:
            previous = chunk_signature("PAYLOAD", f"{empty}\n{hashlib.sha256(piece).hexdigest()}")
            extension = f";chunk-signature={previous}"
        body += f"{len(piece):x}{extension}\r\n".encode() + piece + (b"\r\n" if piece else b"")
    line = f"x-amz-checksum-crc32:{trailer}"
    body += f"{line}\r\n".encode()
    if sign:
        digest = hashlib.sha256(f"{line}\n".encode()).hexdigest()
        body += f"x-amz-trailer-signature:{chunk_signature('TRAILER', digest)}\r\n".encode()
    request.body = body + b"\r\n"
    return request


@pytest.mark.parametrize("sign", [True, False])
def test_chunked_uploads_are_unpacked_and_checked(aws: Aws, url: str, sign: bool) -> None:
    data = b"some data"
    right = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
    status, code, _ = _chunked(aws.admin(), url, data, right, sign=sign).send()
    assert (status, code) == (200, "")
    assert signed(aws.admin(), "GET", url).send()[2] == data
    assert _chunked(aws.admin(), url, data, "AAAAAA==", sign=sign).send()[:2] == (400, "BadDigest")


def test_a_changed_chunk_is_refused(aws: Aws, url: str) -> None:
    data = b"some data"
    right = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
    request = _chunked(aws.admin(), url, data, right, sign=True)
    request.body = request.body.replace(b"som", b"Som")
    assert request.send()[:2] == (403, "SignatureDoesNotMatch")
    assert signed(aws.admin(), "GET", url).send()[2] == b"data"


def test_credentials_are_for_one_region_of_s3(aws: Aws, url: str) -> None:
    status, code, body = signed(aws.admin(), "GET", url, region="us-west-2").send()
    assert (status, code) == (400, "AuthorizationHeaderMalformed")
    assert b"<Region>eu-central-1</Region>" in body
