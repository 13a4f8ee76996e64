"""The guardrails asked of a stack as it is deployed: what they find, what they cannot see, and who is exempt. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lightly_core.hint import hint_of, without_hint
from lightly_policies.guardrails import exemptions
from lightly_policies.guardrails.exemptions import Exemption, Exemptions
from lightly_policies.guardrails.registry import RULES
from lightly_policies.guardrails.rule import Rule
from lightly_policies.guardrails.runner import Unchecked, Verdict, ask
from lightly_policies.guardrails.view import Resource, Stack

from lightly_access.deployed.exported import Exported, name, table, text
from lightly_access.deployed.properties import properties


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a resource does not keep; `exempt` when an exemption stands for it."""

    rule: Rule
    resource: str
    what: str
    fix: str = ""
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """An exemption, and whether it holds today and covers anything."""

    exemption: Exemption
    expired: bool
    used: bool


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the rules say.

    Attributes:
        broken: what they find, mandatory rules first.
        closed: the rules that could not see everything, because it is encrypted in the state.
        kept: those that saw everything and found nothing.
        exemptions: those of the stack's configuration; None where that is not known.
        faults: what is wrong with how exemptions are written.
    """

    broken: tuple[Broken, ...] = ()
    closed: tuple[Rule, ...] = ()
    kept: tuple[Rule, ...] = ()
    exemptions: tuple[Standing, ...] | None = None
    faults: tuple[str, ...] = ()


def guarded(export: Exported, config: Mapping[str, str] | None, now: datetime) -> Guarded:
    """Ask every rule. `config` is the stack's configuration as texts, for its exemptions; None where it is not known.

    Raises StateError for a secret that is none.
    """
    found = exemptions.read(config or {}, {}, (rule.name for rule in RULES))
    broken, closed = list[Broken](), set[str]()
    for rule in RULES:
        for answer in _asked(rule, export, found, now):
            if isinstance(answer, Unchecked):
                closed.add(rule.name)
            else:
                broken.append(_broken(rule, answer))
    broken.sort(key=lambda each: (each.exempt, each.rule.level != "mandatory"))
    wrong = {each.rule.name for each in broken}
    return Guarded(
        tuple(broken),
        tuple(rule for rule in RULES if rule.name in closed),
        tuple(rule for rule in RULES if rule.name not in closed | wrong),
        None if config is None else tuple(_standing(each, broken, now.date()) for each in found.accepted),
        found.faults,
    )


def _asked(rule: Rule, export: Exported, found: Exemptions, now: datetime) -> Iterator[Verdict | Unchecked]:
    """What the engine would be told after a deployment; what is encrypted is as unknown as in a preview."""
    today = now.date()
    if rule.of_stack:
        stack = Stack(tuple(_resource(each, "outputs") for each in export.resources), now)
        yield from ask(rule, stack, found, today=today, preview=True, level=rule.level)
        return
    for each in export.resources:
        if text(each.get("type")) in rule.types and each.get("external") is not True:
            seen = _resource(each, "inputs")
            yield from ask(rule, seen, found, today=today, preview=True, level=rule.level)


def _resource(written: Mapping[str, Any], side: str) -> Resource:
    sources = table(written.get("propertyDependencies"))
    return Resource(
        type=text(written.get("type")),
        name=name(written),
        urn=text(written.get("urn")),
        properties=properties(written.get(side)),
        parent=text(written.get("parent")),
        provider=text(written.get("provider")).rpartition("::")[0],
        dependencies=frozenset(_texts(written.get("dependencies"))),
        property_dependencies={key: frozenset(_texts(urns)) for key, urns in sources.items()},
        secret_outputs=tuple(_texts(written.get("additionalSecretOutputs"))),
        protect=written.get("protect") is True,
        read=written.get("external") is True,
    )


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _broken(rule: Rule, verdict: Verdict) -> Broken:
    resource = verdict.urn.rpartition("::")[2]
    if verdict.exempt:
        return Broken(rule, resource, verdict.message, exempt=True)
    fix, _, _ = (hint_of(verdict.message) or "").rpartition("\n[")  # its severity comes from the rule
    return Broken(rule, resource, without_hint(verdict.message), fix)


def _standing(exemption: Exemption, broken: list[Broken], today: date) -> Standing:
    used = any(each.exempt and each.rule.name == exemption.rule and exemption.reason in each.what for each in broken)
    return Standing(exemption, exemption.until < today, used)
