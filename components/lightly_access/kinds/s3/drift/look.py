"""Reads what there is of an access in AWS, with the login that deploys it, and compares it with what was deployed."""

from lightly_access.audit.finding import Unreadable
from lightly_access.audit.registered import Registered
from lightly_access.doctor.finding import NotReachedError
from lightly_access.doctor.stack import Stack
from lightly_access.drift.deployed import DeployedAccess
from lightly_access.drift.drift import Drift
from lightly_access.kinds.s3.audit.external_id import account_of
from lightly_access.kinds.s3.clients import AwsClients
from lightly_access.kinds.s3.drift.compare import GROUP, ROLE, USER, differences, open_before
from lightly_access.kinds.s3.drift.facts import AccessFacts
from lightly_access.kinds.s3.drift.reading import AccessReading
from lightly_access.kinds.s3.session import RefusedError, logged_in
from lightly_access.once import Once

_WHAT, _LOGIN = "anything of AWS", "a login, such as `aws sso login` or AWS_PROFILE"


def look(deployed: DeployedAccess, stack: Stack, owner: str | None, once: Once) -> Drift:
    """Nothing is changed."""
    try:
        clients = once(("s3", owner), lambda: AwsClients(logged_in(stack, owner, [])))
    except RefusedError as refused:
        return _unread(_LOGIN, refused.said)
    except NotReachedError as silent:
        return _unread("", str(silent))
    owners = [*deployed.own(ROLE), *deployed.own(USER)]
    registered = Registered(deployed.purpose, deployed.kind, deployed.access, deployed.path, deployed.location)
    reading = AccessReading(clients, registered)
    facts = _facts(reading, deployed, account_of(owners[0].text("arn"))) if owners else AccessFacts()
    found = list(differences(deployed, facts)) if owners else []
    notes = tuple(each for each in found if open_before(deployed, each))
    return Drift(tuple(each for each in found if each not in notes), notes, facts.unreadable)


def _facts(reading: AccessReading, deployed: DeployedAccess, account: str) -> AccessFacts:
    """Those of the role or user. Of another account nothing is read: what is not there may be here."""
    mine = reading.account
    if mine is None:
        return reading.nothing()
    if mine != account:
        reason = f"the login is one of account {mine}"
        return AccessFacts(unreadable=(Unreadable(f"anything of AWS account {account}", "a login there", reason),))
    if role := deployed.named(ROLE):
        return reading.of_role(role)
    return reading.of_user(deployed.named(USER), deployed.named(GROUP))


def _unread(needs: str, reason: str) -> Drift:
    return Drift(unreadable=(Unreadable(_WHAT, needs, reason),))
