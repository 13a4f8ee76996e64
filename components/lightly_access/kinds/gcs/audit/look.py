"""Reads what is behind a datasource of Google Cloud, and compares it."""

import json
import os
from datetime import datetime

from lightly_policies.render_gcs import gcs_role

from lightly_access.audit.looked import Looked
from lightly_access.audit.registered import Registered
from lightly_access.kinds.gcs.audit.compare import findings
from lightly_access.kinds.gcs.audit.imports import imports
from lightly_access.kinds.gcs.audit.reading import Reader


def look(dataset: str, source: Registered, now: datetime) -> Looked:
    """The service account, its bindings and keys."""
    facts = Reader(os.environ).facts(source)
    specs = tuple(imports(dataset, source, facts))
    wanted = {"role": json.loads(gcs_role(source.purpose))}
    return Looked(tuple(findings(source, facts, now)), facts.unreadable, specs, wanted)
