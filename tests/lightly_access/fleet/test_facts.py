"""What a shard is told of the stores that the first one makes; before that is deployed it makes nothing."""

from typing import Any

import pulumi
import pytest
from lightly_access.deployment import deploy
from lightly_access.fleet import facts
from lightly_access.fleet.facts import Facts, FirstShardError
from lightly_access.manifest import Manifest
from lightly_access.tables.shard import shard_of

from tests.lightly_access.recording import Recording

BUCKET = {"kind": "s3", "bucket": "acme-results", "region": "eu-central-1", "create": True, "kms_key": "create"}
GOOGLE = {"kind": "gcs", "bucket": "acme-lake", "project": "acme-ml"}
YOURS = {"kind": "s3", "bucket": "acme-lake", "region": "eu-central-1"}
KEY = "arn:aws:kms:eu-central-1:123456789012:key/1"
ROLE = {"name": "projects/acme-ml/roles/acme_prod_lake", "permissions": ["storage.objects.list", "storage.objects.get"]}
COWS = next(f"cows {number}" for number in range(9) if shard_of(f"cows {number}", 2) == 2)


def told(lake: dict[str, Any], results: dict[str, Any], shared: object, *, preview: bool = False) -> Recording:
    """The second of two shards is deployed, after the first one has said this."""
    sources = {"delegated": lake["kind"] == "s3", "service_account": lake["kind"] == "gcs"}
    access = next(name for name, fits in sources.items() if fits)
    cows = {
        "type": "images",
        "input": {"store": "lake", "path": "cows/", "access": access},
        "lightly": {"store": "results", "path": "cows/", "access": "delegated"},
    }
    manifest = Manifest.parse({"stores": {"lake": lake, "results": results}, "datasets": {COWS: cows}, "shard": "2/2"})
    recording = Recording()
    pulumi.runtime.set_mocks(recording, project="acme", stack="prod-shard-2", preview=preview)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return pulumi.Output.from_input(deploy(manifest))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "stack_outputs", lambda stack: {"shared": shared} if stack == "prod-shard-1" else {})
        program()
    return recording


@pytest.mark.parametrize("shared", [None, {}, 7, {"other": {}}])
@pytest.mark.parametrize(("lake", "results"), [(YOURS, BUCKET), (GOOGLE, YOURS)])
def test_before_the_first_shard_is_deployed_another_one_makes_nothing_and_says_what_to_do(
    lake: dict[str, Any], results: dict[str, Any], shared: object
) -> None:
    results = {**results, "bucket": "acme-results"}
    with pytest.raises(FirstShardError, match=r"the first shard makes it, stack prod-shard-1.*\n.*pulumi up --stack"):
        told(lake, results, shared)


def test_a_store_that_is_yours_waits_for_nobody() -> None:
    assert told(YOURS, {**YOURS, "bucket": "acme-results"}, None).found["lightly:index:Verification"]


def test_a_preview_before_it_leaves_open_what_nobody_knows_yet() -> None:
    found = told(GOOGLE, BUCKET, None, preview=True).found
    assert "aws:s3/bucket:Bucket" not in found
    (binding,) = found["gcp:storage/bucketIAMMember:BucketIAMMember"].values()
    assert not isinstance(binding.get("role"), str) or binding["role"] == pulumi.runtime.rpc.UNKNOWN
    assert {each["bucket"] for each in found["aws:s3/bucketObjectv2:BucketObjectv2"].values()} == {"acme-results"}


def test_what_the_first_shard_made_is_used_as_it_is_also_under_another_name_than_we_would_give() -> None:
    shared = {"lake": {"the custom role of INPUT": ROLE}, "results": {"the ARN of the KMS key": KEY}}
    found = told(GOOGLE, BUCKET, shared).found
    (binding,) = found["gcp:storage/bucketIAMMember:BucketIAMMember"].values()
    assert binding["role"] == ROLE["name"]
    (policy,) = found["aws:iam/rolePolicy:RolePolicy"].values()
    assert KEY in policy["policy"]
    assert not {"aws:kms/key:Key", "aws:s3/bucket:Bucket", "gcp:projects/iAMCustomRole:IAMCustomRole"} & found.keys()


def test_a_fact_that_an_older_run_of_the_first_shard_did_not_say_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    pulumi.runtime.settings.SETTINGS.dry_run = False
    known = Facts("prod-shard-1", {"shared": {"lake": {}}})
    known.expect(["lake"])
    with pytest.raises(FirstShardError, match=r"the custom role of LIGHTLY of stores\.lake"):
        known.told("lake", "the custom role of LIGHTLY")
