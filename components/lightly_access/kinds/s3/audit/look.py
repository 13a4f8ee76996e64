"""Reads what is behind an S3 datasource, and compares it."""

import json
from datetime import datetime

from lightly_policies.rendering import UnrenderableDocumentError

from lightly_access.audit.looked import Looked
from lightly_access.audit.registered import Registered
from lightly_access.kinds.s3.audit.compare import findings
from lightly_access.kinds.s3.audit.grant import target
from lightly_access.kinds.s3.audit.imports import imports, obstacle
from lightly_access.kinds.s3.audit.reading import Reader


def look(dataset: str, source: Registered, now: datetime) -> Looked:
    """The role or user, its documents, and the policies of bucket and key."""
    facts = Reader().facts(source)
    try:
        document = {"grant": json.loads(target(source))}
    except UnrenderableDocumentError:
        document = {}
    found = tuple(findings(source, facts, dataset, now))
    if facts.holder is None or not facts.complete:
        return Looked(found, facts.unreadable, (), document, "not all about it could be read")
    specs = tuple(imports(dataset, source, facts.holder))
    return Looked(found, facts.unreadable, specs, document, obstacle(facts.holder) or "")
