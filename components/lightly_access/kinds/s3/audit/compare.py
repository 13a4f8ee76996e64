"""Facts of AWS -> findings, the worst first. Pure."""

from collections.abc import Iterator
from datetime import datetime

from lightly_policies.rendering import UnrenderableDocumentError

from lightly_access.audit.ends import coming_ends
from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.registered import Registered
from lightly_access.kinds.s3.audit import ends
from lightly_access.kinds.s3.audit.facts import AwsFacts
from lightly_access.kinds.s3.audit.grant import GrantDocuments, input_writes
from lightly_access.kinds.s3.audit.hygiene import bucket_findings, keeping_findings, settings_findings
from lightly_access.kinds.s3.audit.missing import missing
from lightly_access.kinds.s3.audit.statements import statement_findings
from lightly_access.kinds.s3.audit.trust import trust_findings


def findings(registered: Registered, facts: AwsFacts, dataset: str, now: datetime) -> Iterator[Finding]:
    """All about one datasource, today and at each end that is to come."""
    found = list(_at(registered, facts, dataset, now))
    yield from found
    yield from coming_ends(
        ends.moments(facts), now, found, lambda when: _at(registered, facts, dataset, when), ends.SOURCE
    )


def _at(registered: Registered, facts: AwsFacts, dataset: str, now: datetime) -> Iterator[Finding]:
    known = (dataset, registered.bucket, *registered.directory.split("/"))
    known += (facts.holder.account, facts.holder.name) if facts.holder else ()
    yield from trust_findings(registered, facts, known, now)
    yield from keeping_findings(registered, facts, now)
    yield from settings_findings(registered, facts)
    grant = GrantDocuments.of(registered, facts, now)
    if grant is None:
        return
    try:
        _ = grant.target
    except UnrenderableDocumentError as fault:
        why, fix = "there is no least-privilege policy to compare with", "register a directory that has one"
        yield Finding(Severity.MEDIUM, "no-target", str(fault).splitlines()[0], registered.path, why, fix)
        return
    yield from input_writes(grant)
    yield from statement_findings(grant)
    yield from bucket_findings(grant)
    if facts.complete:
        yield from missing(grant)
