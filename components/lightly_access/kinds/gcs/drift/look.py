"""Reads what there is of an access in Google Cloud, with the login that deploys it, and compares it."""

from lightly_access.audit.finding import Unreadable
from lightly_access.audit.registered import Registered
from lightly_access.doctor.stack import ClosedSecretError, Stack
from lightly_access.drift.deployed import DeployedAccess
from lightly_access.drift.drift import Drift
from lightly_access.kinds.gcs.drift.compare import ACCOUNT, differences, open_before, role_of
from lightly_access.kinds.gcs.drift.reading import AccessReading
from lightly_access.kinds.gcs.rest import READ_ONLY, Rest
from lightly_access.kinds.gcs.stack_login import login_of
from lightly_access.once import Once


def look(deployed: DeployedAccess, stack: Stack, owner: str | None, once: Once) -> Drift:
    """Nothing is changed."""
    accounts = deployed.own(ACCOUNT)
    if not accounts:
        return Drift()
    try:
        rest = once(("gcs", owner), lambda: Rest(stack.environ, READ_ONLY, login_of(stack, owner)))
    except ClosedSecretError as closed:
        return Drift(unreadable=(Unreadable("anything of Google Cloud", "a login", str(closed)),))
    project, role = accounts[0].text("project"), role_of(deployed)
    values = {"projectId": project}
    registered = Registered(
        deployed.purpose, deployed.kind, deployed.access, deployed.path, deployed.location, values=values
    )
    reading = AccessReading(rest, registered)
    facts = reading.facts(accounts[0].text("email"), project, role.text("name") if role else "")
    found = list(differences(deployed, facts))
    notes = tuple(each for each in found if open_before(deployed, each))
    return Drift(tuple(each for each in found if each not in notes), notes, facts.unreadable)
