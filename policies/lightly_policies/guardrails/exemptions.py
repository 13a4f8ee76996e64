"""Exemptions: one rule, for one reason, until one day, and for one resource or all.

They stand in the stack's configuration,

    lightly-guardrails:exempt:
      - {rule: s3-versioning, reason: the data can be made again, until: 2027-03-31, resource: scratch}

or, in the same form without `rule`, under a rule's name in the pack's configuration (`--policy-pack-config`). They
last a year at most; one that has expired, or is written wrongly, is a violation itself.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from lightly_policies.guardrails.view import Resource

CONFIG_KEY: Final = "lightly-guardrails:exempt"
LONGEST: Final = timedelta(days=366)
_WITH_TIME: Final = re.compile(r"[ T]00:00:00.*$")
"""What Pulumi adds to a day that is not quoted in YAML."""
_FORM: Final = "{rule, reason, until: YYYY-MM-DD, resource?}"


@dataclass(frozen=True, slots=True)
class Exemption:
    """A rule that need not be kept until a day; by everything, or by one resource (its name or its URN)."""

    rule: str
    reason: str
    until: date
    resource: str = ""

    def covers(self, rule: str, resource: Resource | None) -> bool:
        """Whether it is about this rule and this resource, expired or not."""
        if rule != self.rule:
            return False
        return not self.resource or (resource is not None and self.resource in (resource.name, resource.urn))


@dataclass(frozen=True, slots=True)
class Exemptions:
    """All exemptions of a stack, and what is wrong with how they are written."""

    accepted: tuple[Exemption, ...] = ()
    faults: tuple[str, ...] = field(default=())

    def standing(self, rule: str, resource: Resource | None, today: date) -> Exemption | None:
        """One that holds today."""
        return next(
            (exemption for exemption in self.accepted if exemption.covers(rule, resource) and exemption.until >= today),
            None,
        )

    def problems(self, today: date) -> Iterator[str]:
        """What is wrong with them: faults, expired ones, and ones that last too long."""
        yield from self.faults
        for exemption in self.accepted:
            whom = f" of {exemption.resource}" if exemption.resource else ""
            if exemption.until < today:
                yield f"the exemption{whom} from {exemption.rule} ({exemption.reason}) expired on {exemption.until}"
            elif exemption.until - today > LONGEST:
                lasts = f"lasts until {exemption.until}, expected a day within a year"
                yield f"the exemption{whom} from {exemption.rule} {lasts}"


def read(config: Mapping[str, str], pack: Mapping[str, Mapping[str, Any]], rules: Iterable[str]) -> Exemptions:
    """From the stack's configuration (texts, as Pulumi hands them on) and the pack's (rule -> its configuration)."""
    names = frozenset(rules)
    accepted: list[Exemption] = []
    faults: list[str] = []
    written = [(f"{CONFIG_KEY}[{at}]", entry) for at, entry in enumerate(_entries(config, faults))]
    for rule, settings in pack.items():
        entries = settings.get("exempt") or []
        for at, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            spelled = {**entry, "rule": rule} if isinstance(entry, Mapping) else entry
            written.append((f"{rule}.exempt[{at}]", spelled))
    for where, entry in written:
        found = _exemption(entry, names)
        if isinstance(found, str):
            faults.append(f"{where}: {found}")
        else:
            accepted.append(found)
    return Exemptions(tuple(accepted), tuple(faults))


def _entries(config: Mapping[str, str], faults: list[str]) -> list[Any]:
    text = config.get(CONFIG_KEY)
    if not text:
        return []
    try:
        entries = json.loads(text)
    except ValueError:
        entries = None
    if isinstance(entries, list):
        return entries
    faults.append(f"{CONFIG_KEY}: got no list, expected a list of {_FORM}")
    return []


def _exemption(entry: Any, rules: frozenset[str]) -> Exemption | str:
    """The exemption, or what is wrong with how it is written."""
    if not isinstance(entry, Mapping):
        return f"got {type(entry).__name__}, expected {_FORM}"
    if extra := sorted(str(key) for key in set(entry) - {"rule", "reason", "until", "resource"}):
        return f"got {', '.join(extra)}, expected {_FORM}"
    rule, reason = entry.get("rule"), entry.get("reason")
    if rule not in rules:
        return f"rule: got {rule!r}, expected the name of a rule"
    if not isinstance(reason, str) or not reason.strip():
        return f"reason: got {reason!r}, expected why {rule} need not be kept"
    try:
        until = date.fromisoformat(_WITH_TIME.sub("", str(entry.get("until"))))
    except ValueError:
        return f"until: got {entry.get('until')!r}, expected a day such as 2027-03-31"
    resource = entry.get("resource", "")
    if not isinstance(resource, str):
        return f"resource: got {resource!r}, expected the name or the URN of a resource"
    return Exemption(str(rule), reason.strip(), until, resource)
