"""What exists, as an import file for Pulumi: types, names and parents as our components have them, and the cloud's ids.

`pulumi import --file` takes components too (`component: true`), so that each resource has the parent that the program
gives it. https://www.pulumi.com/docs/iac/guides/migration/import/
"""

from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from lightly_access.discovery.aws.facts import Holder
from lightly_access.discovery.gcp.facts import GcpFacts
from lightly_access.discovery.registered import Registered

Spec = dict[str, Any]


def access_name(dataset: str, registered: Registered) -> str:
    """The name of an access in a stack, as `declaring.access_name` makes it (which imports Pulumi)."""
    return f"{dataset}-{registered.purpose.lower()}-access"


def import_file(specs: Iterable[Spec]) -> dict[str, Any] | None:
    """The file; None when nothing can be imported."""
    resources = list(specs)
    return {"resources": resources} if resources else None


def aws_imports(dataset: str, registered: Registered, holder: Holder) -> Iterator[Spec]:
    """A role with its inline policy; or a user with its key and the groups that only it needs.

    What a policy directly on a user is, our components do not have: it stays where it is.
    """
    name = access_name(dataset, registered)
    kind = "S3DelegatedAccess" if holder.kind == "role" else "S3UserAccess"
    yield {"type": f"lightly-access:aws:{kind}", "name": name, "component": True}

    def child(type: str, suffix: str, id: str) -> Spec:
        spec = {"type": type, "name": f"{name}-{suffix}", "id": id, "parent": name}
        return spec | _version("pulumi-aws")

    yield child(f"aws:iam/{holder.kind}:{holder.kind.title()}", holder.kind, holder.name)
    if holder.kind == "role":
        inline = [it for it in holder.policies if it.kind == "inline"]
        if len(inline) == 1:
            yield child("aws:iam/rolePolicy:RolePolicy", "policy", f"{holder.name}:{inline[0].name}")
        return
    if len(holder.groups) == 1:
        (group,) = holder.groups
        yield child("aws:iam/group:Group", "group", group)
        inline = [it for it in holder.policies if it.kind == "inline" and it.holder == f"group {group}"]
        if len(inline) == 1:
            yield child("aws:iam/groupPolicy:GroupPolicy", "policy", f"{group}:{inline[0].name}")
        yield child("aws:iam/userGroupMembership:UserGroupMembership", "member", f"{holder.name}/{group}")


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
