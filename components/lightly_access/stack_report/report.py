"""All that a report says of a deployed stack, gathered from its state and its configuration. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lightly_access.analysis.datasource import Analysis
from lightly_access.analysis.granted import survey
from lightly_access.deployed.exported import exported
from lightly_access.deployed.stack import DeployedStack, deployed_in
from lightly_access.stack_report.guarded import Guarded, guarded
from lightly_access.status.due import Deadlines, deadlines, sources


@dataclass(frozen=True, slots=True)
class StackReport:
    """A stack as it is known at a moment."""

    stack: DeployedStack
    at: datetime
    analyses: tuple[Analysis, ...]
    guarded: Guarded

    @property
    def following(self) -> Deadlines:
        """When somebody has to deploy."""
        return deadlines(self.stack)

    @property
    def locked_out(self) -> bool:
        """Whether a credential has ended."""
        return any(source.credential.ends and source.credential.ends <= self.at for _, source in sources(self.stack))

    @property
    def ok(self) -> bool:
        """Whether every light is as expected, nothing is wider or narrower, and no credential has ended.

        Guardrails are the reader's to decide on: a stack need not be deployed with them.
        """
        return self.stack.ok and not self.locked_out and all(analysis.ok for analysis in self.analyses)


def report(document: object, config: Mapping[str, str] | None, now: datetime) -> StackReport:
    """Of what `pulumi stack export` wrote, and the stack's configuration as texts, None where it is not known.

    Raises StateError.
    """
    export = exported(document)
    stack = deployed_in(export)
    return StackReport(stack, now, tuple(survey(export, stack)), guarded(export, config, now))
