"""An examination as JSON values.

    {"ok": false, "findings": [
        {"name": "token", "state": "bad", "said": "could not list the datasets: ...", "fix": "the token was ..."}]}

`state` is ok, warning, bad or unknown; `ok` is false when one is bad or unknown. `fix` is null where nothing has to be
done. `name` is stable: python, packages, pulumi, plugins, provider, manifest, proxy, TLS, token, deployment, clock,
network, and of a cloud `aws`, `gcp`, `azure` or `accounts.<name>`, followed by login, permissions or region.
"""

from typing import Any

from lightly_access.doctor.finding import Examination


def as_json(found: Examination) -> dict[str, Any]:
    """The document."""
    return {
        "ok": found.ok,
        "findings": [
            {"name": each.name, "state": each.state.value, "said": each.said, "fix": each.fix}
            for each in found.findings
        ],
    }
