"""Clients that are not plain boto3 calls: obstore, which probes with, and boto3 that meets another region."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from lightly_provider.verification.probe import run
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.kinds.s3.emulator.aws import ALLOWED, REGION, Aws, Keys, allow, attempt

obstore = pytest.importorskip("obstore")


def _store(server: ServerProcess, keys: Keys, bucket: str) -> Any:
    from obstore.store import S3Store

    return S3Store(
        bucket,
        endpoint=server.url,
        region=REGION,
        access_key_id=keys.id,
        secret_access_key=keys.secret,
        virtual_hosted_style_request=False,
        client_options={"allow_http": True},
        retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=5)},
    )


def test_obstore_reads_lists_writes_and_deletes(server: ServerProcess, aws: Aws) -> None:
    bucket = aws.bucket("dir/a b")
    store = _store(server, aws.admin(), bucket)
    obstore.put(store, "dir/ü+c", b"new")
    assert bytes(obstore.get(store, "dir/ü+c").bytes()) == b"new"
    assert sorted(item["path"] for page in obstore.list(store, "dir") for item in page) == ["dir/a b", "dir/ü+c"]
    obstore.put(store, "big", b"x" * (11 * 2**20))
    assert obstore.head(store, "big")["size"] == 11 * 2**20
    obstore.delete(store, ["dir/ü+c", "big"])
    assert [item["path"] for page in obstore.list(store) for item in page] == ["dir/a b"]


def test_obstore_is_refused_what_it_may_not(server: ServerProcess, aws: Aws) -> None:
    bucket = aws.bucket("mine/a", "theirs/a")
    store = _store(server, aws.user(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/mine/*")), bucket)
    assert bytes(obstore.get(store, "mine/a").bytes()) == b"data"
    for refused in (
        lambda: obstore.get(store, "theirs/a"),
        lambda: obstore.put(store, "mine/a", b""),
        lambda: list(obstore.list(store)),
        lambda: obstore.delete(store, "mine/a"),
    ):
        with pytest.raises(Exception, match="is not authorized to perform"):
            refused()


def test_many_calls_at_once_are_all_answered(server: ServerProcess, aws: Aws) -> None:
    store = _store(server, aws.admin(), aws.bucket())

    async def all_at_once() -> list[bytes]:
        await asyncio.gather(*(obstore.put_async(store, str(n), str(n).encode()) for n in range(40)))
        found = await asyncio.gather(*(obstore.get_async(store, str(n)) for n in range(40)))
        return [bytes(await item.bytes_async()) for item in found]

    assert run(all_at_once()) == [str(n).encode() for n in range(40)]


def test_obstore_lists_below_a_prefix_with_a_space(server: ServerProcess, aws: Aws) -> None:
    store = _store(server, aws.admin(), aws.bucket("a b/c", "a+b/d"))
    for prefix, key in (("a b/", "a b/c"), ("a+b/", "a+b/d")):
        assert [item["path"] for page in obstore.list(store, prefix) for item in page] == [key]


def test_boto3_finds_the_region_of_a_bucket(aws: Aws) -> None:
    bucket = aws.bucket("a")
    elsewhere = aws.client("s3", region="us-east-1")
    assert attempt(lambda: elsewhere.get_object(Bucket=bucket, Key="a")) == ALLOWED
    assert elsewhere.head_bucket(Bucket=bucket)["BucketRegion"] == REGION
