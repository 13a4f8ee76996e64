"""A service account of Google Cloud as an import takes it over."""

from collections.abc import Iterator

from lightly_access.audit.imports import Spec, provider_version
from lightly_access.audit.registered import Registered
from lightly_access.kinds.gcs.audit.facts import GcpFacts
from lightly_access.naming import access_name


def imports(dataset: str, registered: Registered, facts: GcpFacts) -> Iterator[Spec]:
    """The service account and its binding. A key cannot be imported: nobody can read its private half again."""
    if facts.account is None:
        return
    name = access_name(dataset, registered.purpose)
    yield {"type": "lightly-access:gcp:GcsServiceAccountAccess", "name": name, "component": True}
    account = f"projects/{facts.account.project}/serviceAccounts/{facts.account.email}"
    child = {"parent": name, **provider_version("pulumi-gcp")}
    yield {"type": "gcp:serviceaccount/account:Account", "name": f"{name}-account", "id": account, **child}
    mine = [each for each in facts.bindings if each.bucket and facts.account.member in each.members]
    if len(mine) == 1:
        (bound,) = mine
        parts = (f"b/{bound.bucket}", bound.role, facts.account.member)
        id = " ".join((*parts, bound.condition.title) if bound.condition else parts)
        yield {"type": "gcp:storage/bucketIAMMember:BucketIAMMember", "name": f"{name}-binding", "id": id, **child}
