"""Other people's linters of policies, each as one function: what a document expands to, and what they find in it."""

import json
import sys
import types
import warnings
from pathlib import Path


def _replace_pkg_resources() -> None:
    """parliament 1.6.4 asks pkg_resources for the place of two files; setuptools 82 has no such module any more."""
    replacement = types.ModuleType("pkg_resources")

    def resource_filename(package: str, name: str) -> str:
        return str(Path(str(sys.modules[package].__file__)).parent / name)

    replacement.resource_filename = resource_filename  # type: ignore[attr-defined]  # a module is open by nature
    sys.modules.setdefault("pkg_resources", replacement)


_replace_pkg_resources()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # theirs, at import
    from cloudsplaining.scan.policy_document import PolicyDocument
    from parliament import analyze_policy_string
    from policy_sentry.analysis.expand import get_expanded_policy
    from policy_sentry.querying.actions import get_action_data


def expanded_actions(text: str) -> frozenset[str]:
    """Every action that the Allows of a document come to, wildcards spelled out by policy_sentry."""
    expanded = get_expanded_policy(json.loads(text))
    return frozenset(
        action
        for statement in expanded["Statement"]
        if statement["Effect"] == "Allow"
        for action in statement["Action"]
    )


def level(action: str) -> str:
    """What AWS says that an action does: Read, List, Write, Tagging or Permissions management."""
    service, _, name = action.partition(":")
    found = get_action_data(service, name)
    assert found
    return str(found[service][0]["access_level"])


def parliament_findings(text: str) -> list[str]:
    """parliament's findings: unknown actions, resources of the wrong kind, wildcards that cannot match."""
    return [str(finding) for finding in analyze_policy_string(text).findings]


def cloudsplaining_findings(text: str) -> list[object]:
    """cloudsplaining's findings: rights without constraint, escalation, exposure, whole services."""
    policy = PolicyDocument(json.loads(text))
    return [
        *policy.allows_privilege_escalation,
        *policy.permissions_management_without_constraints,
        *policy.write_actions_without_constraints,
        *policy.allows_data_exfiltration_actions,
        *policy.credentials_exposure,
        *policy.service_wildcard,
        *policy.infrastructure_modification,
    ]
