"""Reads what is behind an Azure datasource, and compares it."""

import os
from datetime import datetime

from lightly_policies.sas import PERMISSIONS

from lightly_access.audit.looked import Looked
from lightly_access.audit.registered import Registered
from lightly_access.kinds.azure.audit.compare import findings
from lightly_access.kinds.azure.audit.reading import Reader


def look(source: Registered, now: datetime) -> Looked:
    """The SAS token and its stored access policy."""
    facts = Reader(os.environ).facts(source)
    wanted = {"permissions": PERMISSIONS[source.purpose]}
    no_resource = "a SAS token is no resource of Azure's"
    return Looked(tuple(findings(source, facts, now)), facts.unreadable, (), wanted, no_resource)
