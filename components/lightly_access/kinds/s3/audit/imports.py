"""A role of AWS as an import takes it over."""

from collections.abc import Iterator

from lightly_access.audit.imports import Spec, provider_version
from lightly_access.audit.registered import Registered
from lightly_access.kinds.s3.audit.facts import Attached, Holder
from lightly_access.naming import access_name


def obstacle(holder: Holder) -> str | None:
    """Why a deployment could not take it over; None when it can.

    Our component has one inline policy. Managed ones the provider takes off a role before it deletes it. A user is not
    replaced but renamed: it keeps its old groups until the new ones are verified, and verifying fails because of
    the old ones (tried with Pulumi's engine 3.260).
    """
    if holder.kind == "user":
        return f"let the deployment make a new user; delete {holder.title}, its key and its policies afterwards"
    count = len(_inline(holder))
    return None if count == 1 else f"{holder.title} has {count} inline policies, and can be taken over with one"


def _inline(holder: Holder) -> list[Attached]:
    return [policy for policy in holder.policies if policy.kind == "inline"]


def imports(dataset: str, registered: Registered, holder: Holder) -> Iterator[Spec]:
    """A role with its policy. None with an obstacle."""
    if obstacle(holder):
        return
    name, (policy,) = access_name(dataset, registered.purpose), _inline(holder)
    child = {"parent": name, **provider_version("pulumi-aws")}
    yield {"type": "lightly-access:aws:S3DelegatedAccess", "name": name, "component": True}
    yield {"type": "aws:iam/role:Role", "name": f"{name}-role", "id": holder.name, **child}
    id = f"{holder.name}:{policy.name}"
    yield {"type": "aws:iam/rolePolicy:RolePolicy", "name": f"{name}-policy", "id": id, **child}
