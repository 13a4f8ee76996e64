"""The part of policies/README.md about guardrails, rendered from the rules."""

from collections.abc import Callable, Mapping

from lightly_policies.guardrails.registry import RULES
from lightly_policies.guardrails.rule import Rule


def guardrails() -> str:
    """Every rule: what holds where it is kept, what a violation does, which controls ask for it, and the fix."""
    head = ["| rule | what holds | level | severity | controls | fix |", "| --- | --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *(_row(rule) for rule in RULES)]) + "\n"


def _row(rule: Rule) -> str:
    controls = ", ".join(rule.controls)
    cells = (f"[{rule.name}]({rule.source})", rule.title, rule.level, rule.severity, controls, rule.fix)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"


PARTS: Mapping[str, Callable[[], str]] = {"guardrails": guardrails}
