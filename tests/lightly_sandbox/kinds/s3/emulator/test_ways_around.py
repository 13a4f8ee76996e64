"""Ways around the gateway, each of them closed: what the gateway authorised is what moto does."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_sandbox.emulators.messages import Request
from lightly_sandbox.kinds.s3.emulator.call import Call, canonical_path, read
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.s3_operations import place, route
from lightly_sandbox.process import ServerProcess

from tests.examples import examples
from tests.lightly_sandbox.kinds.s3.emulator.aws import Aws, allow, attempt
from tests.lightly_sandbox.kinds.s3.emulator.signed import Signed, signed


def _call(method: str, target: str) -> Call:
    return read(Request(method, target, (("Host", "127.0.0.1:1"),), b"", ""), secure=True)


@pytest.mark.parametrize(
    "path", ["/moto-api/reset-auth", "/moto-api/reset", "/moto-api/data.json", "/%6doto-api/reset"]
)
def test_the_api_of_moto_is_closed(server: ServerProcess, aws: Aws, path: str) -> None:
    bucket = aws.bucket("a")
    assert Signed("POST", f"{server.url}{path}", body=b"0").send()[:2] == (403, "AccessDenied")
    aws.client("s3").head_object(Bucket=bucket, Key="a")


def test_an_account_cannot_be_chosen(server: ServerProcess, aws: Aws) -> None:
    header = {"x-moto-account-id": "916419735646"}
    body = b"Action=ListUsers&Version=2010-05-08"
    request = signed(aws.admin(), "POST", f"{server.url}/", body=body, headers=header, service="iam")
    assert request.send()[:2] == (403, "AccessDenied")


def test_other_services_are_refused_by_name(server: ServerProcess, aws: Aws) -> None:
    status, code, body = signed(aws.admin(), "POST", f"{server.url}/", service="dynamodb").send()
    assert (status, code) == (501, "NotImplemented")
    assert b"dynamodb" in body


@pytest.mark.parametrize(
    ("method", "target", "named"),
    [
        ("GET", "?analytics", "analytics"),
        ("GET", "?policy&acl", "policy"),
        ("GET", "?prefix=a&prefix=b", "prefix"),
        ("PUT", "?requestPayment", "requestPayment"),
        ("POST", "", "POST"),
        ("OPTIONS", "", "OPTIONS"),
        ("GET", "/a?torrent", "torrent"),
        ("DELETE", "/a?versionId=1&uploadId=2", "versionId"),
    ],
)
def test_what_the_gate_does_not_know_is_refused_by_name(
    server: ServerProcess, aws: Aws, method: str, target: str, named: str
) -> None:
    status, code, body = signed(aws.admin(), method, f"{server.url}/{aws.bucket('a')}{target}").send()
    assert status in (400, 501), code
    assert named.encode() in body


def test_a_header_is_not_a_parameter(server: ServerProcess, aws: Aws) -> None:
    """moto looks for parameters among the headers when there is no query; it is given no header that could be one."""
    bucket, s3 = aws.bucket(), aws.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    old = s3.put_object(Bucket=bucket, Key="a", Body=b"old")["VersionId"]
    s3.put_object(Bucket=bucket, Key="a", Body=b"new")
    user = aws.user(allow("s3:GetObject"))
    request = signed(user, "GET", f"{server.url}/{bucket}/a")
    request.headers["versionId"] = old
    assert request.send()[::2] == (200, b"new")
    assert signed(user, "GET", f"{server.url}/{bucket}/a?versionId={old}").send()[1] == "AccessDenied"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_an_object_may_say_that_it_is_a_form(server: ServerProcess, aws: Aws, kind: str) -> None:
    url = f"{server.url}/{aws.bucket()}/a"
    body = b"uploadId=1&tagging=x&Action=CreateUser"
    assert signed(aws.admin(), "PUT", url, body=body, headers={"content-type": kind}).send()[0] == 200
    assert signed(aws.admin(), "GET", url).send()[2] == body


@pytest.mark.parametrize("key", ["a/../b", "a//b", "a%2Fb", " +&?#ü;=%", "./x", "/lead", "dir/", "_sandbox", "~*'()"])
def test_every_key_is_the_key_that_was_authorised(aws: Aws, key: str) -> None:
    bucket = aws.bucket()
    exactly = allow(
        ["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/{key.replace('*', '${*}').replace('?', '${?}')}"
    )
    s3 = aws.client("s3", aws.user(exactly))
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
    listed = aws.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    assert [item["Key"] for item in listed] == [key]


@examples(2)
@given(st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1), st.text(st.characters(codec="utf-8")))
def test_a_path_is_read_as_it_is_written(bucket: str, key: str) -> None:
    path = f"/{bucket}/{key}"
    if path.startswith("/moto-api"):
        return
    assert place(_call("GET", canonical_path(path)).path) == (bucket, key)


@examples(2)
@given(
    st.sampled_from(["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"]),
    st.sampled_from(["/", "/b", "/b/", "/b/k"]),
    st.sets(
        st.sampled_from(["acl", "policy", "uploads", "uploadId", "versionId", "versions", "list-type", "x", "delete"])
    ),
)
def test_a_route_is_known_whole_or_refused(method: str, path: str, parameters: set[str]) -> None:
    call = _call(method, f"{path}?{'&'.join(f'{name}=2' for name in sorted(parameters))}")
    found = None
    with contextlib.suppress(RefusedError):
        found = route(call)
    if found is not None:
        assert "x" not in parameters
        assert len(parameters - found.parameters - {"versionId"}) <= 1


def test_a_bucket_in_the_host_name_is_refused(server: ServerProcess, aws: Aws) -> None:
    headers = {"Host": f"{aws.bucket('a')}.localhost:{server.port}"}
    assert Signed("GET", f"{server.url}/a", headers).send()[:2] == (400, "InvalidRequest")


def test_an_upload_is_finished_for_the_key_it_was_begun_for(aws: Aws) -> None:
    bucket, admin = aws.bucket(), aws.client("s3")
    upload = admin.create_multipart_upload(Bucket=bucket, Key="theirs/a")["UploadId"]
    etag = admin.upload_part(Bucket=bucket, Key="theirs/a", UploadId=upload, PartNumber=1, Body=b"1")["ETag"]
    mine = aws.client("s3", aws.user(allow("s3:*", f"arn:aws:s3:::{bucket}/mine/*")))
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    asked = {"Bucket": bucket, "Key": "mine/a", "UploadId": upload}
    assert attempt(lambda: mine.complete_multipart_upload(**asked, MultipartUpload=parts)) == "NoSuchUpload"
    assert attempt(lambda: mine.abort_multipart_upload(**asked)) == "NoSuchUpload"
    assert attempt(lambda: mine.upload_part(**asked, PartNumber=1, Body=b"2")) == "NoSuchUpload"
