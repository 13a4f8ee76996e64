"""A report as JSON values; `schema.json` beside it and docs/reference/report.md say what each means."""

from typing import Any

from lightly_access.analysis.document import as_json as analyses_as_json
from lightly_access.analysis.view import Placed
from lightly_access.stack_report.guarded import Broken, Guarded, Standing
from lightly_access.stack_report.report import StackReport
from lightly_access.stack_report.view import view
from lightly_access.status.document import as_json as status_as_json


def as_json(report: StackReport) -> dict[str, Any]:
    """What `status --json` has of the stack, and beside it what is red, what Lightly may do, and the guardrails."""
    shown, stack = view(report), report.stack
    status = status_as_json(stack, (), report.at)
    analyses = analyses_as_json([Placed(analysis, stack.stack) for analysis in report.analyses])
    return {
        "ok": report.ok,
        "summary": shown.summary,
        "made_at": f"{report.at:%Y-%m-%dT%H:%M:%SZ}",
        **{key: status[key] for key in ("project", "stack", "deployed_at", "next", "datasets")},
        "red": [
            {
                "dataset": each.dataset,
                "purpose": each.purpose.value,
                "where": each.where,
                "causes": [{"lights": lights.split(", "), "cause": cause} for lights, cause in each.causes],
                "said": list(each.said),
                "fix": each.fix or None,
                "runbook": each.runbook or None,
            }
            for each in shown.red
        ],
        "analyses": [
            {key: each[key] for key in each if key not in ("cases", "stack")} for each in analyses["datasources"]
        ],
        "guardrails": _guardrails(report.guarded),
    }


def _guardrails(found: Guarded) -> dict[str, Any]:
    return {
        "kept": [rule.name for rule in found.kept],
        "broken": [_broken(each) for each in found.broken],
        "closed": [rule.name for rule in found.closed],
        "exemptions": None if found.exemptions is None else [_standing(each) for each in found.exemptions],
        "faults": list(found.faults),
    }


def _broken(each: Broken) -> dict[str, Any]:
    rule = each.rule
    return {
        "rule": rule.name,
        "level": rule.level,
        "severity": rule.severity,
        "controls": list(rule.controls),
        "resource": each.resource,
        "what": each.what,
        "fix": each.fix or None,
        "exempt": each.exempt,
    }


def _standing(each: Standing) -> dict[str, Any]:
    exemption = each.exemption
    return {
        "rule": exemption.rule,
        "resource": exemption.resource or None,
        "reason": exemption.reason,
        "until": exemption.until.isoformat(),
        "expired": each.expired,
        "used": each.used,
    }
