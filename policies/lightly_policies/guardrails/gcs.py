"""Rules on Google Cloud Storage and on the service accounts that Lightly gets.

Not a rule, because Lightly cannot do without: CIS 1.5 (no keys for service accounts). `key-age` and a service account
for each datasource stand in for it.
"""

import json
from collections.abc import Iterator

from lightly_policies.guardrails.rule import Found, each, resource_rule, stack_rule
from lightly_policies.guardrails.view import Resource, Stack

BUCKET = "gcp:storage/bucket:Bucket"
ACCOUNT = "gcp:serviceaccount/account:Account"
KEY = "gcp:serviceaccount/key:Key"
_CIS = "https://github.com/prowler-cloud/prowler"
_ANYONE = ("allUsers", "allAuthenticatedUsers")
_MEMBERS = (
    "gcp:storage/bucketIAMMember:BucketIAMMember",
    "gcp:storage/bucketIAMBinding:BucketIAMBinding",
    "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
    "gcp:storage/bucketAccessControl:BucketAccessControl",
    "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
    "gcp:storage/objectAccessControl:ObjectAccessControl",
)
_PROJECT = (
    "gcp:projects/iAMMember:IAMMember",
    "gcp:projects/iAMBinding:IAMBinding",
    "gcp:projects/iAMPolicy:IAMPolicy",
    "gcp:folder/iAMMember:IAMMember",
    "gcp:folder/iAMBinding:IAMBinding",
    "gcp:organizations/iAMMember:IAMMember",
    "gcp:organizations/iAMBinding:IAMBinding",
)
DATASOURCE = "lightly:index:Datasource"
_MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
_CUSTOM = "gcp:projects/iAMCustomRole:IAMCustomRole"
_READ_ROLES = (
    "roles/storage.objectViewer",
    "roles/storage.legacyObjectReader",
    "roles/storage.legacyBucketReader",
)
_READS = frozenset({"storage.objects.get", "storage.objects.list", "storage.buckets.get"})
_TOO_WIDE = (
    "roles/owner",
    "roles/editor",
    "roles/iam.serviceAccountUser",
    "roles/iam.serviceAccountTokenCreator",
)


@resource_rule(
    "gcs-uniform-access",
    types=(BUCKET,),
    level="mandatory",
    severity="high",
    fix='set uniformBucketLevelAccess to true and publicAccessPrevention to "enforced"',
    source=_CIS,
    controls=("CIS GCP 5.0: 5.2",),
)
def uniform_access(bucket: Resource) -> Iterator[str]:
    """A bucket has no ACLs, and cannot become public."""
    if bucket.get("uniformBucketLevelAccess") is not True:
        yield "uniformBucketLevelAccess is not true"
    if bucket.get("publicAccessPrevention") != "enforced":
        yield f"publicAccessPrevention is {bucket.get('publicAccessPrevention')}, expected enforced"


@resource_rule(
    "gcs-no-public-members",
    types=_MEMBERS,
    level="mandatory",
    severity="critical",
    fix="name the accounts that may use the bucket",
    source=_CIS,
    controls=("CIS GCP 5.0: 5.1",),
)
def no_public_members(grant: Resource) -> Iterator[str]:
    """No bucket or object is granted to everyone."""
    for member in _members(grant):
        if member in _ANYONE:
            yield f"it grants {grant.get('role') or 'access'} to {member}"


def _members(grant: Resource) -> Iterator[str]:
    written = [grant.get(name) for name in ("member", "entity", "members")]
    try:
        bindings = json.loads(grant.text("policyData") or "{}")["bindings"]
        written += [binding["members"] for binding in bindings]
    except (ValueError, KeyError, TypeError):
        pass  # no policy: the provider refuses it
    for members in written:
        yield from (
            member for member in (members if isinstance(members, list) else [members]) if isinstance(member, str)
        )


@stack_rule(
    "gcp-no-project-grants",
    level="mandatory",
    severity="high",
    fix="grant on the bucket, by gcp.storage.BucketIAMMember with a condition on the path",
    source=_CIS,
    controls=("CIS GCP 5.0: 1.6", "CIS GCP 5.0: 1.7"),
)
def no_project_grants(stack: Stack) -> Iterator[Found]:
    """No service account of a stack gets storage, administration or impersonation for a whole project."""
    accounts = [account for account in stack.of(ACCOUNT) if not account.read]

    def check(grant: Resource) -> Iterator[str]:
        role = grant.text("role")
        ours = [account.name for account in accounts if _to(grant, account)]
        lightlys = [name for name in ours if "lightly" in name.lower()]
        robots = bool(ours) or any("serviceAccount:" in member for member in _members(grant))
        wide = role in _TOO_WIDE or role.startswith("roles/storage.")
        if lightlys or (wide and robots):
            whom = ", ".join(ours) or "a service account"
            yield f"it grants {role or 'a policy'} to {whom} for more than a bucket"

    return each(stack.of(*_PROJECT), check)


def _to(grant: Resource, account: Resource) -> bool:
    """Whether a grant is for a service account: its member comes from it, or spells its email."""
    if any(account.urn in grant.made_from(name) for name in ("member", "members", "policyData")):
        return True
    email = account.text("email") if account.knows("email") else ""
    return bool(email) and f"serviceAccount:{email}" in list(_members(grant))


@stack_rule(
    "gcs-input-never-writes",
    level="mandatory",
    severity="high",
    fix="grant INPUT storage.objects.get and storage.objects.list only, by a service account of its own",
    source="https://docs.lightly.ai/docs/cloud-storage",
)
def input_never_writes(stack: Stack) -> Iterator[Found]:
    """The service account of an INPUT can list and read, and nothing else."""
    readers = [account for account in stack.of(ACCOUNT) if _is_input(stack, account)]
    grants = [grant for grant in stack.of(_MEMBER) if any(_to(grant, reader) for reader in readers)]

    def check(grant: Resource) -> Iterator[str]:
        custom = [role for role in stack.of(_CUSTOM) if role.urn in grant.made_from("role")]
        for role in custom:
            more = sorted(set(map(str, role.get("permissions") or ())) - _READS)
            if more:
                yield f"{role.name} allows INPUT {', '.join(more)}"
        if not custom and grant.text("role") not in _READ_ROLES:
            yield f"it grants INPUT {grant.text('role')}"

    return each(grants, check)


def _is_input(stack: Stack, account: Resource) -> bool:
    """Whether a Datasource for INPUT uses its key; where none uses it, whether its name says so."""
    keys = {key.urn for key in stack.of(KEY) if account.urn in key.made_from("serviceAccountId")}
    purposes = {source.text("purpose") for source in stack.of(DATASOURCE) if keys & source.made_from("credentials")}
    if purposes:
        return "INPUT" in purposes
    name = account.name.lower()
    return "lightly" in name and "input" in name
