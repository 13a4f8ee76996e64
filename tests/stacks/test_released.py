"""`create: true` becomes `create: false`: the store is let go of by `pulumi up` alone, and nothing of it is deleted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lightly_access.outputs import RELEASED, YOURS
from lightly_sandbox.deployer import Deployer
from lightly_sandbox.kinds.azure.client import Group
from lightly_sandbox.kinds.gcs.fixtures import administrator
from lightly_sandbox.kinds.s3.client import account
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import must
from tests.stacks.test_replaced import AZURE, GCS, S3, Stack


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with start_sandbox(kinds=("s3", *request.param)) as sandbox:
        yield sandbox


def lets_go(stack: Stack, **adopted: object) -> None:
    """In two runs that say so, and a third that has nothing to do."""
    first = must(stack(**adopted).up())
    assert first.says("stores.results: it was made here", "Nothing of it is deleted")
    assert (first.deleted, first.replaced) == (0, 0)
    assert _said(stack(**adopted)) == {"results": RELEASED}
    second = must(stack(**adopted).up())
    assert not second.says("it was made here")
    assert _said(stack(**adopted)) == {"results": YOURS}
    left = {each["type"] for each in _resources(stack(**adopted))}
    assert not left & {"aws:s3/bucket:Bucket", "aws:kms/key:Key", "gcp:storage/bucket:Bucket"}
    assert not left & {"azure-native:storage:StorageAccount", "azure-native:storage:BlobContainer"}
    assert must(stack(**adopted).up()).unchanged


def _resources(stack: Deployer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stack.state()["deployment"]["resources"]
    return found


def _said(stack: Deployer) -> Any:
    return next(each["outputs"]["stores"] for each in _resources(stack) if each["type"] == "pulumi:pulumi:Stack")


@pytest.mark.parametrize("sandbox", [()], indirect=True)
@pytest.mark.parametrize("forced", [False, True])
def test_a_bucket_of_s3_with_its_key(sandbox: Sandbox, tmp_path: Path, forced: bool) -> None:
    stack, aws = Stack(sandbox, tmp_path, S3), account(sandbox, "customer")
    made: dict[str, Any] = {"kms_key": "create", "noncurrent_days": 30, "force_destroy": forced}
    must(stack(**made).up())
    aws.s3.put_object(Bucket="acme-first", Key="cows/1.png", Body=b"precious")
    settings = aws.s3.get_bucket_lifecycle_configuration(Bucket="acme-first")["Rules"]
    (key,) = (each["KeyArn"] for each in aws.client("kms").list_keys()["Keys"])
    adopted: dict[str, object] = {"create": None, "versioning": None}
    for outcome in (stack(**adopted).preview(), stack(**adopted).up()):
        assert outcome.says("stores.results", "KMS key", "name it, `kms_key: arn:aws:kms:")
    lets_go(stack, **adopted, kms_key=key)
    assert aws.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
    assert aws.s3.get_object(Bucket="acme-first", Key="cows/1.png")["Body"].read() == b"precious"
    assert aws.s3.get_bucket_lifecycle_configuration(Bucket="acme-first")["Rules"] == settings
    must(stack(**adopted, kms_key=key).destroy())
    assert aws.s3.get_object(Bucket="acme-first", Key="cows/1.png")["Body"].read() == b"precious"


@pytest.mark.parametrize("sandbox", [("gcs",)], indirect=True)
def test_a_bucket_of_google_that_is_empty(sandbox: Sandbox, tmp_path: Path) -> None:
    project = sandbox.services["gcs"].announcement["project"]
    stack = Stack(sandbox, tmp_path, {**GCS, "project": project})
    must(stack().up())
    lets_go(stack, create=None, location=None)
    with administrator(sandbox) as google:
        assert google.ask("GET", "/storage/v1/b/acme-first")["location"].lower() == "europe-west3"


@pytest.mark.parametrize("sandbox", [("azure",)], indirect=True)
@pytest.mark.parametrize("forced", [False, True])
def test_a_container_of_azure_with_its_account(sandbox: Sandbox, tmp_path: Path, forced: bool) -> None:
    stack = Stack(sandbox, tmp_path, AZURE)
    must(stack(force_destroy=forced).up())
    with Group(sandbox, "acme-first").blobs("acmefirst") as service:
        service.get_blob_client("first", "cows/1.png").upload_blob(b"precious")
    lets_go(stack, create=None, create_account=None, location=None)
    with Group(sandbox, "acme-first").blobs("acmefirst") as service:
        assert service.get_blob_client("first", "cows/1.png").download_blob().readall() == b"precious"
