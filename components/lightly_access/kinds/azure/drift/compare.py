"""What was deployed, and what there is now -> what differs. Pure."""

from collections.abc import Iterator
from datetime import datetime

from lightly_policies.sas import StoredPolicy

from lightly_access.audit.finding import Finding, Severity
from lightly_access.drift.deployed import DeployedAccess, Resource
from lightly_access.drift.drift import REFUSED, gone
from lightly_access.kinds.azure.drift.facts import AccessFacts, Assignment
from lightly_access.kinds.azure.names import STORED_POLICY

SAS = "lightly:index:AzureSas"
CONTAINER, ACCOUNT = "azure-native:storage:BlobContainer", "azure-native:storage:StorageAccount"
_BACK = "`pulumi up --refresh` puts ours back"
_PUBLIC, _POLICY = "public-container", "policy-beside"


def differences(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    """All of one access, its container and its account."""
    account, container, purpose = deployed.location.account, deployed.location.bucket, str(deployed.purpose)
    for word, name in (("account", f"storage account {account}"), ("container", f"container {account}/{container}")):
        if word in facts.gone:
            ours = "`pulumi up --refresh` makes it again, empty"
            yield gone(name, name, purpose, ours if _made(deployed) else "make it again, or name another store")
            return
    yield from _account(deployed, facts)
    if facts.public not in (None, "None"):
        what = f"everyone may read it (public access: {facts.public})"
        fix = f"az storage container set-permission --account-name {account} --name {container} --public-access off"
        where = f"container {account}/{container}"
        yield Finding(Severity.CRITICAL, _PUBLIC, what, where, "no token is needed", fix, purpose)
    yield from _policies(deployed, facts)
    yield from _assignments(deployed, facts)


def open_before(deployed: DeployedAccess, finding: Finding) -> bool:
    """Whether it is about a store that is not ours, and may have stood so before us."""
    return finding.rule in (_PUBLIC, _POLICY) and not _made(deployed)


def _account(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    if facts.account is None:
        return
    where, purpose = f"storage account {deployed.location.account}", str(deployed.purpose)
    if facts.account.get("allowSharedKeyAccess") is False and _stored(deployed):
        what = "it forbids its keys (allowSharedKeyAccess: false), and a token of a stored policy is signed with one"
        # A refresh cannot read stored policies either, so that `pulumi up` is no way out.
        name = deployed.location.account
        fix = f"az storage account update --name {name} --allow-shared-key-access true, or `sas: user_delegation`"
        yield Finding(Severity.HIGH, "shared-key-off", what, where, REFUSED, fix, purpose)
    if facts.account.get("allowBlobPublicAccess") and _own_account(deployed):
        what, why = "containers of it may be public (allowBlobPublicAccess)", "one setting too many makes one public"
        yield Finding(Severity.HIGH, "public-possible", what, where, why, _BACK, purpose)


def _policies(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    if facts.policies is None:
        return
    account, container, purpose = deployed.location.account, deployed.location.bucket, str(deployed.purpose)
    where, there = f"container {account}/{container}", {policy.id: policy for policy in facts.policies}
    for sas in _stored(deployed)[:1]:
        name = sas.text("policy")
        found = there.get(name)
        if found is None:
            yield gone(f"stored policy {name}", where, purpose)
        elif wrong := _changed(sas, found):
            what, why = f"stored policy {name} is not as we wrote it: {wrong}", "the token can do what its policy says"
            yield Finding(Severity.HIGH, "policy-changed", what, where, why, _BACK, purpose)
    # A container serves several datasets of a stack: their policies are ours, too.
    here = (account, container)
    ours = {each.text("policy") for each in deployed.anywhere(SAS) if _place(each) == here}
    for policy in (each for each in facts.policies if each.id not in ours):
        what = f"stored policy {policy.id} (permissions {policy.permissions or 'none'}) is none of this stack's"
        why = "whoever has a token of it gets in, and no rotation ends that"
        fix = f"az storage container policy delete --account-name {account} -c {container} -n {policy.id}"
        yield Finding(Severity.HIGH, _POLICY, what, where, why, fix, purpose)


def _changed(sas: Resource, found: StoredPolicy) -> str:
    """In words; empty where it is as it was written."""
    wrong = []
    if found.permissions != sas.text("permissions"):
        wrong.append(f"permissions {found.permissions or 'none'}, expected {sas.text('permissions')}")
    for name, moment in (("start", found.start), ("expiry", found.expiry)):
        if moment != _moment(sas.text(name)):
            wrong.append(f"{name} {moment:%Y-%m-%dT%H:%M:%SZ}, expected {sas.text(name)}" if moment else f"no {name}")
    return "; ".join(wrong)


def _assignments(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    """On what we made; who has a role on what is yours is yours to say."""
    for each in facts.assignments or ():
        on_container = "/containers/" in each.scope
        if _own_account(deployed) or (on_container and _made(deployed)):
            what = f"principal {each.principal} has role {each.role} on it"
            where = f"{'container' if on_container else 'storage account'} {each.scope.rpartition('/')[2]}"
            why = "we gave nobody a role on what we made: whoever has it gets in beside the tokens"
            yield Finding(Severity.HIGH, "role-beside", what, where, why, _removal(each), str(deployed.purpose))


def _removal(assignment: Assignment) -> str:
    path = f"{assignment.scope}/providers/Microsoft.Authorization/roleAssignments/{assignment.name}"
    return f"az role assignment delete --ids {path}"


def _stored(deployed: DeployedAccess) -> list[Resource]:
    return [each for each in deployed.own(SAS) if each.text("method") == STORED_POLICY]


def _place(sas: Resource) -> tuple[str, str]:
    return sas.text("accountName"), sas.text("container")


def _made(deployed: DeployedAccess) -> bool:
    """Whether the container is ours."""
    end = f"/storageaccounts/{deployed.location.account}/blobservices/default/containers/{deployed.location.bucket}"
    return any(each.id.lower().endswith(end.lower()) for each in deployed.anywhere(CONTAINER))


def _own_account(deployed: DeployedAccess) -> bool:
    end = f"/storageaccounts/{deployed.location.account}"
    return any(each.id.lower().endswith(end.lower()) for each in deployed.anywhere(ACCOUNT))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
