"""What exists, as an import file for Pulumi: types, names and parents as our components have them, and the cloud's ids.

`pulumi import --file` takes components too (`component: true`), so that each resource has the parent that the program
gives it. https://www.pulumi.com/docs/iac/guides/migration/import/
"""

from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from lightly_access.audit.registered import Registered
from lightly_access.kinds.gcs.audit.facts import GcpFacts
from lightly_access.kinds.s3.audit.facts import Holder

Spec = dict[str, Any]


def access_name(dataset: str, registered: Registered) -> str:
    """The name of an access in a stack, as `declaring.access_name` makes it (which imports Pulumi)."""
    return f"{dataset}-{registered.purpose.lower()}-access"


def import_file(specs: Iterable[Spec]) -> dict[str, Any] | None:
    """The file; None when nothing can be imported."""
    resources = list(specs)
    return {"resources": resources} if resources else None


def aws_obstacle(holder: Holder) -> str | None:
    """Why a deployment could not take it over; None when it can.

    AWS deletes no role that still has policies which no state knows, and our component has one inline policy. A user
    is not replaced but renamed: it keeps its old groups until the new ones are verified, and verifying fails because of
    the old ones (tried with Pulumi's engine 3.260).
    """
    if holder.kind == "user":
        return f"let the deployment make a new user; delete {holder.title}, its key and its policies afterwards"
    managed = [it.name for it in holder.policies if it.kind == "managed"]
    if managed:
        return f"{holder.title} has managed policies ({', '.join(managed)}), which would keep it from being deleted"
    count = len(holder.policies)
    return None if count == 1 else f"{holder.title} has {count} inline policies, and can be taken over with one"


def aws_imports(dataset: str, registered: Registered, holder: Holder) -> Iterator[Spec]:
    """A role with its policy. None with an obstacle."""
    if aws_obstacle(holder):
        return
    name, (policy,) = access_name(dataset, registered), holder.policies
    child = {"parent": name, **_version("pulumi-aws")}
    yield {"type": "lightly-access:aws:S3DelegatedAccess", "name": name, "component": True}
    yield {"type": "aws:iam/role:Role", "name": f"{name}-role", "id": holder.name, **child}
    id = f"{holder.name}:{policy.name}"
    yield {"type": "aws:iam/rolePolicy:RolePolicy", "name": f"{name}-policy", "id": id, **child}


def gcp_imports(dataset: str, registered: Registered, facts: GcpFacts) -> Iterator[Spec]:
    """The service account and its binding. A key cannot be imported: nobody can read its private half again."""
    if facts.account is None:
        return
    name = access_name(dataset, registered)
    yield {"type": "lightly-access:gcp:GcsServiceAccountAccess", "name": name, "component": True}
    account = f"projects/{facts.account.project}/serviceAccounts/{facts.account.email}"
    child = {"parent": name, **_version("pulumi-gcp")}
    yield {"type": "gcp:serviceaccount/account:Account", "name": f"{name}-account", "id": account, **child}
    mine = [it for it in facts.bindings if it.bucket and facts.account.member in it.members]
    if len(mine) == 1:
        (bound,) = mine
        parts = (f"b/{bound.bucket}", bound.role, facts.account.member)
        id = " ".join((*parts, bound.condition.title) if bound.condition else parts)
        yield {"type": "gcp:storage/bucketIAMMember:BucketIAMMember", "name": f"{name}-binding", "id": id, **child}


def _version(package: str) -> dict[str, str]:
    """The provider's version, so that the import uses the provider that the program will."""
    try:
        return {"version": version(package)}
    except PackageNotFoundError:
        return {}
