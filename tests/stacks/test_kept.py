"""A bucket that `destroy` must keep: it stays as protected as it was, with its key, and the next `up` takes it on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.deployer import Deployer
from lightly_sandbox.kinds.s3.client import Aws, account
from lightly_sandbox.sandbox import REGION, Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import must, stack_of

BUCKET = "acme-kept"
STORE = {
    "kind": "s3",
    "bucket": BUCKET,
    "region": REGION,
    "create": True,
    "kms_key": "create",
    "versioning": True,
    "noncurrent_days": 30,
}


class Kept:
    """The stack with one store, and the administrator of the account."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self.folder = sandbox, folder
        self.aws: Aws = account(sandbox, "customer")

    def stack(self, **options: object) -> Deployer:
        store = {name: value for name, value in {**STORE, **options}.items() if value is not None}
        config = {"aws:region": REGION, "lightly-access:stores": {"kept": store}, "lightly-access:datasets": {}}
        return stack_of(self.sandbox, self.folder, "kept", config)

    def protection(self) -> dict[str, Any]:
        """Everything that stands between the data and everybody else, as S3 says it."""
        s3: Any = self.aws.s3
        asked = {
            "public": s3.get_public_access_block,
            "policy": s3.get_bucket_policy,
            "ownership": s3.get_bucket_ownership_controls,
            "encryption": s3.get_bucket_encryption,
            "versioning": s3.get_bucket_versioning,
            "lifecycle": s3.get_bucket_lifecycle_configuration,
        }
        answers = {name: ask(Bucket=BUCKET) for name, ask in asked.items()}
        return {name: {k: v for k, v in said.items() if k != "ResponseMetadata"} for name, said in answers.items()}

    def keys(self) -> list[str]:
        """The states of the account's keys."""
        kms = self.aws.client("kms")
        return [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] for key in kms.list_keys()["Keys"]]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    with start_sandbox() as sandbox:
        yield Kept(sandbox, tmp_path)


def test_a_bucket_with_objects_keeps_its_key_and_all_its_protection(kept: Kept) -> None:
    must(kept.stack().up())
    before = kept.protection()
    assert len(before) == 6
    s3 = kept.aws.s3
    s3.put_object(Bucket=BUCKET, Key="cows/1.png", Body=b"precious")
    outcome = kept.stack().destroy()
    assert not outcome.ok
    assert outcome.says(BUCKET)
    assert kept.protection() == before
    assert kept.keys() == ["Enabled"]
    assert s3.get_object(Bucket=BUCKET, Key="cows/1.png")["Body"].read() == b"precious"
    must(kept.stack().up())
    assert kept.protection() == before
