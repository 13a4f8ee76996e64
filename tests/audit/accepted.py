"""What checkov finds on the rehearsal's stack, and why it stays: every other finding fails the audit, and so does an
entry that is found no more."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """A check of checkov that fails on resources of one type."""

    check: str
    type: str


ACCEPTED = {
    Finding("CKV_AWS_18", "aws_s3_bucket"): (
        "access logs need a bucket of their own and are the account's concern (also CloudTrail data events): turn them "
        "on where your account keeps logs"
    ),
    Finding("CKV_AWS_21", "aws_s3_bucket"): (
        "only the bucket with `force_destroy: true`, whose content Lightly can make again; `versioning: true` is a "
        "line of the manifest, and the guardrail `s3-versioning` asks for it elsewhere"
    ),
    Finding("CKV_AWS_61", "aws_iam_role"): (
        "checkov finds it in every role that an account may assume, with or without an external ID; ours trusts one "
        "account for one action with a secret external ID, which the guardrails `trust-...` demand"
    ),
    Finding("CKV_AWS_144", "aws_s3_bucket"): "a copy in another region is the owner's choice; Lightly reads one bucket",
    Finding("CKV_AWS_145", "aws_s3_bucket"): (
        "only the bucket without `kms_key`: it is encrypted with SSE-S3; `kms_key: create` is a line of the manifest"
    ),
    Finding("CKV_AWS_273", "aws_iam_user"): (
        "`access: user` is one of the two accesses that Lightly supports: a machine's identity, no person's, whose key "
        "is replaced period by period; `access: delegated` needs no user"
    ),
    Finding("CKV2_AWS_62", "aws_s3_bucket"): "nobody waits for events of these buckets",
    Finding("CKV_GCP_62", "google_storage_bucket"): "as CKV_AWS_18: usage logs or Cloud Audit Logs are the project's",
    Finding("CKV_GCP_78", "google_storage_bucket"): "`versioning: true` is a line of the manifest",
    Finding("CKV_AZURE_35", "Microsoft.Storage/storageAccounts"): (
        "Lightly's servers come over the internet, from addresses that we do not know; the token decides"
    ),
    Finding(
        "CKV_AZURE_36", "Microsoft.Storage/storageAccounts"
    ): "the same: there is no network rule to be exempt from",
    Finding("CKV_AZURE_206", "Microsoft.Storage/storageAccounts"): (
        "locally redundant: what Lightly writes can be made again; a store of your own may be replicated"
    ),
}


def problems(found: Collection[Finding], accepted: Collection[Finding] = ACCEPTED.keys()) -> Iterable[str]:
    """What is not as the table says, in words."""
    for finding in sorted(set(found) - set(accepted)):
        yield (
            f"{finding.check} on {finding.type}: found and not explained\n"
            "hint: mend it, or say why it stays in accepted.py"
        )
    for finding in sorted(set(accepted) - set(found)):
        yield f"{finding.check} on {finding.type}: explained and not found any more\nhint: take it out of accepted.py"
