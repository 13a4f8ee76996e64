"""What whoever deploys must be allowed to do in Azure and in Google Cloud, and what for.

These are the permissions that the local clouds counted while a stack with every feature was deployed, changed, mended
and destroyed; a test compares. Another test does it as a service account or a managed identity that has these and
nothing else. The real providers may read more.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

_STORAGE = "Microsoft.Storage/storageAccounts"
_GROUPS = "Microsoft.Resources/subscriptions/resourceGroups"
_ACCOUNT_MADE, _CONTAINER_MADE = "`create_account: true`", "`create: true`"
_SAS, _DELEGATED, _PLACEHOLDER = "`access: sas`", "`sas: user_delegation`", "directories"
_BUCKET_MADE, _KEY = "`create: true`", "`access: service_account`"


@dataclass(frozen=True, slots=True)
class Need:
    """A permission, the features that need it, where it is enough to grant it, and why."""

    permission: str
    features: str
    where: str
    why: str


def needed(table: Iterable[Need], features: Collection[str]) -> tuple[Need, ...]:
    """Those that one of the features needs, named as in the tables, without their quotes: `create: true`."""
    return tuple(need for need in table if not set(need.features.replace("`", "").split(", ")).isdisjoint(features))


AZURE = (
    Need(f"{_GROUPS}/read", _ACCOUNT_MADE, "the subscription", "the resource group: compared"),
    Need(f"{_GROUPS}/write", _ACCOUNT_MADE, "the subscription", "made, tagged"),
    Need(f"{_GROUPS}/delete", _ACCOUNT_MADE, "the resource group", "removed"),
    Need(f"{_STORAGE}/read", "every store", "the account", "where its blobs are served, whether it is hierarchical"),
    Need(f"{_STORAGE}/write", _ACCOUNT_MADE, "the resource group", "the account: made, hardened, tagged, mended"),
    Need(f"{_STORAGE}/delete", _ACCOUNT_MADE, "the resource group", "removed"),
    Need(f"{_STORAGE}/blobServices/read", _ACCOUNT_MADE, "the account", "soft delete: compared"),
    Need(f"{_STORAGE}/blobServices/write", _ACCOUNT_MADE, "the account", "soft delete: set, mended, taken back"),
    Need(f"{_STORAGE}/blobServices/containers/read", _CONTAINER_MADE, "the account", "compared; never one of yours"),
    Need(f"{_STORAGE}/blobServices/containers/write", _CONTAINER_MADE, "the account", "made"),
    Need(f"{_STORAGE}/blobServices/containers/delete", _CONTAINER_MADE, "the account", "removed"),
    Need(
        f"{_STORAGE}/listKeys/action",
        f"{_SAS}, {_PLACEHOLDER}",
        "the account",
        "stored access policies and placeholders are written with the account's key, which may do everything in the "
        "account: an account of its own for Lightly bounds that",
    ),
)
"""Actions of Azure RBAC."""

AZURE_READS = (
    *(need for need in AZURE if need.permission.endswith("/read")),
    Need(f"{_STORAGE}/blobServices/containers/read", "every store", "the account", "`verify`: whether it is public"),
    Need(
        "Microsoft.Authorization/roleAssignments/read", "every store", "the account", "`verify`: who has a role there"
    ),
)
"""The same of a login that only reads: what needs the account's key, which writes too, is not among them."""

AZURE_DATA = (
    Need("GetContainerAcl", _SAS, "the account's key", "the stored access policies that are there stay as they are"),
    Need("SetContainerAcl", _SAS, "the account's key", "one is added, replaced or dropped: that revokes its token"),
    Need("PutBlob", _PLACEHOLDER, "the account's key", "the empty blob that stands for a directory"),
    Need("GetBlobProperties", _PLACEHOLDER, "the account's key", "compared"),
    Need("DeleteBlob", _PLACEHOLDER, "the account's key", "removed"),
    Need(
        "GetUserDelegationKey",
        _DELEGATED,
        "the login's roles Storage Blob Delegator, and Storage Blob Data Reader or Contributor",
        "signs the token; a token can do no more than the login that signed it",
    ),
)
"""Calls of the blob service, and what admits them."""

GOOGLE = (
    Need("storage.buckets.create", _BUCKET_MADE, "the project", "made"),
    Need("storage.buckets.get", _BUCKET_MADE, "the project", "compared; never one of yours"),
    Need("storage.buckets.update", _BUCKET_MADE, "the project", "labels, versions and lifecycle: changed, mended"),
    Need("storage.buckets.delete", _BUCKET_MADE, "the project", "removed, when it is empty"),
    Need(
        "storage.objects.list",
        _BUCKET_MADE,
        "the bucket",
        "looked into before it goes: what is not ours keeps it, or with `force_destroy: true` goes with it",
    ),
    Need("storage.objects.create", _PLACEHOLDER, "the bucket", "the object that stands for a directory"),
    Need("storage.objects.get", _PLACEHOLDER, "the bucket", "compared"),
    Need(
        "storage.objects.delete",
        f"{_PLACEHOLDER}, {_BUCKET_MADE}",
        "the bucket",
        "removed: placeholders, and before the bucket the old versions of our own files; with `force_destroy: "
        "true` all",
    ),
    Need("storage.buckets.getIamPolicy", _KEY, "the bucket", "one binding beside all others, which stay as they are"),
    Need(
        "storage.buckets.setIamPolicy",
        _KEY,
        "the bucket",
        "the same; whoever has it may grant the bucket to anybody, and Cloud Storage has no narrower right",
    ),
    Need("iam.serviceAccounts.create", _KEY, "the project", "made"),
    Need("iam.serviceAccounts.get", _KEY, "the project", "compared"),
    Need("iam.serviceAccounts.delete", _KEY, "the project", "removed"),
    Need("iam.serviceAccountKeys.create", _KEY, "the project", "made, and replaced period by period"),
    Need("iam.serviceAccountKeys.get", _KEY, "the project", "compared"),
    Need("iam.serviceAccountKeys.delete", _KEY, "the project", "removed when its successor was verified"),
    Need("iam.roles.create", _KEY, "the project", "the two custom roles, INPUT and LIGHTLY"),
    Need("iam.roles.get", _KEY, "the project", "compared"),
    Need("iam.roles.update", _KEY, "the project", "mended"),
    Need("iam.roles.delete", _KEY, "the project", "removed"),
)
"""Permissions of Google Cloud's IAM."""

GOOGLE_READS = (
    *(need for need in GOOGLE if need.permission.endswith((".get", ".getIamPolicy"))),
    Need("storage.buckets.get", _KEY, "the bucket", "`verify`: whether it is public"),
    Need("iam.serviceAccountKeys.list", _KEY, "the project", "`verify`: keys beside ours"),
    Need("resourcemanager.projects.getIamPolicy", _KEY, "the project", "`verify`: what others granted on all of it"),
)
"""The same of a login that only reads."""
