"""What somebody may do in Google Cloud."""

from collections.abc import Callable
from typing import Any

from lightly_sandbox.kinds.gcs.fixtures import administrator

from tests.stacks.changed.change import Change
from tests.stacks.changed.deployment import Deployment

PROJECT, FRAMES, HIVES = "acme-ml", "acme-frames", "acme-lightly-hives"
VIEWER = "roles/storage.objectViewer"


def _ask(deployment: Deployment, method: str, path: str, body: Any = None, **query: object) -> Any:
    with administrator(deployment.sandbox) as google:
        return google.ask(method, path, body, **query)


def _account(deployment: Deployment, purpose: str = "lightly") -> str:
    found = deployment.made("gcp:serviceaccount/account:Account", f"bees-{purpose}-access-account")
    return str(found["email"])


def _member(deployment: Deployment, purpose: str = "lightly") -> str:
    return f"serviceAccount:{_account(deployment, purpose)}"


def _key(deployment: Deployment) -> str:
    return str(deployment.made("gcp:serviceaccount/key:Key", "bees-lightly-access-key")["name"])


def _role(deployment: Deployment) -> str:
    return str(deployment.made("gcp:projects/iAMCustomRole:IAMCustomRole", "hives-lightly-role")["name"])


def _bucket_policy(deployment: Deployment, bucket: str, change: Callable[[list[Any]], list[Any]]) -> None:
    policy = _ask(deployment, "GET", f"/storage/v1/b/{bucket}/iam", optionsRequestedPolicyVersion=3)
    policy["bindings"], policy["version"] = change(policy["bindings"]), 3
    _ask(deployment, "PUT", f"/storage/v1/b/{bucket}/iam", policy)


def _project_policy(deployment: Deployment, *bindings: Any) -> None:
    _ask(deployment, "POST", f"/v1/projects/{PROJECT}:setIamPolicy", {"policy": {"bindings": [*bindings]}})


def _bind(deployment: Deployment, bucket: str, member: str) -> None:
    _bucket_policy(deployment, bucket, lambda found: [*found, {"role": VIEWER, "members": [member]}])


def _unbind(deployment: Deployment, bucket: str, role: str) -> None:
    _bucket_policy(deployment, bucket, lambda found: [each for each in found if each["role"] != role])


def _prevention(deployment: Deployment, value: str) -> None:
    settings = {"iamConfiguration": {"publicAccessPrevention": value}}
    _ask(deployment, "PATCH", f"/storage/v1/b/{HIVES}", settings)


def _publish(deployment: Deployment) -> None:
    _prevention(deployment, "inherited")
    _bind(deployment, HIVES, "allUsers")


def _permissions(deployment: Deployment, change: Callable[[list[str]], list[str]]) -> None:
    role = _role(deployment)
    found = _ask(deployment, "GET", f"/v1/{role}")["includedPermissions"]
    body = {"includedPermissions": change(found)}
    _ask(deployment, "PATCH", f"/v1/{role}", body, updateMask="includedPermissions")


def _other_keys(deployment: Deployment) -> None:
    email = _account(deployment)
    listed = _ask(deployment, "GET", f"/v1/projects/{PROJECT}/serviceAccounts/{email}/keys")["keys"]
    for each in listed:
        if each["name"] != _key(deployment) and each.get("keyType", "USER_MANAGED") == "USER_MANAGED":
            _ask(deployment, "DELETE", f"/v1/{each['name']}")


def _delete_bucket(deployment: Deployment, bucket: str) -> None:
    with administrator(deployment.sandbox) as google:
        for each in google.listed(bucket):
            google.delete(bucket, each["name"])
        google.ask("DELETE", f"/storage/v1/b/{bucket}")


def _remake_frames(deployment: Deployment) -> None:
    uniform = {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"}
    settings = {"name": FRAMES, "location": "EUROPE-WEST3", "iamConfiguration": uniform}
    with administrator(deployment.sandbox) as google:
        google.ask("POST", "/storage/v1/b", settings, project=PROJECT)
        google.write(FRAMES, "hives/1.png", b"\x89PNG")


BESIDE = (
    Change(
        "gcs", "your bucket gives our account another role", "bees", "binding-beside",
        "gcloud storage buckets remove-iam-policy-binding", "leaves it",
        lambda d: _bind(d, FRAMES, _member(d, "input")), lambda d: _unbind(d, FRAMES, VIEWER),
    ),
    Change(
        "gcs", "the project gives our account a role", "bees", "binding-beside",
        f"gcloud projects remove-iam-policy-binding {PROJECT}", "leaves it",
        lambda d: _project_policy(d, {"role": VIEWER, "members": [_member(d)]}), lambda d: _project_policy(d),
    ),
    Change(
        "gcs", "our account gets another key", "bees", "key-beside", "gcloud iam service-accounts keys delete",
        "leaves it", lambda d: _ask(d, "POST", f"/v1/projects/{PROJECT}/serviceAccounts/{_account(d)}/keys", {}),
        _other_keys,
    ),
    Change(
        "gcs", "our bucket lets everyone in", "bees", "public-bucket", "remove the binding", "leaves it", _publish,
        lambda d: _unbind(d, HIVES, VIEWER),
    ),
    Change(
        "gcs", "public access of our bucket is not prevented any more", "bees", "public-possible", "--refresh",
        "puts it back", lambda d: _prevention(d, "inherited"),
    ),
    Change(
        "gcs", "our custom role is widened", "bees", "role-changed", "--refresh", "puts it back",
        lambda d: _permissions(d, lambda found: [*found, "storage.objects.getIamPolicy"]),
    ),
    Change(
        "gcs", "our key is disabled", "bees", "key-inactive", "keys enable", "leaves it",
        lambda d: _ask(d, "POST", f"/v1/{_key(d)}:disable", {}), lambda d: _ask(d, "POST", f"/v1/{_key(d)}:enable", {}),
    ),
)  # fmt: skip
GONE = (
    Change(
        "gcs", "our binding is removed", "bees", "gone: the binding", "--refresh", "makes it again",
        lambda d: _unbind(d, HIVES, _role(d)),
    ),
    Change(
        "gcs", "our key is deleted", "bees", "gone: key", "--refresh", "makes it again",
        lambda d: _ask(d, "DELETE", f"/v1/{_key(d)}"),
    ),
)  # fmt: skip
WHOLE = (
    Change(
        "gcs", "our service account is deleted", "bees", "gone: service account", "--refresh", "makes it again",
        lambda d: _ask(d, "DELETE", f"/v1/projects/{PROJECT}/serviceAccounts/{_account(d)}"),
    ),
)  # fmt: skip
MORE = (
    Change(
        "gcs", "our service account is disabled", "bees", "account-disabled", "--refresh", "puts it back",
        lambda d: _ask(d, "POST", f"/v1/projects/{PROJECT}/serviceAccounts/{_account(d)}:disable", {}),
    ),
    Change(
        "gcs", "our bucket is deleted", "bees", f"gone: bucket {HIVES}", "again, empty", "makes it again",
        lambda d: _delete_bucket(d, HIVES),
    ),
)  # fmt: skip
REFUSING = (
    Change(
        "gcs", "our custom role is deleted", "bees", "gone: role", "gcloud iam roles undelete", "fails, and says so",
        lambda d: _ask(d, "DELETE", f"/v1/{_role(d)}"), lambda d: _ask(d, "POST", f"/v1/{_role(d)}:undelete", {}),
        "gcloud iam roles undelete",
    ),
)  # fmt: skip
YOURS = (
    Change(
        "gcs", "your bucket is deleted", "bees", f"gone: bucket {FRAMES}", "make it again", "fails, and says so",
        lambda d: _delete_bucket(d, FRAMES), _remake_frames, f"there is no bucket {FRAMES}",
    ),
)  # fmt: skip
