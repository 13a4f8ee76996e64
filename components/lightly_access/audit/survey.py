"""Reads what exists around one dataset and compares it: the whole of `lightly-access audit`, without its printing."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lightly_core.capability import Purpose
from lightly_core.scrub import Scrubber

from lightly_access.audit.finding import Finding, Unreadable, by_severity
from lightly_access.audit.imports import import_file
from lightly_access.audit.lightly import Known
from lightly_access.audit.looked import Looked
from lightly_access.audit.manifest_lines import Lines, lines
from lightly_access.audit.shared import shared_findings
from lightly_access.kinds import registry


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
            spec for purpose, look in self.looked.items() if purpose not in left_out for spec in look.imports
        )

    @property
    def not_imported(self) -> tuple[tuple[Purpose, str], ...]:
        """What is left out of the import file, and why."""
        last = {source.identity: purpose for purpose, source in self.known.datasources.items()}
        said = []
        for purpose, source in self.known.datasources.items():
            reason = self.looked[purpose].obstacle
            if source.identity and source.identity in self.elsewhere:
                reason = "another dataset uses it too, and the update that replaces it would delete it"
            elif not reason and source.identity and last[source.identity] is not purpose:
                reason = f"it is the same as that of {last[source.identity]}"
            if reason:
                said.append((purpose, reason))
        return tuple(said)


def discover(
    known: Known,
    others: Iterable[Known] = (),
    declared: Iterable[Finding] = (),
    *,
    now: datetime,
    unreadable: Iterable[Unreadable] = (),
) -> Discovery:
    """Read both datasources' clouds and compare. Nothing is changed."""
    compared = tuple(others)
    looked = {
        purpose: registry.kind_of(source.kind).audit(known.name, source, now)
        for purpose, source in known.datasources.items()
    }
    found = [
        replace(finding, purpose=finding.purpose or str(purpose))
        for purpose, one in looked.items()
        for finding in one.findings
    ]
    merged = _merged([*found, *shared_findings(known, compared), *declared])
    absent = [
        Unreadable(
            f"the {purpose} datasource", "", "Lightly has none, or one of a type that is not known here", str(purpose)
        )
        for purpose in Purpose
        if purpose not in known.datasources
    ]
    said = [*absent, *(each for look in looked.values() for each in look.unreadable), *unreadable]
    hide = _hiding(known, *compared)
    all_unread = _of_both(replace(entry, reason=hide(entry.reason)) for entry in said)
    elsewhere = frozenset(entry.identity for other in compared for entry in other.datasources.values())
    return Discovery(known, looked, by_severity(merged), all_unread, elsewhere)


def _hiding(*knowns: Known) -> Callable[[str], str]:
    """Takes all secrets, Lightly's and the environment's, out of what a cloud said."""
    scrubber = Scrubber.of_environment(os.environ)
    for known in knowns:
        for source in known.datasources.values():
            scrubber.learn(*source.secrets.values())
    return scrubber.scrub


def _of_both(unreadable: Iterable[Unreadable]) -> tuple[Unreadable, ...]:
    """The same that could not be read for both purposes is said once."""
    purposes: dict[tuple[str, str, str], list[str]] = {}
    for entry in unreadable:
        purposes.setdefault((entry.what, entry.needs, entry.reason), []).append(entry.purpose)
    return tuple(
        Unreadable(what, needs, reason, ", ".join(dict.fromkeys(filter(None, whose))))
        for (what, needs, reason), whose in purposes.items()
    )


def _merged(findings: list[Finding]) -> list[Finding]:
    """The same thing said of both datasources, as of one role that both use, is said once."""
    seen: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        key = (finding.rule, finding.what, finding.where)
        if key in seen and seen[key].purpose != finding.purpose:
            seen[key] = replace(seen[key], purpose=f"{seen[key].purpose}, {finding.purpose}".strip(", "))
        else:
            seen.setdefault(key, finding)
    return list(seen.values())
