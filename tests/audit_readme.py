"""The part of policies/README.md about checkov, rendered from what is accepted."""

from collections.abc import Callable, Mapping

from tests import policies_readme
from tests.audit.accepted import ACCEPTED


def audit() -> str:
    """Every finding that stays, and why."""
    rows = [[finding.check, policies_readme.code(finding.type), why] for finding, why in ACCEPTED.items()]
    return policies_readme.table(["finding", "on", "why it stays"], rows)


PARTS: Mapping[str, Callable[[], str]] = {"audit": audit}
