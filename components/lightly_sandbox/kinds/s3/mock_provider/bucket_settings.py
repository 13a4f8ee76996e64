"""The settings of a bucket that are resources of their own: put, get and remove, with the bucket's name as their id.

A setting of a bucket that is gone is gone. Sources: the files `bucket_*.go` in
https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/s3.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_sandbox.kinds.s3.mock_provider.errors import found
from lightly_sandbox.kinds.s3.mock_provider.lifecycle import from_rules, to_rules
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError

ACCESS_BLOCKS = {
    "blockPublicAcls": "BlockPublicAcls",
    "blockPublicPolicy": "BlockPublicPolicy",
    "ignorePublicAcls": "IgnorePublicAcls",
    "restrictPublicBuckets": "RestrictPublicBuckets",
}


@dataclass(frozen=True, slots=True)
class BucketSetting:
    """Three calls of S3; `missing` are the codes that mean that the setting is not there."""

    put: Callable[[Work, Facts], object]
    get: Callable[[Work, str], Facts | None]
    remove: Callable[[Work, Facts], object]
    missing: tuple[str, ...] = ()

    def create(self, work: Work, inputs: Facts) -> Created:
        """Put it; a bucket that was made a moment ago may not be everywhere yet."""
        work.patiently(lambda: self.put(work, inputs), "NoSuchBucket")
        return Created(inputs["bucket"])

    def read(self, work: Work, id: str, _state: Facts) -> Found | None:
        facts = found(lambda: self.get(work, id), *self.missing)
        return None if facts is None else Found(id, {"bucket": id, **facts})

    def update(self, work: Work, _id: str, state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        if changed - {"skipDestroy"}:
            _check_versioning(state, inputs)
            work.patiently(lambda: self.put(work, inputs))
        return {}

    def delete(self, work: Work, _id: str, state: Facts) -> None:
        """Remove it unless the program said to leave it."""
        if not state.get("skipDestroy"):
            found(lambda: work.patiently(lambda: self.remove(work, state)), *self.missing)


def _put_access_block(work: Work, inputs: Facts) -> object:
    flags: Any = {theirs: bool(inputs.get(ours)) for ours, theirs in ACCESS_BLOCKS.items()}
    return work.s3.put_public_access_block(Bucket=inputs["bucket"], PublicAccessBlockConfiguration=flags)


def _get_access_block(work: Work, bucket: str) -> Facts:
    flags = work.s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    return {ours: bool(flags.get(theirs)) for ours, theirs in ACCESS_BLOCKS.items()}


PUBLIC_ACCESS_BLOCK = BucketSetting(
    _put_access_block,
    _get_access_block,
    lambda work, state: work.s3.delete_public_access_block(Bucket=state["bucket"]),
    ("NoSuchPublicAccessBlockConfiguration",),
)


def _put_ownership(work: Work, inputs: Facts) -> object:
    controls: Any = {"Rules": [{"ObjectOwnership": inputs["rule"]["objectOwnership"]}]}
    return work.s3.put_bucket_ownership_controls(Bucket=inputs["bucket"], OwnershipControls=controls)


def _get_ownership(work: Work, bucket: str) -> Facts:
    rules = work.s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    return {"rule": {"objectOwnership": rules[0]["ObjectOwnership"]}}


OWNERSHIP = BucketSetting(
    _put_ownership,
    _get_ownership,
    lambda work, state: work.s3.delete_bucket_ownership_controls(Bucket=state["bucket"]),
    ("OwnershipControlsNotFoundError",),
)


def _put_encryption(work: Work, inputs: Facts) -> object:
    rules = []
    for rule in inputs["rules"]:
        default = rule.get("applyServerSideEncryptionByDefault") or {}
        named = {"SSEAlgorithm": default.get("sseAlgorithm"), "KMSMasterKeyID": default.get("kmsMasterKeyId")}
        wanted = {name: value for name, value in named.items() if value}
        by_default = {"ApplyServerSideEncryptionByDefault": wanted} if wanted else {}
        rules.append({**by_default, "BucketKeyEnabled": bool(rule.get("bucketKeyEnabled"))})
    configuration: Any = {"Rules": rules}
    return work.s3.put_bucket_encryption(Bucket=inputs["bucket"], ServerSideEncryptionConfiguration=configuration)


def _get_encryption(work: Work, bucket: str) -> Facts:
    answer = work.s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    rules = []
    for rule in answer:
        default: Mapping[str, Any] = rule.get("ApplyServerSideEncryptionByDefault") or {}
        named = {"sseAlgorithm": default.get("SSEAlgorithm"), "kmsMasterKeyId": default.get("KMSMasterKeyID")}
        ours: Facts = {"bucketKeyEnabled": bool(rule.get("BucketKeyEnabled"))}
        if default:
            ours["applyServerSideEncryptionByDefault"] = {name: value for name, value in named.items() if value}
        rules.append(ours)
    return {"rules": rules}


ENCRYPTION = BucketSetting(
    _put_encryption,
    _get_encryption,
    lambda work, state: work.s3.delete_bucket_encryption(Bucket=state["bucket"]),
    ("ServerSideEncryptionConfigurationNotFoundError",),
)

POLICY = BucketSetting(
    lambda work, inputs: work.s3.put_bucket_policy(Bucket=inputs["bucket"], Policy=inputs["policy"]),
    lambda work, bucket: {"policy": work.s3.get_bucket_policy(Bucket=bucket)["Policy"]},
    lambda work, state: work.s3.delete_bucket_policy(Bucket=state["bucket"]),
    ("NoSuchBucketPolicy",),
)


def _put_versioning(work: Work, inputs: Facts) -> object:
    status = inputs["versioningConfiguration"]["status"]
    if status == "Disabled":
        return None  # a bucket that never had versions: S3 has no word for it, and nothing to be told
    return work.s3.put_bucket_versioning(Bucket=inputs["bucket"], VersioningConfiguration={"Status": status})


def _get_versioning(work: Work, bucket: str) -> Facts:
    status = work.s3.get_bucket_versioning(Bucket=bucket).get("Status", "Disabled")
    return {"versioningConfiguration": {"status": status}}


def _remove_versioning(work: Work, state: Facts) -> object:
    if state["versioningConfiguration"]["status"] != "Enabled":
        return None
    return work.s3.put_bucket_versioning(Bucket=state["bucket"], VersioningConfiguration={"Status": "Suspended"})


def _check_versioning(state: Facts, inputs: Facts) -> None:
    """S3 cannot forget versions (https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html)."""
    before, after = (entry.get("versioningConfiguration") or {} for entry in (state, inputs))
    if after.get("status") == "Disabled" and before.get("status") != "Disabled":
        raise RefusedError("versioning cannot be 'Disabled' once it was on\nhint: use 'Suspended'")


VERSIONING = BucketSetting(_put_versioning, _get_versioning, _remove_versioning)


def _put_lifecycle(work: Work, inputs: Facts) -> object:
    size = inputs.get("transitionDefaultMinimumObjectSize")
    named: dict[str, Any] = {"TransitionDefaultMinimumObjectSize": size} if size else {}
    rules: Any = {"Rules": to_rules(inputs.get("rules") or [])}
    return work.s3.put_bucket_lifecycle_configuration(Bucket=inputs["bucket"], LifecycleConfiguration=rules, **named)


def _get_lifecycle(work: Work, bucket: str) -> Facts:
    answer = work.s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    size = answer.get("TransitionDefaultMinimumObjectSize")
    return {"rules": from_rules(answer["Rules"]), "transitionDefaultMinimumObjectSize": size}


LIFECYCLE = BucketSetting(
    _put_lifecycle,
    _get_lifecycle,
    lambda work, state: work.s3.delete_bucket_lifecycle(Bucket=state["bucket"]),
    ("NoSuchLifecycleConfiguration",),
)
