"""`lightly-access audit --json`: what was found as JSON values.

    {"ok": false,
     "dataset": {"id": "...", "name": "farm-animals", "type": "images"},
     "findings": [
       {"severity": "critical", "rule": "no-external-id", "purpose": "INPUT", "what": "...", "where": "...",
        "why": "...",
        "fix": "...", "tried": ["read a file of another bucket, ..."], "source": "https://..."}],
     "unread": [{"what": "role acme", "needs": "iam:GetRole", "reason": "AccessDenied", "purpose": "INPUT"}],
     "datasources": [
       {"purpose": "INPUT", "kind": "s3", "access": "delegated", "path": "s3://acme-datalake/cows/",
        "identity": "arn:aws:iam::123456789012:role/acme", "target": {"grant": {...}}}],
     "manifest": {"text": "  lightly-access:stores: ...", "secrets": {"lightly-keys:cows-input": "the external ID"}},
     "import": {"resources": [...]},
     "not_imported": [{"purpose": "INPUT", "reason": "..."}]}

Findings come the worst first; `severity` is `critical`, `high`, `medium` or `low`; `purpose` may name both. `ok` is
true when nothing was found and everything could be read. `import` is null when there is nothing to import. No secret is
in it. With an error of Lightly's, or without the dataset, it is {"ok": false, "error": "..."}.
"""

from dataclasses import asdict
from typing import Any

from lightly_access.audit.survey import Discovery


def as_json(found: Discovery) -> dict[str, Any]:
    """The document of one dataset."""
    known, lines = found.known, found.lines
    return {
        "ok": found.ok,
        "dataset": {"id": known.id, "name": known.name, "type": known.type},
        "findings": [{**asdict(finding), "severity": str(finding.severity)} for finding in found.findings],
        "unread": [asdict(missing) for missing in found.unreadable],
        "datasources": [
            {
                "purpose": str(purpose),
                "kind": source.kind,
                "access": source.access,
                "path": source.path,
                "identity": source.identity,
                "target": dict(found.looked[purpose].target),
            }
            for purpose, source in known.datasources.items()
        ],
        "manifest": {"text": lines.text, "secrets": dict(lines.secrets)},
        "import": found.import_file,
        "not_imported": [{"purpose": str(purpose), "reason": reason} for purpose, reason in found.not_imported],
    }
