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
    where, purpose = _place(binding), registered.purpose
    permissions, needed = facts.roles.get(binding.role), PERMISSIONS[purpose]
    tried: tuple[str, ...] = ()
    unreadable = _malformed(binding)
    if unreadable:
        why, fix = "nothing can be said about it", "write the condition anew"
        yield Finding(Severity.MEDIUM, "condition-unreadable", unreadable, where, why, fix)
    elif permissions is not None:
        cases = (each for each in grant_cases(grantee) if not each.expected and each.request.member == grantee.member)
        tried = tuple(case.name for case in cases if decide(case.request, (binding,), facts.roles).allowed)

    def said(severity: Severity, rule: str, what: str, why: str, fix: str) -> Finding:
        return Finding(severity, rule, what, where, why, fix, tried=tried, source=_LIGHTLY)

    found = list[Finding]()
    if binding.role in _OWNERS:
        found.append(
            said(
                Severity.CRITICAL,
                "any-action",
                f"it has {binding.role}",
                f"it may change who gets in; {_LEAK}",
                _CUSTOM,
            )
        )
    elif binding.role.startswith("roles/"):
        what = f"it has {binding.role}, a role of Google's that may grow"
        found.append(said(Severity.MEDIUM, "predefined-role", what, "its permissions are not in your hands", _CUSTOM))
    if binding.bucket is None:
        what = f"{binding.role} on the whole project: every bucket of it"
        found.append(
            said(Severity.CRITICAL, "any-bucket", what, "one datasource is one directory of one bucket", _CUSTOM)
        )
    extra = sorted((permissions or frozenset()) - needed)
    writes = [each for each in extra if each.rpartition(".")[2] in _WRITES and each.startswith("storage.objects.")]
    if purpose == "INPUT" and writes:
        what = f"INPUT has {_named(writes)}"
        why = "INPUT holds your raw data; Lightly only lists and reads it, and a leaked key could delete it"
        found.append(said(Severity.HIGH, "input-writes", what, why, _CUSTOM))
    elif extra:
        found.append(
            said(
                Severity.MEDIUM,
                "extra-action",
                f"{purpose} has {_named(extra)}, which it does not need",
                _LEAK,
                _CUSTOM,
            )
        )
    if registered.directory and binding.bucket and binding.condition is None:
        what = f"it reaches the whole bucket, expected gs://{registered.bucket}/{registered.directory} alone"
        why = "the datasource is a directory, and the rest is not Lightly's"
        found.append(
            said(Severity.HIGH, "whole-bucket", what, why, "bind the role with a condition on the object's name")
        )
    others = _clauses(registered, binding, grantee) if not unreadable else ()
    if (tried or others) and not found:
        what = f"its condition lets through more than {registered.path}"
        what += f": when {'; '.join(others)}" if others else ""
        fix = "take the condition that `lightly-access handoff` writes"
        found.append(said(Severity.MEDIUM, "beyond-purpose", what, "names alone can tell customers and projects", fix))
    yield from found


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
