"""Reads what exists around one dataset and compares it: the whole of `lightly-access audit`, without its printing."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose

from lightly_access.audit.finding import Finding, Unreadable, by_severity
from lightly_access.audit.imports import Spec, aws_imports, aws_obstacle, gcp_imports, import_file
from lightly_access.audit.lightly import Known
from lightly_access.audit.manifest_lines import Lines, lines
from lightly_access.audit.registered import Registered
from lightly_access.audit.shared import shared_findings

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOT_JUDGED = {
    "key": "the service behind an external key has no policies that could be read here",
    "mount": "no credential is behind it: the worker reads the folders that are mounted",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """One datasource, looked at: its findings, what could not be read, and what an import would take over."""

    findings: tuple[Finding, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    imports: tuple[Spec, ...] = ()
    target: Mapping[str, Any] = field(default_factory=dict)
    """Name -> document: what the purpose needs at least."""
    obstacle: str = ""
    """Why nothing of it can be imported, where that is so."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """All that was found; the worst findings first."""

    known: Known
    looked: Mapping[Purpose, Looked]
    findings: tuple[Finding, ...]
    unreadable: tuple[Unreadable, ...]
    elsewhere: frozenset[str] = frozenset()
    """Identities that other datasets use too."""

    @property
    def ok(self) -> bool:
        """Whether everything could be read and nothing was found."""
        return not self.findings and not self.unreadable

    @property
    def lines(self) -> Lines:
        """The manifest that adopts it without touching it."""
        return lines(self.known)

    @property
    def import_file(self) -> dict[str, Any] | None:
        """What `pulumi import --file` takes; None when there is nothing to import.

        What another dataset uses too is left out: a deployment that replaces it would delete it under the other. Of
        one identity for both purposes there is one entry, LIGHTLY's: a state must not have a resource twice.
        """
        left_out = dict(self.not_imported)
        return import_file(
            spec for purpose, it in self.looked.items() if purpose not in left_out for spec in it.imports
        )

    @property
    def not_imported(self) -> tuple[tuple[Purpose, str], ...]:
        """What is left out of the import file, and why."""
        last = {it.identity: purpose for purpose, it in self.known.datasources.items()}
        said = []
        for purpose, it in self.known.datasources.items():
            reason = self.looked[purpose].obstacle
            if it.identity and it.identity in self.elsewhere:
                reason = "another dataset uses it too, and the update that replaces it would delete it"
            elif not reason and it.identity and last[it.identity] is not purpose:
                reason = f"it is the same as that of {last[it.identity]}"
            if reason:
                said.append((purpose, reason))
        return tuple(said)


def discover(
    known: Known,
    others: "Iterable[Known]" = (),
    declared: "Iterable[Finding]" = (),
    *,
    now: datetime,
    unreadable: "Iterable[Unreadable]" = (),
) -> Discovery:
    """Read both datasources' clouds and compare. Nothing is changed."""
    compared = tuple(others)
    looked = {purpose: _looked(known, it, now) for purpose, it in known.datasources.items()}
    found = [replace(it, purpose=it.purpose or str(purpose)) for purpose, one in looked.items() for it in one.findings]
    merged = _merged([*found, *shared_findings(known, compared), *declared])
    absent = [
        Unreadable(
            f"the {purpose} datasource", "", "Lightly has none, or one of a type that is not known here", str(purpose)
        )
        for purpose in Purpose
        if purpose not in known.datasources
    ]
    said = [*absent, *(each for it in looked.values() for each in it.unreadable), *unreadable]
    hide = _hiding(known, *compared)
    all_unread = dict.fromkeys(replace(it, reason=hide(it.reason)) for it in said)
    elsewhere = frozenset(it.identity for other in compared for it in other.datasources.values())
    return Discovery(known, looked, by_severity(merged), tuple(all_unread), elsewhere)


def _hiding(*knowns: Known) -> Callable[[str], str]:
    """Takes all secrets, Lightly's and the environment's, out of what a cloud said."""
    from lightly_core.scrub import Scrubber

    scrubber = Scrubber.of_environment(os.environ)
    for known in knowns:
        for source in known.datasources.values():
            scrubber.learn(*source.secrets.values())
    return scrubber.scrub


def _merged(findings: list[Finding]) -> list[Finding]:
    """The same thing said of both datasources, as of one role that both use, is said once."""
    seen: dict[tuple[str, str, str], Finding] = {}
    for it in findings:
        key = (it.rule, it.what, it.where)
        if key in seen and seen[key].purpose != it.purpose:
            seen[key] = replace(seen[key], purpose=f"{seen[key].purpose}, {it.purpose}".strip(", "))
        else:
            seen.setdefault(key, it)
    return list(seen.values())


def _looked(known: Known, source: Registered, now: datetime) -> Looked:
    look = _LOOKS.get(source.access)
    if look is None:
        reason = _NOT_JUDGED.get(source.access, "it is not known here")
        return Looked(unreadable=(Unreadable(f"what is behind {source.path}", "", reason, str(source.purpose)),))
    return look(known, source, now)


def _aws(known: Known, source: Registered, now: datetime) -> Looked:
    import json

    from lightly_policies.render import UnrenderableDocumentError

    from lightly_access.kinds.s3.audit.compare import findings
    from lightly_access.kinds.s3.audit.grant import target
    from lightly_access.kinds.s3.audit.reading import Reader

    facts = Reader().facts(source)
    try:
        document = {"grant": json.loads(target(source))}
    except UnrenderableDocumentError:
        document = {}
    found = tuple(findings(source, facts, known.name, now))
    if facts.holder is None or not facts.complete:
        return Looked(found, facts.unreadable, (), document, "not all about it could be read")
    obstacle = aws_obstacle(facts.holder) or ""
    return Looked(found, facts.unreadable, tuple(aws_imports(known.name, source, facts.holder)), document, obstacle)


def _gcp(known: Known, source: Registered, now: datetime) -> Looked:
    import json

    from lightly_policies.render_gcs import gcp_role

    from lightly_access.kinds.gcs.audit.compare import findings
    from lightly_access.kinds.gcs.audit.reading import Reader

    facts = Reader(os.environ).facts(source)
    specs = tuple(gcp_imports(known.name, source, facts))
    return Looked(
        tuple(findings(source, facts, now)), facts.unreadable, specs, {"role": json.loads(gcp_role(source.purpose))}
    )


def _azure(known: Known, source: Registered, now: datetime) -> Looked:
    from lightly_policies.sas import PERMISSIONS

    from lightly_access.kinds.azure.audit.compare import findings
    from lightly_access.kinds.azure.audit.reading import Reader

    facts = Reader(os.environ).facts(source)
    wanted = {"permissions": PERMISSIONS[source.purpose]}
    no_resource = "a SAS token is no resource of Azure's"
    return Looked(tuple(findings(source, facts, now)), facts.unreadable, (), wanted, no_resource)


_LOOKS: Mapping[str, Callable[[Known, Registered, datetime], Looked]] = {
    "delegated": _aws,
    "user": _aws,
    "service_account": _gcp,
    "sas": _azure,
}
