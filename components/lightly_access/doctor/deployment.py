"""How long ago the stack was deployed, and whether a deployment is late. Pure."""

from datetime import datetime

from lightly_access.deployed.stack import DeployedStack
from lightly_access.doctor.finding import Finding, State
from lightly_access.status.due import deadlines
from lightly_access.status.terminal import age

NAME = "deployment"


def finding(stack: DeployedStack, now: datetime) -> Finding:
    """Of a stack that Pulumi has."""
    if stack.deployed_at is None or not stack.datasets:
        return Finding(NAME, State.WARNING, f"{stack.stack or 'the stack'} has no dataset yet", "pulumi up")
    following = deadlines(stack)
    said = f"{stack.stack}, {age(stack.deployed_at, now)}; {following.sentence(now)}"
    if following.ends and following.ends <= now:
        return Finding(NAME, State.BAD, said, "pulumi up")
    if following.due and following.due < now.date():
        return Finding(NAME, State.WARNING, said, "pulumi up")
    return Finding(NAME, State.OK, said)
