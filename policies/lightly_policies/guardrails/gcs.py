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
_BINDINGS = (
    "gcp:storage/bucketIAMMember:BucketIAMMember",
    "gcp:storage/bucketIAMBinding:BucketIAMBinding",
    "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
    "gcp:storage/managedFolderIamMember:ManagedFolderIamMember",
    "gcp:storage/managedFolderIamBinding:ManagedFolderIamBinding",
    "gcp:storage/managedFolderIamPolicy:ManagedFolderIamPolicy",
)
_MEMBERS = (
    *_BINDINGS,
    "gcp:storage/bucketAccessControl:BucketAccessControl",
    "gcp:storage/bucketACL:BucketACL",
    "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
    "gcp:storage/defaultObjectACL:DefaultObjectACL",
    "gcp:storage/objectAccessControl:ObjectAccessControl",
    "gcp:storage/objectACL:ObjectACL",
)
_PREDEFINED = {
    "publicRead": "allUsers",
    "publicReadWrite": "allUsers",
    "authenticatedRead": "allAuthenticatedUsers",
}
"""Whom a predefined ACL lets in: https://cloud.google.com/storage/docs/access-control/lists#predefined-acl"""
_PROJECT = (
    "gcp:projects/iAMMember:IAMMember",
    "gcp:projects/iAMBinding:IAMBinding",
    "gcp:projects/iAMPolicy:IAMPolicy",
    "gcp:folder/iAMMember:IAMMember",
    "gcp:folder/iAMBinding:IAMBinding",
    "gcp:folder/iAMPolicy:IAMPolicy",
    "gcp:organizations/iAMMember:IAMMember",
    "gcp:organizations/iAMBinding:IAMBinding",
    "gcp:organizations/iAMPolicy:IAMPolicy",
)
_ON_ACCOUNTS = (
    "gcp:serviceaccount/iAMMember:IAMMember",
    "gcp:serviceaccount/iAMBinding:IAMBinding",
    "gcp:serviceaccount/iAMPolicy:IAMPolicy",
)
"""What lets somebody be, or manage, another service account."""
DATASOURCE = "lightly:index:Datasource"
_CUSTOM = "gcp:projects/iAMCustomRole:IAMCustomRole"
_READ_ROLES = (
    "roles/storage.objectViewer",
    "roles/storage.legacyObjectReader",
    "roles/storage.legacyBucketReader",
)
_READS = frozenset({"storage.objects.get", "storage.objects.list", "storage.buckets.get"})
_DATA_ROLES = (*_READ_ROLES, "roles/storage.objectCreator", "roles/storage.objectUser")
_DATA = _READS | {f"storage.objects.{what}" for what in ("create", "delete", "update")}
"""What Lightly needs to read and write: https://docs.lightly.ai/docs/google-cloud-storage"""
_TOO_WIDE = (
    "roles/owner",
    "roles/editor",
    "roles/iam.serviceAccountUser",
    "roles/iam.serviceAccountTokenCreator",
    "roles/iam.serviceAccountOpenIdTokenCreator",
    "roles/iam.workloadIdentityUser",
)
_IMPERSONATES = frozenset(
    {"iam.serviceAccountKeys.create"}
    | {f"iam.serviceAccounts.{what}" for what in ("actAs", "getAccessToken", "getOpenIdToken", "implicitDelegation")}
    | {f"iam.serviceAccounts.{what}" for what in ("signBlob", "signJwt")}
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
    """Everybody to whom it grants something."""
    for _, members in _bindings(grant):
        yield from members
    listed = grant.get("roleEntities")
    for entity in listed if isinstance(listed, list) else ():
        yield str(entity).partition(":")[2]
    yield from filter(None, [_PREDEFINED.get(grant.text("predefinedAcl"))])


def _bindings(grant: Resource) -> Iterator[tuple[str, list[str]]]:
    """Each role that it grants, and to whom; a role of an ACL too."""
    written = [(grant.text("role"), grant.get(name)) for name in ("member", "entity", "members")]
    try:
        bindings = json.loads(grant.text("policyData") or "{}").get("bindings", [])
        written += [(str(binding["role"]), binding["members"]) for binding in bindings]
    except (ValueError, KeyError, TypeError, AttributeError):
        pass  # no policy: the provider refuses it
    for role, members in written:
        named = [each for each in (members if isinstance(members, list) else [members]) if isinstance(each, str)]
        if named:
            yield role, named


@stack_rule(
    "gcp-no-project-grants",
    level="mandatory",
    severity="high",
    fix="grant on the bucket, by gcp.storage.BucketIAMMember with a condition on the path",
    source=_CIS,
    controls=("CIS GCP 5.0: 1.6", "CIS GCP 5.0: 1.7"),
)
def no_project_grants(stack: Stack) -> Iterator[Found]:
    """No service account gets storage, administration or impersonation for a project; Lightly's get buckets only."""
    accounts = [account for account in stack.of(ACCOUNT) if not account.read]

    def check(grant: Resource) -> Iterator[str]:
        ours = [account for account in accounts if _to(grant, account)]
        lightlys = [account.name for account in ours if "lightly" in account.name.lower() or _purposes(stack, account)]
        for role, members in _bindings(grant):
            whom = [account for account in ours if _named(account, members) or not grant.get("policyData")]
            robots = bool(whom) or any("serviceAccount:" in member for member in members)
            wide = grant.type in _PROJECT and (
                _wide(role) or any(_wide_permissions(own) for own in _custom(stack, grant, role))
            )
            if any(account.name in lightlys for account in whom) or (wide and robots):
                named = ", ".join(account.name for account in whom) or "a service account"
                yield f"it grants {role or 'a policy'} to {named} for more than a bucket"

    return each(stack.of(*_PROJECT, *_ON_ACCOUNTS), check)


def _wide(role: str) -> bool:
    """Whether a predefined role is about storage, administers something, or lets somebody be another account."""
    return role in _TOO_WIDE or role.startswith("roles/storage.") or role.lower().endswith("admin")


def _wide_permissions(role: Resource) -> bool:
    """The same of a custom role."""
    permissions = map(str, role.get("permissions") or ())
    return any(
        each.startswith("storage.") or each.endswith(".setIamPolicy") or each in _IMPERSONATES for each in permissions
    )


def _custom(stack: Stack, grant: Resource, role: str) -> list[Resource]:
    """The custom roles of the stack that a grant gives."""
    found = stack.of(_CUSTOM)
    return [own for own in found if own.urn in grant.made_from("role") or (role and role == own.get("name"))]


def _to(grant: Resource, account: Resource) -> bool:
    """Whether a grant is for a service account: its member comes from it, or spells its email."""
    if any(account.urn in grant.made_from(name) for name in ("member", "members", "policyData")):
        return True
    return _named(account, list(_members(grant)))


def _named(account: Resource, members: list[str]) -> bool:
    """Whether its email is among them; Google ignores the case."""
    email = account.text("email") if account.knows("email") else ""
    return bool(email) and f"serviceaccount:{email}".lower() in {member.lower() for member in members}


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
    return _more_than(stack, readers, "INPUT", _READS, _READ_ROLES)


@stack_rule(
    "gcs-data-only",
    level="mandatory",
    severity="high",
    fix="grant storage.objects.get, list, create, delete and update only: who may set a policy may have every right",
    source="https://docs.lightly.ai/docs/google-cloud-storage",
)
def data_only(stack: Stack) -> Iterator[Found]:
    """What Lightly uses on Google Cloud can list, read, write and delete objects, and nothing else."""
    accounts = [account for account in stack.of(ACCOUNT) if _purposes(stack, account) and not _is_input(stack, account)]
    return _more_than(stack, accounts, "Lightly", _DATA, _DATA_ROLES)


def _more_than(
    stack: Stack, accounts: list[Resource], whom: str, permissions: frozenset[str], roles: tuple[str, ...]
) -> Iterator[Found]:
    """What grants on buckets give to these accounts beside the permissions and the predefined roles."""
    grants = [grant for grant in stack.of(*_BINDINGS) if any(_to(grant, account) for account in accounts)]

    def check(grant: Resource) -> Iterator[str]:
        for role, members in _bindings(grant) if grant.get("policyData") else [(grant.text("role"), [])]:
            if members and not any(_named(account, members) for account in accounts):
                continue
            custom = _custom(stack, grant, role)
            for own in custom:
                if more := sorted(set(map(str, own.get("permissions") or ())) - permissions):
                    yield f"{own.name} allows {whom} {', '.join(more)}"
            if not custom and role not in roles:
                yield f"it grants {whom} {role}"

    return each(grants, check)


def _is_input(stack: Stack, account: Resource) -> bool:
    """Whether a Datasource for INPUT uses its key; where none uses it, whether its name says so."""
    purposes = _purposes(stack, account)
    if purposes:
        return "INPUT" in purposes
    name = account.name.lower()
    return "lightly" in name and "input" in name


def _purposes(stack: Stack, account: Resource) -> set[str]:
    """The purposes of the Datasources that use its key."""
    keys = {key.urn for key in stack.of(KEY) if account.urn in key.made_from("serviceAccountId")}
    return {source.text("purpose") for source in stack.of(DATASOURCE) if keys & source.made_from("credentials")}
