"""Every rule is asked, and its answers become verdicts. Pure; `server.py` sends them to the engine.

A rule that asks for what a preview cannot know gives no verdict then; it is noted, said once at the end of the preview,
and asked again at the update. An unknown value outside a preview is a violation: nothing passes by accident.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lightly_policies.guardrails.exemptions import Exemptions
from lightly_policies.guardrails.rule import Found, Level, Rule
from lightly_policies.guardrails.view import Resource, Stack, UnknownValueError


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said about a rule and a resource. `exempt` verdicts are advisory: they say why nothing else happens."""

    rule: str
    level: Level
    message: str
    urn: str = ""
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A rule that could not be asked about a resource, or the stack (""), because a value is not known yet."""

    rule: str
    resource: str
    path: str


def ask(
    rule: Rule, seen: Resource | Stack, exemptions: Exemptions, *, today: date, preview: bool, level: Level
) -> Iterator[Verdict | Unchecked]:
    """The verdicts of one rule. `today` decides which exemptions stand; `level` is the rule's, or a configured one."""

    def verdict(found: Found) -> Verdict:
        urn = found.resource.urn if found.resource else ""
        exemption = exemptions.standing(rule.name, found.resource, today)
        if exemption:
            said = f"exempt until {exemption.until} ({exemption.reason}): {found.what}"
            return Verdict(rule.name, "advisory", said, urn, exempt=True)
        return Verdict(rule.name, level, rule.message(found), urn)

    try:
        for found in rule.says(seen):
            yield verdict(found)
    except UnknownValueError as missing:
        resource = seen if isinstance(seen, Resource) else None
        if preview:
            yield Unchecked(rule.name, resource.name if resource else "", missing.path)
        else:
            yield verdict(Found(f"{missing.path} is unknown in an update, so that it cannot be checked", resource))


def summary(unchecked: tuple[Unchecked, ...]) -> str:
    """What this preview could not check, in one text."""
    resources: dict[str, list[str]] = {}
    for each in dict.fromkeys(unchecked):
        resources.setdefault(each.rule, []).append(f"{each.resource}.{each.path}".lstrip("."))
    lines = "".join(f"\n  {rule}: {', '.join(paths)}" for rule, paths in sorted(resources.items()))
    return f"not checked in this preview, because these values are known only in the update, which checks them:{lines}"
