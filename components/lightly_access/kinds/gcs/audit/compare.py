"""Facts of Google Cloud -> findings: what a service account may do beyond its purpose, how its key is kept. Pure.

What a purpose needs: https://docs.lightly.ai/docs/google-cloud-storage. Rules on keys, members and uniform access: CIS
GCP 1.6 to 1.8, 5.1, 5.2 (https://github.com/prowler-cloud/prowler).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime

from lightly_policies.case import CAPABILITIES
from lightly_policies.cases_gcs import PERMISSIONS, Grantee, grant_cases
from lightly_policies.evaluator.gcs import Binding, MalformedConditionError, check, decide
from lightly_policies.proof_gcs import prove_gcs

from lightly_access.audit.ends import coming_ends
from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.registered import Registered
from lightly_access.kinds.gcs.audit.facts import GcpFacts
from lightly_access.kinds.s3.audit.hygiene import OLDEST_DAYS

_LIGHTLY = "https://docs.lightly.ai/docs/google-cloud-storage"
_TIMES = "https://cloud.google.com/iam/docs/configuring-temporary-access"
_TIMESTAMP = re.compile(r"""timestamp\(\s*["']([^"']+)["']\s*\)""")
_CIS = "https://github.com/prowler-cloud/prowler/blob/master/prowler/compliance/gcp/cis_5.0_gcp.json"
_LEAK = "a leaked key, or a mistake at Lightly, reaches it too"
_CUSTOM = "bind a custom role with the permissions of its purpose alone (`lightly-access handoff` writes it)"
_OWNERS = ("roles/owner", "roles/editor", "roles/storage.admin")
_WRITES = ("create", "delete", "update", "setIamPolicy", "move", "restore")
_EVERYONE = ("allUsers", "allAuthenticatedUsers")
_ALSO = "wider: the condition also holds when "
_MANY = 8  # permissions that a sentence names


def findings(registered: Registered, facts: GcpFacts, now: datetime) -> Iterator[Finding]:
    """All about one datasource."""
    yield from _bucket(registered, facts)
    if facts.account is None:
        return
    yield from _keys(registered, facts, now)
    grantee = Grantee(registered.purpose, registered.bucket, registered.directory, facts.account.member)
    for binding in facts.bindings:
        if binding.names(facts.account.member) and not set(binding.members) & set(_EVERYONE):
            yield from _binding(registered, facts, grantee, binding)
    if facts.complete:
        lacks = list(_missing(registered, facts, grantee, now))
        yield from lacks
        named = [moment for binding in facts.bindings for moment in _moments(binding)]
        yield from coming_ends(named, now, lacks, lambda when: _missing(registered, facts, grantee, when), _TIMES)


def _bucket(registered: Registered, facts: GcpFacts) -> Iterator[Finding]:
    where = f"bucket {registered.bucket}"
    for binding in facts.bindings:
        if everyone := set(binding.members) & set(_EVERYONE):
            what = f"{binding.role} is given to {', '.join(sorted(everyone))}"
            why, fix = "no key is needed: what the role has, everybody may", "remove the binding"
            yield Finding(Severity.CRITICAL, "public-bucket", what, _place(binding), why, fix, source=_CIS)
    if facts.uniform is False:
        why = "access lists of single objects count beside the bindings, and nobody sees them here (CIS GCP 5.2)"
        fix = f"gcloud storage buckets update gs://{registered.bucket} --uniform-bucket-level-access"
        what = "the bucket has no uniform access"
        yield Finding(Severity.MEDIUM, "not-uniform", what, where, why, fix, source=_CIS)
    if facts.prevention and facts.prevention != "enforced":
        why, fix = "one binding too many makes it public", "enforce public access prevention"
        what = "public access is not prevented"
        yield Finding(Severity.LOW, "public-possible", what, where, why, fix, source=_CIS)


def _keys(registered: Registered, facts: GcpFacts, now: datetime) -> Iterator[Finding]:
    assert facts.account is not None
    account, mine = facts.account, registered.values.get("keyId", "")
    where = f"service account {account.email}"
    if account.disabled:
        why, fix = "Lightly is refused", "enable it, or register another one"
        yield Finding(Severity.HIGH, "account-disabled", "it is disabled", where, why, fix)
    used = next((each for each in account.keys if each.id == mine), None)
    if mine and account.keys and used is None:
        why, fix = "Lightly is refused", "register a key that exists"
        yield Finding(Severity.HIGH, "key-gone", "the key that Lightly has does not exist any more", where, why, fix)
    if used and used.disabled:
        why, fix = "Lightly is refused", "register an enabled key"
        yield Finding(Severity.HIGH, "key-inactive", "the key that Lightly has is disabled", where, why, fix)
    for key in account.keys:
        age = (now - key.created).days
        if age > OLDEST_DAYS and key.id in (mine, *(() if mine else (key.id,))):
            what = f"key {key.id[:8]}... is {age} days old, expected at most {OLDEST_DAYS}"
            why = "whoever copied it at any time since then still gets in (CIS GCP 1.8)"
            fix = "let the deployment make and replace it (access: service_account without secret)"
            yield Finding(Severity.MEDIUM, "key-old", what, where, why, fix, source=_CIS)
    if len([each for each in account.keys if not each.disabled]) > 1:
        what = f"it has {len(account.keys)} keys that people made"
        why, fix = (
            "credentials that nobody watches",
            "delete those that nobody uses; one service account for Lightly alone",
        )
        yield Finding(Severity.MEDIUM, "key-second", what, where, why, fix)


def _binding(registered: Registered, facts: GcpFacts, grantee: Grantee, binding: Binding) -> Iterator[Finding]:
    """What a binding gives beyond the purpose; of its condition only where all else is as narrow as it can be."""
    unreadable = _malformed(binding)
    if unreadable:
        why, fix = "nothing can be said about it", "write the condition anew"
        yield Finding(Severity.MEDIUM, "condition-unreadable", unreadable, _place(binding), why, fix)
    tried = () if unreadable else _tried(facts, grantee, binding)
    found = [*_role(binding), *_extra(registered, facts, binding), *_whole_bucket(registered, binding)]
    others = _clauses(registered, binding, grantee) if not unreadable else ()
    if (tried or others) and not found:
        what = f"its condition lets through more than {registered.path}"
        what += f": when {'; '.join(others)}" if others else ""
        why, fix = (
            "names alone can tell customers and projects",
            "take the condition that `lightly-access handoff` writes",
        )
        found.append(_said(binding, Severity.MEDIUM, "beyond-purpose", what, why, fix))
    yield from (replace(each, tried=tried) for each in found)


def _said(binding: Binding, severity: Severity, rule: str, what: str, why: str, fix: str = _CUSTOM) -> Finding:
    return Finding(severity, rule, what, _place(binding), why, fix, source=_LIGHTLY)


def _tried(facts: GcpFacts, grantee: Grantee, binding: Binding) -> tuple[str, ...]:
    """The requests of a proof that it lets through and should not; none where nobody may read what its role has."""
    if facts.roles.get(binding.role) is None:
        return ()
    cases = (each for each in grant_cases(grantee) if not each.expected and each.request.member == grantee.member)
    return tuple(case.name for case in cases if decide(case.request, (binding,), facts.roles).allowed)


def _role(binding: Binding) -> Iterator[Finding]:
    """Whose role it is, and on how much."""
    if binding.role in _OWNERS:
        what, why = f"it has {binding.role}", f"it may change who gets in; {_LEAK}"
        yield _said(binding, Severity.CRITICAL, "any-action", what, why)
    elif binding.role.startswith("roles/"):
        what = f"it has {binding.role}, a role of Google's that may grow"
        yield _said(binding, Severity.MEDIUM, "predefined-role", what, "its permissions are not in your hands")
    if binding.bucket is None:
        what = f"{binding.role} on the whole project: every bucket of it"
        yield _said(binding, Severity.CRITICAL, "any-bucket", what, "one datasource is one directory of one bucket")


def _extra(registered: Registered, facts: GcpFacts, binding: Binding) -> Iterator[Finding]:
    """What its role permits that the purpose does not need."""
    purpose = registered.purpose
    extra = sorted((facts.roles.get(binding.role) or frozenset()) - PERMISSIONS[purpose])
    writes = [each for each in extra if each.rpartition(".")[2] in _WRITES and each.startswith("storage.objects.")]
    if purpose == "INPUT" and writes:
        why = "INPUT holds your raw data; Lightly only lists and reads it, and a leaked key could delete it"
        yield _said(binding, Severity.HIGH, "input-writes", f"INPUT has {_named(writes)}", why)
    elif extra:
        what = f"{purpose} has {_named(extra)}, which it does not need"
        yield _said(binding, Severity.MEDIUM, "extra-action", what, _LEAK)


def _whole_bucket(registered: Registered, binding: Binding) -> Iterator[Finding]:
    if registered.directory and binding.bucket and binding.condition is None:
        what = f"it reaches the whole bucket, expected gs://{registered.bucket}/{registered.directory} alone"
        why, fix = (
            "the datasource is a directory, and the rest is not Lightly's",
            "with a condition on the object's name",
        )
        yield _said(binding, Severity.HIGH, "whole-bucket", what, why, f"bind the role {fix}")


def _clauses(registered: Registered, binding: Binding, grantee: Grantee) -> tuple[str, ...]:
    """The parts of its condition that the purpose does not need, as they are written: they may be about any place."""
    if binding.condition is None or binding.bucket is None:
        return ()
    role = {"name": binding.role, "includedPermissions": sorted(PERMISSIONS[registered.purpose])}
    condition = asdict(binding.condition)
    bound = {"bucket": binding.bucket, "role": binding.role, "member": grantee.member, "condition": condition}
    proof = prove_gcs(
        registered.purpose,
        registered.bucket,
        registered.directory,
        role=json.dumps(role),
        binding=json.dumps(bound),
        member=grantee.member,
    )
    return tuple(each.removeprefix(_ALSO) for each in proof.unexpected if each.startswith(_ALSO))


def _moments(binding: Binding) -> Iterator[datetime]:
    """Every moment that its condition names."""
    for text in _TIMESTAMP.findall(binding.condition.expression) if binding.condition else ():
        try:
            found = datetime.fromisoformat(text)
        except ValueError:  # such a condition grants nothing, and is named as that
            continue
        yield found if found.tzinfo else found.replace(tzinfo=UTC)


def _missing(registered: Registered, facts: GcpFacts, grantee: Grantee, now: datetime) -> Iterator[Finding]:
    for capability in CAPABILITIES:
        if not grantee.expects(capability):
            continue
        cases = [each for each in grant_cases(grantee) if each.inside and each.capability == capability]
        refused = [
            (case, found)
            for case in cases
            if not (found := decide(replace(case.request, time=now), facts.bindings, facts.roles)).allowed
        ]
        if refused:
            yield Finding(
                Severity.HIGH,
                f"missing-{capability}",
                f"{registered.purpose} cannot {capability} everywhere in {registered.path}",
                f"service account {grantee.member.partition(':')[2]}",
                refused[0][1].reason,
                _CUSTOM,
                tried=tuple(each.name for each, _ in refused),
                source=_LIGHTLY,
            )


def _malformed(binding: Binding) -> str | None:
    try:
        if binding.condition:
            check(binding.condition)
    except MalformedConditionError as fault:
        return f"its condition cannot be read: {fault}"
    return None


def _place(binding: Binding) -> str:
    titled = f", condition {binding.condition.title!r}" if binding.condition else ""
    return f"{'bucket ' + binding.bucket if binding.bucket else 'the project'}, binding of {binding.role}{titled}"


def _named(permissions: list[str]) -> str:
    more = f" and {len(permissions) - _MANY} more" if len(permissions) > _MANY else ""
    return f"{', '.join(permissions[:_MANY])}{more}"
