"""Refusals of Google Cloud that no change of ours can mend: what they mean, and the way out. Pure.

They come from the provider of Google Cloud, in the output of a deployment, where no code of ours stands between; so the
output is read: by `lightly-access explain`, and by whoever has it as text. An organisation's policy may forbid what a
service-account access needs: https://cloud.google.com/iam/docs/troubleshoot-org-policies has the texts.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from lightly_access.kinds.explanation import Explanation

_ADMIN = "an organisation policy administrator (roles/orgpolicy.policyAdmin; not even an owner may do it)"
_EXEMPT = "must exempt the project of the bucket, as long as this stack stands"
_CONSTRAINT = re.compile(r"constraints/((?:[a-z]+\.)+[A-Za-z]+)")


def found(text: str) -> Iterator[tuple[int, Explanation]]:
    """Every refusal that is known, and where it stands in the text."""
    for named in _CONSTRAINT.finditer(text):
        yield named.start(), _of_constraint(named[1])
    for sign, explanation in _SENTENCES.items():
        if said := re.search(sign, text):
            yield said.start(), _addressed(explanation)


def known() -> Iterator[Explanation]:
    """Each of them, for the runbook."""
    satisfied = [Explanation(name, *said) for name, said in _SATISFIED.items()]
    by_name = {each.name: each for each in (*_CONSTRAINTS.values(), *satisfied, *_SENTENCES.values())}
    return map(_addressed, by_name.values())


def _addressed(explanation: Explanation) -> Explanation:
    return replace(explanation, runbook=f"gcs-{re.sub('[^a-z0-9]+', '-', explanation.name.lower())}")


def _of_constraint(name: str) -> Explanation:
    legacy = name.replace(".managed.", ".")
    if known := _CONSTRAINTS.get(legacy):
        return _addressed(known)
    if legacy in _SATISFIED:
        return _addressed(Explanation(legacy, *_SATISFIED[legacy]))
    cause = f"the organisation policy {name} forbids something on the way to a datasource on Google Cloud"
    return Explanation(
        legacy,
        cause,
        f"see what it asks for (gcloud org-policies describe {legacy} --effective --project PROJECT): where a "
        f"bucket of "
        f"yours can have that, make it so and use it with `create: false`; else {_ADMIN} {_EXEMPT}",
        "gcs-organisation-policy",
    )


_KEYS = Explanation(
    "iam.disableServiceAccountKeyCreation",
    "the organisation forbids keys of service accounts (enforced by default in organisations made since May 2024), and "
    "Lightly takes nothing else for Google Cloud",
    f"{_ADMIN} {_EXEMPT}: iam.disableServiceAccountKeyCreation and, where it is set, "
    "iam.managed.disableServiceAccountKeyCreation not enforced there (both count); in return the keys are replaced "
    "every 90 days and reach one path each. Or keep these data in another kind of store: S3 needs no key at all",
)
_ACCOUNTS = Explanation(
    "iam.disableServiceAccountCreation",
    "the organisation forbids new service accounts in this project, and every datasource has one of its own",
    f"{_ADMIN} {_EXEMPT}: iam.disableServiceAccountCreation not enforced there. Or keep these data in another project",
)
_DOMAINS = Explanation(
    "iam.allowedPolicyMemberDomains",
    "the organisation lets only members of some domains into policies. Our member is a service account of the store's "
    "project, so the bucket's policy names somebody else already, or the bucket is another organisation's",
    f"look at the members of the bucket's policy (gcloud storage buckets get-iam-policy), or {_ADMIN} must allow the "
    "organisation of the project that the store names",
)
_LOCATIONS = Explanation(
    "gcp.resourceLocations",
    "the organisation does not allow buckets in this location",
    "give the store a `location` that is allowed",
)
_EXPIRY = Explanation(
    "iam.serviceAccountKeyExpiryHours",
    "the organisation lets keys of service accounts expire after some hours",
    "give the datasource a shorter `rotate_after` (days) and deploy that often, for example by a scheduled pipeline",
)
_ROLE = Explanation(
    "role marked for deletion",
    "a custom role of this name was deleted more than 7 days ago: its id is taken until 37 days are over",
    "wait, or give the store another name in the manifest: the role's id is made from it",
)
_UNIFORM = Explanation(
    "uniform bucket-level access",
    "a bucket with access control lists of objects takes no conditions, and without one a path cannot be bound",
    "switch uniform bucket-level access on (gcloud storage buckets update gs://BUCKET --uniform-bucket-level-access); "
    "look first who reaches objects by their lists only",
)
_OWN_BUCKET = "make such a bucket yourself, and name it with `create: false`"
_SERVICES = Explanation(
    "gcp.restrictServiceUsage",
    "the organisation does not let this project use Cloud Storage, or IAM",
    f"{_ADMIN} must allow storage.googleapis.com and iam.googleapis.com there. Or keep these data in another project",
)
_KMS = Explanation(
    "gcp.restrictNonCmekServices",
    "the organisation wants buckets to be encrypted with a key of yours (Cloud KMS), and ours have none",
    f"{_OWN_BUCKET}: its default key is set by whoever owns it, and Cloud Storage's service agent must be let in",
)
_SOFT_DELETE = Explanation(
    "storage.softDeletePolicySeconds",
    "the organisation says how long deleted objects are kept, and ours have Google's own 7 days",
    f"{_OWN_BUCKET}: gcloud storage buckets create gs://BUCKET --soft-delete-duration=...",
)
_RETENTION = Explanation(
    "storage.retentionPolicySeconds",
    "the organisation wants buckets with a retention policy, under which nothing is changed or deleted",
    f"for INPUT {_OWN_BUCKET}; for LIGHTLY, which overwrites and deletes its own files, keep another kind of store or "
    "another project",
)
_HMAC = "of service accounts, Lightly is registered with a key file; nothing of ours makes or uses HMAC keys"
_SATISFIED = {
    **dict.fromkeys(
        ("storage.uniformBucketLevelAccess", "storage.bucketPolicyOnly"),
        (
            "a bucket without uniform bucket-level access is refused. Ours have it, so this one is yours, or "
            "was changed",
            "gcloud storage buckets update gs://BUCKET --uniform-bucket-level-access (look first who reaches "
            "objects by "
            "their lists only), then run `pulumi up --refresh`",
        ),
    ),
    "storage.publicAccessPrevention": (
        "a bucket that may be public, or a member that is everybody, is refused. Ours are never public, so "
        "this bucket or "
        "member is yours, or was changed",
        "gcloud storage buckets update gs://BUCKET --public-access-prevention, take allUsers and allAuthenticatedUsers "
        "out of its policy, then run `pulumi up --refresh`",
    ),
    "storage.secureHttpTransport": (
        "plain http is refused. Lightly and we ask over https alone, so something between asks otherwise",
        "look at STORAGE_EMULATOR_HOST and at a proxy that speaks http to Google",
    ),
    "gcp.restrictTLSVersion": (
        "an old version of TLS is refused. What we use speaks TLS 1.2 and newer, so something between does not",
        "look at the proxy between here and Google",
    ),
    "storage.restrictAuthTypes": (
        f"signing with HMAC keys is refused: {_HMAC}",
        "the refused request is another tool's: give it a service account's own credentials",
    ),
    "iam.disableServiceAccountKeyUpload": (
        "uploading a public key for a service account is refused. We let Google make keys and upload none",
        "the refused request is another program's: take the uploaded key out of it",
    ),
}
"""Constraints that what we make satisfies: whoever is refused by them is no resource of ours as we made it, and no
exemption is needed (https://cloud.google.com/storage/docs/org-policy-constraints)."""
_CONSTRAINTS = {
    each.name: each
    for each in (_KEYS, _ACCOUNTS, _DOMAINS, _LOCATIONS, _EXPIRY, _SERVICES, _KMS, _SOFT_DELETE, _RETENTION)
}
_SENTENCES = {
    r"(?i)requires? uniform bucket-level access|must have uniform bucket-level access": Explanation(
        "storage.uniformBucketLevelAccess", *_SATISFIED["storage.uniformBucketLevelAccess"]
    ),
    r"allUsers and allAuthenticatedUsers are not allowed since public access prevention": Explanation(
        "storage.publicAccessPrevention", *_SATISFIED["storage.publicAccessPrevention"]
    ),
    r"Key creation is not allowed on this service account": _KEYS,
    r"Service account creation is not allowed on this project": _ACCOUNTS,
    r"named in the policy do not belong to a permitted customer": _DOMAINS,
    r"You can't create a role_id \([\w.]+\) which has been marked for deletion": _ROLE,
    r"To add an IAM condition to a bucket's policy, you must enable uniform bucket-level access": _UNIFORM,
}
"""Google's sentences, for outputs that leave the name out
(https://cloud.google.com/knowledge/kb/organization-policy-violation-when-setting-iam-policy-000004666,
https://github.com/DataBiosphere/azul/issues/4390)."""
