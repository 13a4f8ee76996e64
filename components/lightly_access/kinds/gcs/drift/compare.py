"""What was deployed, and what there is now -> what differs. Pure.

Bindings add up: one more, of the bucket or of its project, is enough, whatever ours say
(https://cloud.google.com/iam/docs/policies#inheritance).
"""

from collections.abc import Iterator
from typing import Any

from lightly_policies.evaluator.gcs import Binding

from lightly_access.audit.finding import Finding, Severity
from lightly_access.drift.deployed import DeployedAccess, Resource
from lightly_access.drift.drift import REFUSED, gone
from lightly_access.kinds.gcs.drift.facts import AccessFacts

ACCOUNT, KEY = "gcp:serviceaccount/account:Account", "gcp:serviceaccount/key:Key"
BINDING, ROLE = "gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:projects/iAMCustomRole:IAMCustomRole"
BUCKET = "gcp:storage/bucket:Bucket"
_BACK = "`pulumi up --refresh` puts ours back"
_BESIDE = "rights add up: it gives Lightly what nobody proved"
_EVERYONE = ("allUsers", "allAuthenticatedUsers")
_PUBLIC = "public-bucket"


def differences(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    """All of one access, and of its bucket."""
    yield from _account(deployed, facts, deployed.named(ACCOUNT, "email"))
    yield from _bindings(deployed, facts, deployed.named(ACCOUNT, "member"))
    yield from _role(deployed, facts)
    yield from _bucket(deployed, facts)


def open_before(deployed: DeployedAccess, finding: Finding) -> bool:
    """Whether it is about a store that is not ours, and may have stood so before us."""
    return finding.rule == _PUBLIC and not _made(deployed)


def role_of(deployed: DeployedAccess) -> Resource | None:
    """The custom role of ours that its binding gives."""
    wanted = {each.text("role") for each in deployed.own(BINDING)}
    return next((each for each in deployed.anywhere(ROLE) if each.text("name") in wanted), None)


def _account(deployed: DeployedAccess, facts: AccessFacts, email: str) -> Iterator[Finding]:
    where, purpose = f"service account {email}", str(deployed.purpose)
    if "account" in facts.gone:
        yield gone(where, where, purpose)
        return
    if facts.account is None:
        return
    if facts.account.disabled:
        yield Finding(Severity.HIGH, "account-disabled", "it is disabled", where, REFUSED, _BACK, purpose)
    if not facts.keys_read:
        return
    ours = [each.text("name").rpartition("/")[2] for each in deployed.own(KEY)]
    there = {key.id: key for key in facts.account.keys}
    if ours and ours[0] not in there:
        yield gone(f"key {ours[0]}", where, purpose)
    elif ours and there[ours[0]].disabled:
        what, fix = f"key {ours[0]}, which Lightly has, is disabled", _enable(email, ours[0])
        yield Finding(Severity.HIGH, "key-inactive", what, where, REFUSED, fix, purpose)
    for other in (each for each in facts.account.keys if each.id not in ours):
        what = f"it has another key, {other.id}{' (disabled)' if other.disabled else ''}"
        why = "a second credential that nobody watches, and that no rotation ends"
        fix = f"gcloud iam service-accounts keys delete {other.id} --iam-account={email}"
        yield Finding(Severity.HIGH, "key-beside", what, where, why, fix, purpose)


def _enable(email: str, key: str) -> str:
    return f"gcloud iam service-accounts keys enable {key} --iam-account={email}"


def _bindings(deployed: DeployedAccess, facts: AccessFacts, member: str) -> Iterator[Finding]:
    purpose, ours = str(deployed.purpose), deployed.own(BINDING)
    roles, project = {each.text("role") for each in ours}, deployed.named(ACCOUNT, "project")
    known = [_wanted(each) for each in ours]
    there = [each for each in (*(facts.bindings or ()), *(facts.project_bindings or ())) if member in each.members]
    for each in there:
        if each.bucket is not None and (each.role, _condition(each)) in known:
            continue
        where = f"bucket {each.bucket}" if each.bucket else "the project"
        under = f" under the condition {each.condition.title!r}" if each.condition else ""
        what = f"it gives {each.role} to {member}{under}, which is not ours"
        fix = _removal(each, member, roles, project)
        yield Finding(Severity.HIGH, "binding-beside", what, where, _BESIDE, fix, purpose)
    if ours and facts.bindings is not None and "account" not in facts.gone:
        found = [(each.role, _condition(each)) for each in there if each.bucket is not None]
        if known[0] not in found:
            what = f"the binding of {ours[0].text('role')} to {member}"
            yield gone(what, f"bucket {deployed.location.bucket}", purpose)


def _removal(binding: Binding, member: str, ours: set[str], project: str) -> str:
    what = f"--member={member} --role={binding.role}"
    if binding.bucket is None:
        return f"gcloud projects remove-iam-policy-binding {project} {what} --all"
    if binding.role in ours:  # `--all` would take ours, too
        return f"gcloud storage buckets remove-iam-policy-binding gs://{binding.bucket} {what} with its --condition"
    return f"gcloud storage buckets remove-iam-policy-binding gs://{binding.bucket} {what} --all"


def _role(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    role = role_of(deployed)
    if role is None:
        return
    name, purpose = role.text("name"), str(deployed.purpose)
    if "role" in facts.gone:
        identity = f"{name.rpartition('/')[2]} --project={name.split('/')[1]}" if name.count("/") > 2 else name
        yield gone(f"role {name}", f"role {name}", purpose, f"gcloud iam roles undelete {identity}")
    elif facts.permissions is not None:
        listed = role.outputs.get("permissions")
        wanted = frozenset(map(str, listed)) if isinstance(listed, list) else facts.permissions
        added, lost = sorted(facts.permissions - wanted), sorted(wanted - facts.permissions)
        if added:
            what, why = f"it has {', '.join(added)}, which is not ours", "every access bound to it has that"
            yield Finding(Severity.HIGH, "role-changed", what, f"role {name}", why, _BACK, purpose)
        if lost:
            what = f"it has lost {', '.join(lost)}"
            yield Finding(Severity.HIGH, "role-changed", what, f"role {name}", REFUSED, _BACK, purpose)


def _bucket(deployed: DeployedAccess, facts: AccessFacts) -> Iterator[Finding]:
    bucket, purpose = deployed.location.bucket, str(deployed.purpose)
    where = f"bucket {bucket}"
    if "bucket" in facts.gone:
        ours = "`pulumi up --refresh` makes it again, empty"
        yield gone(where, where, purpose, ours if _made(deployed) else "make it again, or name another store")
        return
    for each in (*(facts.bindings or ()), *(facts.project_bindings or ())):
        if everyone := [member for member in _EVERYONE if member in each.members]:
            what, why = f"it gives {each.role} to {', '.join(everyone)}", "no key is needed: what it has, everybody may"
            place = where if each.bucket else "the project"
            yield Finding(Severity.CRITICAL, _PUBLIC, what, place, why, "remove the binding", purpose)
    settings: Any = facts.settings or {}
    if _made(deployed) and facts.settings is not None:
        if not settings.get("uniformBucketLevelAccess", {}).get("enabled", False):
            what, why = "it has no uniform access any more", "access lists of single objects count beside the bindings"
            yield Finding(Severity.HIGH, "not-uniform", what, where, why, _BACK, purpose)
        if settings.get("publicAccessPrevention") != "enforced":
            what, why = "public access is not prevented any more", "one binding too many makes it public"
            yield Finding(Severity.HIGH, "public-possible", what, where, why, _BACK, purpose)


def _made(deployed: DeployedAccess) -> bool:
    return deployed.location.bucket in (each.text("name") for each in deployed.anywhere(BUCKET))


def _wanted(binding: Resource) -> tuple[str, tuple[str, str, str]]:
    condition: Any = binding.outputs.get("condition") or {}
    parts = (str(condition.get(part) or "") for part in ("title", "description", "expression"))
    title, description, expression = parts
    return binding.text("role"), (title, description, expression)


def _condition(binding: Binding) -> tuple[str, str, str]:
    found = binding.condition
    return (found.title, found.description, found.expression) if found else ("", "", "")
