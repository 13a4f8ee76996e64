"""Sentences that several kinds of store share."""

from typing import TYPE_CHECKING

from lightly_core.capability import Purpose

if TYPE_CHECKING:
    from lightly_access.deployed.stack import Credential
    from lightly_access.tables.datasource import Datasource

DOES = {Purpose.INPUT: "lists and reads", Purpose.LIGHTLY: "lists, reads, writes and deletes"}
"""What somebody does who has a credential of this purpose."""


def until_replaced(source: "Datasource", what: str) -> str:
    """How long a credential lives that deployments replace period by period."""
    return f"until the {what} is replaced: the first deployment in {period(source)} does that; without one it lives on"


def period(source: "Datasource") -> str:
    """`every 90 days (counted from 2026-01-01)`."""
    days = "day" if source.rotate_after == 1 else f"{source.rotate_after} days"
    return f"every {days} (counted from {source.rotate_anchor.isoformat()})"


def until_due(credential: "Credential", what: str) -> str:
    """The same of one that is deployed, as far as its deployment says."""
    day = f", which a deployment does from {credential.due} on" if credential.due else ""
    if credential.ends:
        return f"until {credential.ends:%Y-%m-%d %H:%M} UTC, when it ends by itself; before that it is replaced{day}"
    if credential.due:
        return f"until the {what} is replaced{day}; without one it lives on"
    return f"as long as the {what} stands: no deployment replaces it"


def does(purpose: Purpose, *, hardened: bool = False) -> str:
    """What somebody does who has a credential of this purpose, and from where."""
    if hardened:
        inside = "from your network; from elsewhere only lists it"
        return f"{DOES[purpose]} everything inside the path {inside}"
    return f"{DOES[purpose]} everything inside the path, from anywhere"


def if_leaked(purpose: Purpose, what: str, *, hardened: bool = False) -> str:
    """What somebody reaches who has a credential that deployments replace."""
    can = does(purpose, hardened=hardened)
    return f"whoever has the {what} {can}, until it is replaced; rotate_now replaces it at once"


PREFIX_NOTE = "listing the path without its last / also shows names beside it that start alike, not their content"
"""True wherever listing is bound to the prefixes `p`, `p/` and `p/...`."""
