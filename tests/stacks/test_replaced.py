"""A store that holds data is not given up for another one, whatever makes the engine replace it: every kind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.deployer import Deployer, Outcome
from lightly_sandbox.kinds.azure.client import Group
from lightly_sandbox.kinds.gcs.fixtures import administrator
from lightly_sandbox.kinds.s3.client import account
from lightly_sandbox.sandbox import REGION, Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import must, stack_of

S3: dict[str, Any] = {"kind": "s3", "bucket": "acme-first", "region": REGION, "create": True, "versioning": True}
GCS: dict[str, Any] = {"kind": "gcs", "bucket": "acme-first", "location": "europe-west3", "create": True}
AZURE: dict[str, Any] = {
    "kind": "azure",
    "account": "acmefirst",
    "container": "first",
    "resource_group": "acme-first",
    "location": "westeurope",
    "create": True,
    "create_account": True,
}
ACCESS = {"s3": "delegated", "gcs": "service_account", "azure": "sas"}


class Stack:
    """One store, with a dataset in it."""

    def __init__(self, sandbox: Sandbox, folder: Path, base: dict[str, Any]) -> None:
        self._sandbox, self._folder, self._base = sandbox, folder, base

    def __call__(self, **changed: object) -> Deployer:
        store = {name: value for name, value in {**self._base, **changed}.items() if value is not None}
        source = {"store": "results", "access": ACCESS[store["kind"]]}
        cows = {"type": "images", "input": {**source, "path": "raw/"}, "lightly": {**source, "path": "cows/"}}
        config = {
            "aws:region": REGION,
            "lightly-access:stores": {"results": store},
            "lightly-access:datasets": {"cows": cows},
            "lightly-access:verify": {"deadline": 10},
        }
        return stack_of(self._sandbox, self._folder, "replaced", config)

    def refuses(self, *words: str, **changed: object) -> None:
        """In the preview, and in a run that had none."""
        for outcome in (self(**changed).preview(), self(**changed).up()):
            assert not outcome.ok
            assert outcome.says(": another ", "holds data: ", "hint: write ", *words), told(outcome)

    def replaces(self, **changed: object) -> None:
        must(self(**changed).preview())
        must(self(**changed).up())


def told(outcome: Outcome) -> str:
    return "\n".join(outcome.diagnostics)


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with start_sandbox(kinds=("s3", *request.param)) as sandbox:
        yield sandbox


@pytest.mark.parametrize("sandbox", [()], indirect=True)
def test_a_bucket_of_s3(sandbox: Sandbox, tmp_path: Path) -> None:
    stack, s3 = Stack(sandbox, tmp_path, S3), account(sandbox, "customer").s3
    must(stack().up())
    s3.put_object(Bucket="acme-first", Key="cows/1.png", Body=b"precious")
    stack.refuses("bucket: got acme-second, deployed is acme-first", "1 object", bucket="acme-second")
    stack.refuses("1 object", "`region: eu-central-1`", region="eu-west-1")
    assert {each["Name"] for each in s3.list_buckets()["Buckets"]} == {"acme-first"}
    must(stack().up())
    assert s3.get_object(Bucket="acme-first", Key="cows/1.png")["Body"].read() == b"precious"
    _empty(s3)
    stack.replaces(bucket="acme-second")
    s3.put_object(Bucket="acme-second", Key="cows/1.png", Body=b"precious")
    must(stack(bucket="acme-second", force_destroy=True).up())
    outcome = must(stack(bucket="acme-third", force_destroy=True).up())
    assert outcome.says("`force_destroy` lets go what is in the bucket", "deployed is acme-second")


def _empty(s3: Any) -> None:
    listed = s3.list_object_versions(Bucket="acme-first", Prefix="cows/1")
    for each in (*listed.get("Versions", ()), *listed.get("DeleteMarkers", ())):
        s3.delete_object(Bucket="acme-first", Key=each["Key"], VersionId=each["VersionId"])


@pytest.mark.parametrize("sandbox", [("gcs",)], indirect=True)
def test_a_bucket_of_google(sandbox: Sandbox, tmp_path: Path) -> None:
    project = sandbox.services["gcs"].announcement["project"]
    stack = Stack(sandbox, tmp_path, {**GCS, "project": project})
    must(stack().up())
    with administrator(sandbox) as google:
        google.write("acme-first", "cows/1.png", b"precious")
        stack.refuses("bucket: got acme-second, deployed is acme-first", "1 object", bucket="acme-second")
        stack.refuses("1 object", "as before", location="us-east1")
        google.delete("acme-first", "cows/1.png")
    stack.replaces(bucket="acme-second")


@pytest.mark.parametrize("sandbox", [("azure",)], indirect=True)
def test_a_container_of_azure(sandbox: Sandbox, tmp_path: Path) -> None:
    stack = Stack(sandbox, tmp_path, AZURE)
    must(stack().up())
    with Group(sandbox, "acme-first").blobs("acmefirst") as service:
        service.get_blob_client("first", "cows/1.png").upload_blob(b"precious")
    stack.refuses("container: got second, deployed is first", "1 object", container="second")
    moved = stack(location="northeurope").preview()
    assert moved.says("location: got northeurope, deployed is westeurope", "1 object"), told(moved)
    stack.refuses("account: got acmesecond, deployed is acmefirst", account="acmesecond")
    stack.refuses("resource_group: got acme-second, deployed is acme-first", resource_group="acme-second")
    must(stack().up())
    with Group(sandbox, "acme-first").blobs("acmefirst") as service:
        service.get_blob_client("first", "cows/1.png").delete_blob()
    stack.replaces(container="second")
